#include "harness/decide/run_comparison.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

struct TimeMetric {
  const char* name;
  std::optional<double> LoadedRepetition::*figure;
};

constexpr TimeMetric kTimeMetrics[] = {{"accepted", &LoadedRepetition::accepted_ns},
                                       {"durable", &LoadedRepetition::durable_ns},
                                       {"steady", &LoadedRepetition::steady_ns}};

// What strategies differ in by design, and a change of the program may change.
constexpr const char* kShownCounts[] = {
    "minor_faults",      "major_faults",       "read_calls",           "write_calls",
    "asked_read_bytes",  "asked_write_bytes",  "read_bytes",           "write_bytes",
    "device_read_bytes", "device_write_bytes", "device_read_requests", "device_write_requests"};

bool IsMetric(const CompareOptions& options, std::string_view name) {
  return std::find(options.metrics.begin(), options.metrics.end(), name) != options.metrics.end();
}

void CheckMetrics(const LoadedRun& before, const LoadedRun& after, const CompareOptions& options) {
  std::vector<std::string> known;
  for (const TimeMetric& metric : kTimeMetrics) known.emplace_back(metric.name);
  for (const auto& [name, unit] : before.count_units) {
    if (after.count_units.contains(name)) known.push_back(name);
  }
  for (const std::string& metric : options.metrics) {
    if (std::find(known.begin(), known.end(), metric) != known.end()) continue;
    const std::string nearest = NearestName(metric, known);
    throw UsageError(Concat("unknown metric '", metric, "'; ",
                            nearest.empty() ? Concat("both runs have ", Join(known, ", "))
                                            : Concat("did you mean '", nearest, "'?")));
  }
}

// Nothing if some repetition lacks it, or there is none.
std::optional<CountRange> RangeOf(const LoadedTrial& trial, const std::string& counter) {
  std::optional<CountRange> range;
  for (const LoadedRepetition* repetition : trial.Good()) {
    const auto found = repetition->counts.find(counter);
    if (found == repetition->counts.end()) return std::nullopt;
    const std::uint64_t count = found->second;
    if (!range) range = {count, count};
    range->least = std::min(range->least, count);
    range->most = std::max(range->most, count);
  }
  return range;
}

CountChange::Kind KindOf(const CountRange& before, const CountRange& after) {
  if (after.least > before.most) return CountChange::Kind::kMore;
  if (after.most < before.least) return CountChange::Kind::kFewer;
  return before.exact() && after.exact() ? CountChange::Kind::kSame : CountChange::Kind::kVaries;
}

Change VerdictOf(const CountChange& count, double tolerance) {
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  if (count.kind == CountChange::Kind::kMore &&
      number(count.after.least) > number(count.before.most) * (1 + tolerance)) {
    return Change::kWorse;
  }
  if (count.kind == CountChange::Kind::kFewer &&
      number(count.after.most) * (1 + tolerance) < number(count.before.least)) {
    return Change::kBetter;
  }
  return Change::kWithinNoise;
}

std::optional<CountChange> CompareCounts(const LoadedTrial& before, const LoadedTrial& after,
                                         const std::string& counter, const std::string& unit) {
  const auto first = RangeOf(before, counter);
  const auto second = RangeOf(after, counter);
  if (!first || !second) return std::nullopt;
  return CountChange{.counter = counter,
                     .unit = unit,
                     .before = *first,
                     .after = *second,
                     .kind = KindOf(*first, *second),
                     .change = std::nullopt};
}

std::vector<CountChange> AllCounts(const LoadedTrial& before, const LoadedTrial& after,
                                   const std::map<std::string, std::string>& units,
                                   const CompareOptions& options) {
  std::vector<std::string> names(std::begin(kShownCounts), std::end(kShownCounts));
  for (const std::string& metric : options.metrics) {
    if (units.contains(metric) && std::find(names.begin(), names.end(), metric) == names.end()) {
      names.push_back(metric);
    }
  }
  std::vector<CountChange> counts;
  for (const std::string& name : names) {
    const auto unit = units.find(name);
    if (unit == units.end()) continue;
    auto count = CompareCounts(before, after, name, unit->second);
    if (!count) continue;
    if (IsMetric(options, name)) count->change = VerdictOf(*count, options.tolerance);
    counts.push_back(std::move(*count));
  }
  return counts;
}

// Why a side has no figure at all, where it says so itself.
std::string WhyUnmeasured(const LoadedTrial& trial) {
  if (trial.open_load()) return std::string(kOpenLoadIsNoCost);
  if (trial.Count(Status::kUnsupported) > 0) {
    return "unsupported: " + trial.ErrorOf(Status::kUnsupported);
  }
  return trial.ErrorOf(Status::kCutOff);
}

TrialComparison CompareTrials(const LoadedTrial& before, const LoadedTrial& after,
                              const std::map<std::string, std::string>& units, double allowed,
                              const CompareOptions& options) {
  TrialComparison result{.id = before.id,
                         .differences = TrialDifferences(before, after),
                         .problem_before = before.Problem(),
                         .problem_after = after.Problem(),
                         .stores = before.stores(),
                         .times = {},
                         .counts = {}};
  if (!result.problem_before.empty() || !result.problem_after.empty()) return result;
  for (const TimeMetric& metric : kTimeMetrics) {
    if (!IsMetric(options, metric.name)) continue;
    TimeChange change =
        CompareTimes(before.Values(metric.figure), after.Values(metric.figure), allowed);
    for (const LoadedTrial* side : {&before, &after}) {
      const std::string why = WhyUnmeasured(*side);
      if (change.change == Change::kUndecided && !why.empty()) change.why = why;
    }
    result.times.push_back({metric.name, std::move(change)});
  }
  result.counts = AllCounts(before, after, units, options);
  return result;
}

void AddWarnings(const LoadedRun& before, const LoadedRun& after, double tolerance,
                 RunComparison& result) {
  for (const LoadedRun* run : {&before, &after}) {
    if (!run->complete) {
      result.warnings.push_back(
          Concat(run->name, " is incomplete: it was interrupted, or still goes on"));
    }
  }
  std::vector<std::string> without;
  for (const LoadedRun* run : {&before, &after}) {
    if (!run->noise_factor) without.push_back(run->name);
  }
  if (without.empty()) return;
  result.warnings.push_back(Concat(
      "the noise floor of ", Join(without, " and of "), " is unknown, for want of an A/A pair: ",
      without.size() == 1 ? "the other run's stands for both"
      : tolerance > 0     ? "only the tolerance stands for it"
                          : "better and worse rest on the intervals alone, and nothing can be "
                            "called within noise",
      "; run with --noise-floor on"));
}

// Where even the strategy that does nothing changed, the program or machine around it did.
void AddHarnessWarning(RunComparison& result) {
  for (const TrialComparison& trial : result.trials) {
    if (trial.stores) continue;
    for (const NamedTimeChange& time : trial.times) {
      const Change change = time.change.change;
      if (change != Change::kBetter && change != Change::kWorse) continue;
      result.warnings.push_back(
          Concat("the harness itself (", trial.id, ") got ", ChangeName(change), ", ",
                 FormatSignificant(time.change.ratio->median),
                 " times: short operations changed with it, whatever did it"));
      return;
    }
  }
}

// A gate on a counter that isn't there would always be open.
void AddMissingCounts(const CompareOptions& options,
                      const std::map<std::string, std::string>& units, RunComparison& result) {
  for (const std::string& metric : options.metrics) {
    if (!units.contains(metric)) continue;
    const auto lacking = std::count_if(
        result.trials.begin(), result.trials.end(), [&metric](const TrialComparison& trial) {
          return std::none_of(
              trial.counts.begin(), trial.counts.end(),
              [&metric](const CountChange& count) { return count.counter == metric; });
        });
    if (lacking == 0) continue;
    result.warnings.push_back(Concat(metric, " is not judged in ", lacking, " of ",
                                     result.trials.size(),
                                     " trials: a run has no count of it there"));
  }
}

}  // namespace

std::uint64_t RunComparison::Count(Change change) const {
  std::uint64_t count = 0;
  for (const TrialComparison& trial : trials) {
    for (const NamedTimeChange& time : trial.times) count += time.change.change == change;
    for (const CountChange& counter : trial.counts) count += counter.change == change;
  }
  return count;
}

std::uint64_t RunComparison::Failed() const {
  return static_cast<std::uint64_t>(
      std::count_if(trials.begin(), trials.end(),
                    [](const TrialComparison& trial) { return !trial.problem_after.empty(); }));
}

RunComparison CompareRuns(const LoadedRun& before, const LoadedRun& after,
                          const CompareOptions& options) {
  CheckMetrics(before, after, options);
  RunComparison result{.before = before.name,
                       .after = after.name,
                       .tolerance = options.tolerance,
                       .allowed = std::max({1 + options.tolerance, before.noise_factor.value_or(1),
                                            after.noise_factor.value_or(1)}),
                       .comparability = CheckComparable(before, after),
                       .warnings = {},
                       .trials = {},
                       .only_before = {},
                       .only_after = {}};
  for (const LoadedTrial& trial : before.trials) {
    const LoadedTrial* other = after.Find(trial.id);
    if (other == nullptr) {
      result.only_before.push_back(trial.id);
      continue;
    }
    result.trials.push_back(
        CompareTrials(trial, *other, after.count_units, result.allowed, options));
  }
  for (const LoadedTrial& trial : after.trials) {
    if (before.Find(trial.id) == nullptr) result.only_after.push_back(trial.id);
  }
  if (result.trials.empty()) {
    throw UsageError(Concat(before.name, " and ", after.name,
                            " have no trial in common; compare two runs of one suite"));
  }
  AddWarnings(before, after, options.tolerance, result);
  AddHarnessWarning(result);
  AddMissingCounts(options, after.count_units, result);
  return result;
}

}  // namespace faultline
