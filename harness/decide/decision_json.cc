#include "harness/decide/decision_json.h"

#include <nlohmann/json.hpp>

#include "harness/report/document_json.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

json TimeJson(const NamedTimeChange& time) {
  return {{"figure", time.figure},
          {"verdict", ChangeName(time.change.change)},
          {"why", TextToJson(time.change.why)},
          {"ratio", EstimateToJson(time.change.ratio)},
          {"before_ns", EstimateToJson(time.change.before)},
          {"after_ns", EstimateToJson(time.change.after)}};
}

json RangeJson(const CountRange& range) { return {range.least, range.most}; }

json CountJson(const CountChange& count) {
  static constexpr const char* kKinds[] = {"same", "more", "fewer", "varies"};
  return {{"counter", count.counter},
          {"unit", count.unit},
          {"before", RangeJson(count.before)},
          {"after", RangeJson(count.after)},
          {"change", kKinds[static_cast<int>(count.kind)]},
          {"verdict", count.change ? json(ChangeName(*count.change)) : json(nullptr)}};
}

json TrialJson(const TrialComparison& trial) {
  json times = json::array();
  for (const NamedTimeChange& time : trial.times) times.push_back(TimeJson(time));
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

const char* TodayName(Answer::Today today) {
  switch (today) {
    case Answer::Today::kUnnamed:
      return "unnamed";
    case Answer::Today::kBest:
      return "best";
    case Answer::Today::kWithinNoise:
      return "within noise";
    case Answer::Today::kSlower:
      return "slower";
    case Answer::Today::kOtherPromise:
      return "other promise";
    case Answer::Today::kNotJudged:
      return "not judged";
  }
  return "?";
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
          {"flips", elsewhere.flips},
          {"best", elsewhere.best},
          {"ratio", EstimateToJson(elsewhere.ratio)}};
}

json AnswerJson(const Answer& answer) {
  json ranked = json::array();
  for (const Contender& contender : answer.ranked) ranked.push_back(ContenderJson(contender));
  json elsewhere = json::array();
  for (const Elsewhere& other : answer.elsewhere) elsewhere.push_back(ElsewhereJson(other));
  return {{"need", NeedName(answer.need.kind)},
          {"every", answer.need.every == 0 ? json(nullptr) : json(answer.need.every)},
          {"regime", answer.regime},
          {"best", answer.advised() ? json(answer.best().strategy) : json(nullptr)},
          {"tied", answer.tied},
          {"runner_up", TextToJson(answer.runner_up)},
          {"lead", EstimateToJson(answer.lead)},
          {"today", TodayName(answer.today)},
          {"gain", EstimateToJson(answer.gain)},
          {"ranked", std::move(ranked)},
          {"elsewhere", std::move(elsewhere)}};
}

json ReasonsJson(const std::vector<std::pair<std::string, std::string>>& reasons) {
  json array = json::array();
  for (const auto& [strategy, why] : reasons) {
    array.push_back({{"strategy", strategy}, {"why", why}});
  }
  return array;
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
  return ToLine(
      {{"schema", "faultline-advice/1"},
       {"run", advice.run},
       {"machine", advice.machine},
       {"today", TextToJson(advice.today)},
       {"today_why", TextToJson(advice.today_why)},
       {"noise", advice.noise_factor ? NumberToJson(*advice.noise_factor) : json(nullptr)},
       {"warnings", advice.warnings},
       {"workloads", std::move(workloads)},
       {"not_candidates", ReasonsJson(advice.not_candidates)},
       {"choices", advice.choices},
       {"never_varied", advice.not_measured}});
}

std::string ComparisonJson(const RunComparison& comparison) {
  json trials = json::array();
  for (const TrialComparison& trial : comparison.trials) trials.push_back(TrialJson(trial));
  return ToLine({{"schema", "faultline-comparison/1"},
                 {"before", comparison.before},
                 {"after", comparison.after},
                 {"tolerance", comparison.tolerance},
                 {"noise", NumberToJson(comparison.allowed)},
                 {"got_worse", comparison.GotWorse()},
                 {"verdicts",
                  {{"worse", comparison.Count(Change::kWorse)},
                   {"better", comparison.Count(Change::kBetter)},
                   {"within noise", comparison.Count(Change::kWithinNoise)},
                   {"undecided", comparison.Count(Change::kUndecided)},
                   {"failed", comparison.Failed()}}},
                 {"differences", comparison.comparability.differences},
                 {"notes", comparison.comparability.notes},
                 {"warnings", comparison.warnings},
                 {"only_before", comparison.only_before},
                 {"only_after", comparison.only_after},
                 {"trials", std::move(trials)}});
}

}  // namespace faultline
