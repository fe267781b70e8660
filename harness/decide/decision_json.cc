#include "harness/decide/decision_json.h"

#include <nlohmann/json.hpp>

#include "harness/decide/need.h"
#include "harness/report/comparisons_json.h"
#include "harness/report/document_json.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

// The object that a run document has for a comparison.
json ComparisonObject(const std::string& group, std::string_view figure,
                      const std::string& strategy, const std::string& baseline,
                      const verdict::Comparison& comparison) {
  verdict::JudgedGroup one;
  one.title = group;
  one.comparisons.push_back({.figure = std::string(figure),
                             .strategy = strategy,
                             .baseline = baseline,
                             .comparison = comparison});
  return ComparisonsToJson({&one, 1}).front();
}

json TimeJson(const TrialComparison& trial, const TimeChange& time) {
  return {{"figure", time.figure},
          {"change", ChangeWord(time.comparison.verdict)},
          {"comparison",
           ComparisonObject(trial.group, time.figure_name, "after", "before", time.comparison)},
          {"before_ns", EstimateToJson(time.before)},
          {"after_ns", EstimateToJson(time.after)},
          {"repetitions_before", time.repetitions_before},
          {"repetitions_after", time.repetitions_after}};
}

json RangeJson(const CountRange& range) { return {range.least, range.most}; }

json CountJson(const CountChange& count) {
  static constexpr const char* kKinds[] = {"same", "more", "fewer", "varies"};
  return {{"counter", count.counter},
          {"unit", count.unit},
          {"before", RangeJson(count.before)},
          {"after", RangeJson(count.after)},
          {"change", kKinds[static_cast<int>(count.kind)]},
          {"verdict", count.verdict ? json(ChangeWord(*count.verdict)) : json(nullptr)},
          {"reason", TextToJson(count.reason)}};
}

json TrialJson(const TrialComparison& trial) {
  json times = json::array();
  for (const TimeChange& time : trial.times) times.push_back(TimeJson(trial, time));
  json counts = json::array();
  for (const CountChange& count : trial.counts) counts.push_back(CountJson(count));
  return {{"id", trial.id},
          {"differences", trial.differences},
          {"problem_before", TextToJson(trial.problem_before)},
          {"problem_after", TextToJson(trial.problem_after)},
          {"times", std::move(times)},
          {"counts", std::move(counts)}};
}

const char* NeedName(Need::Kind kind) {
  switch (kind) {
    case Need::Kind::kOwnFlushes:
      return "own flushes";
    case Need::Kind::kReads:
      return "reads";
    case Need::Kind::kReturned:
      return "returned";
    case Need::Kind::kFlushedAtEnd:
      return "flushed at the end";
    case Need::Kind::kEvery:
      return "durable every";
  }
  return "?";
}

const char* StandingName(Answer::Standing standing) {
  switch (standing) {
    case Answer::Standing::kNone:
      return "none";
    case Answer::Standing::kLeads:
      return "leads";
    case Answer::Standing::kTied:
      return "tied";
    case Answer::Standing::kSlower:
      return "slower";
    case Answer::Standing::kInconclusive:
      return "inconclusive";
    case Answer::Standing::kOtherPromise:
      return "other promise";
    case Answer::Standing::kNotMeasured:
      return "not measured";
  }
  return "?";
}

const char* OutcomeName(Elsewhere::Outcome outcome) {
  switch (outcome) {
    case Elsewhere::Outcome::kHolds:
      return "holds";
    case Elsewhere::Outcome::kFlips:
      return "flips";
    case Elsewhere::Outcome::kInconclusive:
      return "inconclusive";
  }
  return "?";
}

json ReasonsJson(const std::vector<std::pair<std::string, std::string>>& reasons) {
  json array = json::array();
  for (const auto& [strategy, why] : reasons) {
    array.push_back({{"strategy", strategy}, {"why", why}});
  }
  return array;
}

json ContenderJson(const Contender& contender) {
  return {{"strategy", contender.strategy},
          {"ns_per_operation", EstimateToJson(contender.ns)},
          {"peak_resident_bytes", EstimateToJson(contender.peak_bytes)},
          {"limited_peak_bytes", EstimateToJson(contender.limited_peak_bytes)},
          {"device_bytes_written_per_byte_changed", EstimateToJson(contender.written_per_byte)}};
}

json ElsewhereJson(const Elsewhere& elsewhere) {
  return {{"where", elsewhere.where},
          {"outcome", OutcomeName(elsewhere.outcome)},
          {"best", elsewhere.best},
          {"ratio", elsewhere.ahead ? RatioToJson(elsewhere.ahead->ratio) : json(nullptr)}};
}

json AnswerJson(const Answer& answer) {
  json ranked = json::array();
  for (const Contender& contender : answer.ranked) ranked.push_back(ContenderJson(contender));
  json elsewhere = json::array();
  for (const Elsewhere& other : answer.elsewhere) elsewhere.push_back(ElsewhereJson(other));
  const auto of_best = [&answer](const std::string& other,
                                 const std::optional<verdict::Comparison>& comparison) {
    if (!comparison) return json(nullptr);
    return ComparisonObject(answer.group, FigureOf(answer.need), answer.best().strategy, other,
                            *comparison);
  };
  return {{"need", NeedName(answer.need.kind)},
          {"every", answer.need.every == 0 ? json(nullptr) : json(answer.need.every)},
          {"group", answer.group},
          {"regime", answer.regime},
          {"best", answer.advised() ? json(answer.best().strategy) : json(nullptr)},
          {"tied", answer.tied},
          {"runner_up", TextToJson(answer.runner_up)},
          {"inconclusive", ReasonsJson(answer.inconclusive)},
          {"lead", of_best(answer.runner_up, answer.lead)},
          {"baseline", TextToJson(answer.baseline)},
          {"baseline_stands", StandingName(answer.standing)},
          {"baseline_repetitions", answer.baseline_rounds},
          {"gain", of_best(answer.baseline, answer.gain)},
          {"ranked", std::move(ranked)},
          {"elsewhere", std::move(elsewhere)}};
}

json WorkloadJson(const WorkloadAdvice& workload) {
  json answers = json::array();
  for (const Answer& answer : workload.answers) answers.push_back(AnswerJson(answer));
  return {{"workload", workload.workload},
          {"answers", std::move(answers)},
          {"keeps_storage", workload.keeps_storage},
          {"replay", workload.replay.empty() ? json(nullptr) : json(workload.replay)},
          {"left_out", ReasonsJson(workload.left_out)}};
}

}  // namespace

std::string AdviceJson(const Advice& advice) {
  json workloads = json::array();
  for (const WorkloadAdvice& workload : advice.workloads) {
    workloads.push_back(WorkloadJson(workload));
  }
  return ToLine({{"schema", "faultline-advice/2"},
                 {"run", advice.run},
                 {"machine", advice.machine},
                 {"baseline", TextToJson(advice.baseline)},
                 {"baseline_why", TextToJson(advice.baseline_why)},
                 {"judged_anew", advice.judged_anew},
                 {"warnings", advice.warnings},
                 {"workloads", std::move(workloads)},
                 {"not_candidates", ReasonsJson(advice.not_candidates)},
                 {"choices", advice.choices},
                 {"not_tested", advice.not_measured}});
}

std::string ComparisonJson(const RunComparison& comparison) {
  json trials = json::array();
  for (const TrialComparison& trial : comparison.trials) trials.push_back(TrialJson(trial));
  return ToLine({{"schema", "faultline-comparison/2"},
                 {"before", comparison.before},
                 {"after", comparison.after},
                 {"tolerance", comparison.tolerance},
                 {"count_tolerance", comparison.count_tolerance},
                 {"got_worse", comparison.GotWorse()},
                 {"verdicts",
                  {{"worse", comparison.Count(verdict::Verdict::kSlower)},
                   {"better", comparison.Count(verdict::Verdict::kFaster)},
                   {"tied", comparison.Count(verdict::Verdict::kTied)},
                   {"inconclusive", comparison.Count(verdict::Verdict::kInconclusive)},
                   {"failed", comparison.Failed()}}},
                 {"differences", comparison.comparability.differences},
                 {"notes", comparison.comparability.notes},
                 {"warnings", comparison.warnings},
                 {"only_before", comparison.only_before},
                 {"only_after", comparison.only_after},
                 {"trials", std::move(trials)}});
}

}  // namespace faultline
