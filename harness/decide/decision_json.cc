#include "harness/decide/decision_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

json Number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json TextOrNull(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json EstimateJson(const std::optional<Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {{"median", Number(estimate->median)},
          {"low", Number(estimate->low)},
          {"high", Number(estimate->high)}};
}

json TimeJson(const NamedTimeChange& time) {
  return {{"figure", time.figure},
          {"verdict", ChangeName(time.change.change)},
          {"why", TextOrNull(time.change.why)},
          {"ratio", EstimateJson(time.change.ratio)},
          {"before_ns", EstimateJson(time.change.before)},
          {"after_ns", EstimateJson(time.change.after)}};
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
          {"problem_before", TextOrNull(trial.problem_before)},
          {"problem_after", TextOrNull(trial.problem_after)},
          {"times", std::move(times)},
          {"counts", std::move(counts)}};
}

}  // namespace

std::string ComparisonJson(const RunComparison& comparison) {
  json trials = json::array();
  for (const TrialComparison& trial : comparison.trials) trials.push_back(TrialJson(trial));
  return ToLine({{"schema", "faultline-comparison/1"},
                 {"before", comparison.before},
                 {"after", comparison.after},
                 {"tolerance", comparison.tolerance},
                 {"noise", Number(comparison.allowed)},
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
