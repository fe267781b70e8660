#include "harness/crossover/crossover_document.h"

#include "harness/crossover/crossover_json.h"
#include "harness/report/document_json.h"
#include "harness/trial/trial_json.h"
#include "strategies/strategy.h"

namespace faultline::crossover {

using nlohmann::json;

namespace {

json StrategyJson(const std::string& spec) {
  const std::string name = ParseSpec(spec).name;
  const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(name);
  return {{"name", name}, {"spec", spec}, {"durability", DurabilityName(info.durability)}};
}

json ParametersJson(const TrialSpec& spec) {
  json parameters = RegimeToJson(spec);
  parameters["file_bytes"] = spec.records * spec.record_size;
  parameters["workload"] = spec.workload;
  return parameters;
}

json SamplesJson(const std::vector<Sample>& samples) {
  json repetitions = json::array();
  for (const Sample& sample : samples) {
    json repetition = {{"round", sample.round},
                       {"status", StatusName(sample.status)},
                       {"error", TextToJson(sample.error)}};
    for (const Figure figure : kAllFigures) {
      repetition[std::string(FigureName(figure))] = OptionalToJson(sample.Of(figure));
    }
    repetitions.push_back(std::move(repetition));
  }
  return repetitions;
}

const char* StatusOf(const Arm& arm) {
  if (!arm.why_not.empty() || arm.Count(Status::kUnsupported) > 0) return "unsupported";
  if (arm.failed()) return "failed";
  if (arm.CutOff()) return "cut off";
  if (arm.samples.empty()) return "not run";
  return arm.WithInterference() ? "interference" : "ok";
}

json ComparisonJson(const ArmComparison& one, Figure by) {
  const verdict::Comparison& comparison = one.comparison;
  json ratio = nullptr;
  if (comparison.ratio) {
    ratio = {{"median", comparison.ratio->median},
             {"low", OptionalToJson(comparison.ratio->low)},
             {"high", OptionalToJson(comparison.ratio->high)}};
  }
  return {{"figure", FigureName(by)},
          {"strategy", one.strategy},
          {"baseline", one.baseline},
          {"verdict", verdict::VerdictName(comparison.verdict)},
          {"ratio", std::move(ratio)},
          {"rounds", comparison.rounds},
          {"reason", TextToJson(comparison.reason)}};
}

json ArmJson(const MeasuredPoint& measured, std::size_t index) {
  const Arm& arm = measured.point().arms[index];
  json figures = json::object();
  for (const Figure figure : kAllFigures) {
    figures[std::string(FigureName(figure))] = EstimateToJson(measured.By(figure).costs[index]);
  }
  return {{"strategy", index},
          {"spec", arm.strategy},
          {"status", StatusOf(arm)},
          {"error", TextToJson(arm.Trouble())},
          {"ok", arm.Count(Status::kOk)},
          {"interference", arm.Count(Status::kInterference)},
          {"figures", std::move(figures)},
          {"repetitions", SamplesJson(arm.samples)}};
}

json PointJson(const MeasuredPoint& measured, Figure by) {
  json results = json::array();
  json parameters = nullptr;
  for (std::size_t i = 0; i < measured.point().arms.size(); ++i) {
    const std::optional<TrialSpec>& spec = measured.planned.specs[i];
    if (spec && parameters.is_null()) parameters = ParametersJson(*spec);
    results.push_back(ArmJson(measured, i));
  }
  const Judgement& judgement = measured.By(by);
  const verdict::Ranking& ranking = judgement.ranking;
  json comparisons = json::array();
  for (const ArmComparison& one : judgement.comparisons) {
    comparisons.push_back(ComparisonJson(one, by));
  }
  return {{"x", measured.point().x},
          {"purpose", PurposeName(measured.purpose)},
          {"rounds", measured.point().rounds},
          {"winners", judgement.winners},
          {"inconclusive", TextToJson(judgement.inconclusive)},
          {"ranking",
           {{"order", ranking.order},
            {"best", ranking.best},
            {"inconclusive", ranking.inconclusive},
            {"slower", ranking.slower}}},
          {"comparisons", std::move(comparisons)},
          {"parameters", std::move(parameters)},
          {"results", std::move(results)},
          {"again", SamplesJson(measured.point().again.samples)}};
}

json RowJson(const Study& study, const StudyRow& row) {
  json points = json::array();
  for (const MeasuredPoint& measured : row.points) points.push_back(PointJson(measured, study.by));
  const Found found = study.In(row);
  json ranges = json::array();
  for (const Range& range : found.ranges) {
    ranges.push_back({{"low", range.low},
                      {"high", range.high},
                      {"strategy", range.strategy},
                      {"others", range.others}});
  }
  json crossovers = json::array();
  for (const Crossover& crossover : found.crossovers) {
    crossovers.push_back({{"from", crossover.from},
                          {"to", crossover.to},
                          {"value", crossover.value},
                          {"low", crossover.low},
                          {"high", crossover.high}});
  }
  return {{"y", OptionalToJson(row.y)},
          {"points", std::move(points)},
          {"ranges", std::move(ranges)},
          {"crossovers", std::move(crossovers)}};
}

}  // namespace

json AxisJson(const Axis& axis) {
  static constexpr const char* kKinds[] = {"size", "count", "real"};
  return {{"parameter", axis.parameter},
          {"kind", kKinds[static_cast<int>(axis.kind)]},
          {"low", axis.low},
          {"high", axis.high},
          {"scale", axis.logarithmic ? "log" : "linear"}};
}

std::string CrossoverDocument(const Study& study) {
  json strategies = json::array();
  for (const std::string& spec : study.strategies) strategies.push_back(StrategyJson(spec));
  json rows = json::array();
  for (const StudyRow& row : study.rows) rows.push_back(RowJson(study, row));
  return ToLine({{"schema", "faultline-crossover/2"},
                 {"complete", study.ended == "narrow" || study.ended == "budget"},
                 {"ended", TextToJson(study.ended)},
                 {"beaten_by", study.beaten_by},
                 {"environment", FactsToJson(study.environment)},
                 {"warnings", study.AllWarnings()},
                 {"limit_proofs", LimitProofsToJson(study.limit_proofs)},
                 {"figure", FigureName(study.by)},
                 {"strategies", std::move(strategies)},
                 {"x", AxisJson(study.x)},
                 {"y", study.y ? AxisJson(*study.y) : json(nullptr)},
                 {"regimes", study.Regimes()},
                 {"rows", std::move(rows)}}) +
         "\n";
}

}  // namespace faultline::crossover
