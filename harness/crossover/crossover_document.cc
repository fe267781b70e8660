#include "harness/crossover/crossover_document.h"

#include "harness/json/fields.h"
#include "harness/trial/trial_json.h"

namespace faultline::crossover {
namespace {

std::map<std::string, JsonScalar> ParametersOf(const TrialSpec& spec) {
  nlohmann::json parameters = RegimeToJson(spec);
  parameters["file_bytes"] = spec.records * spec.record_size;
  parameters["workload"] = spec.workload.text();
  return FromMessage<std::map<std::string, JsonScalar>>(parameters);
}

std::vector<document::CrossoverRepetition> RepetitionsOf(const std::vector<Sample>& samples) {
  std::vector<document::CrossoverRepetition> repetitions;
  for (const Sample& sample : samples) {
    repetitions.push_back({.round = sample.round,
                           .status = sample.status,
                           .error = sample.error,
                           .accepted_ns = sample.Of(Figure::kAccepted),
                           .durable_ns = sample.Of(Figure::kDurable),
                           .steady_ns = sample.Of(Figure::kSteady)});
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

document::CrossoverResult ResultOf(const MeasuredPoint& measured, std::size_t index) {
  const Arm& arm = measured.point().arms[index];
  document::CrossoverResult result{.strategy = index,
                                   .spec = arm.strategy,
                                   .status = StatusOf(arm),
                                   .error = arm.Trouble(),
                                   .ok = arm.Count(Status::kOk),
                                   .interference = arm.Count(Status::kInterference),
                                   .figures = {},
                                   .repetitions = RepetitionsOf(arm.samples)};
  for (const Figure figure : kAllFigures) {
    result.figures[std::string(FigureName(figure))] = measured.By(figure).costs[index];
  }
  return result;
}

document::CrossoverPoint PointOf(const MeasuredPoint& measured, Figure by) {
  const Judgement& judgement = measured.By(by);
  document::CrossoverPoint point{.x = measured.point().x,
                                 .purpose = std::string(kPurposeNames(measured.purpose)),
                                 .rounds = measured.point().rounds,
                                 .winners = judgement.winners,
                                 .inconclusive = judgement.inconclusive,
                                 .ranking = judgement.ranking,
                                 .comparisons = {},
                                 .parameters = std::nullopt,
                                 .net_of_waiting = false,
                                 .results = {},
                                 .again = RepetitionsOf(measured.point().again.samples)};
  for (const ArmComparison& one : judgement.comparisons) {
    point.comparisons.push_back({.figure = std::string(FigureName(by)),
                                 .strategy = one.strategy,
                                 .baseline = one.baseline,
                                 .comparison = one.comparison});
  }
  for (std::size_t i = 0; i < measured.point().arms.size(); ++i) {
    const std::optional<TrialSpec>& spec = measured.planned.specs[i];
    if (spec && !point.parameters) {
      point.parameters = ParametersOf(*spec);
      point.net_of_waiting = spec->net_of_waiting;
    }
    point.results.push_back(ResultOf(measured, i));
  }
  return point;
}

document::CrossoverRow RowOf(const Study& study, const StudyRow& row) {
  const Found found = study.In(row);
  document::CrossoverRow documented{
      .y = row.y, .points = {}, .ranges = found.ranges, .crossovers = found.crossovers};
  for (const MeasuredPoint& measured : row.points) {
    documented.points.push_back(PointOf(measured, study.by));
  }
  return documented;
}

}  // namespace

document::CrossoverAxis DocumentOf(const Axis& axis) {
  static constexpr const char* kKinds[] = {"size", "count", "real"};
  return {.parameter = axis.parameter,
          .kind = kKinds[static_cast<int>(axis.kind)],
          .low = axis.low,
          .high = axis.high,
          .logarithmic = axis.logarithmic};
}

document::CrossoverStudy DocumentOf(const Study& study) {
  document::CrossoverStudy documented{
      .complete = study.ended == "narrow" || study.ended == "budget",
      .ended = study.ended,
      .beaten_by = study.beaten_by,
      .environment = study.environment,
      .warnings = study.AllWarnings(),
      .limit_proofs = study.limit_proofs,
      .figure = std::string(FigureName(study.by)),
      .strategies = {},
      .x = DocumentOf(study.x),
      .y = std::nullopt,
      .regimes = study.Regimes(),
      .rows = {}};
  if (study.y) documented.y = DocumentOf(*study.y);
  for (const StrategyChoice& strategy : study.strategies) {
    documented.strategies.push_back(document::PromisedStrategyOf(strategy));
  }
  for (const StudyRow& row : study.rows) documented.rows.push_back(RowOf(study, row));
  return documented;
}

}  // namespace faultline::crossover
