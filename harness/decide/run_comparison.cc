#include "harness/decide/run_comparison.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/decide/need.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

struct TimeMetric {
  const char* name;
  std::string_view figure;  // its name in the document
};

constexpr TimeMetric kTimeMetrics[] = {
    {"accepted", kAcceptedFigure}, {"durable", kDurableFigure}, {"steady", kSteadyFigure}};

// One repetition shows no variation.
constexpr std::size_t kFewestCounts = 2;

// A margin is above 1: without a tolerance, a tie is as good as impossible.
constexpr double kLeastTolerance = 1e-6;

// Forecasts beyond are no help.
constexpr std::uint64_t kMostForecast = 1000;

// What strategies differ in by design, and a change of the program may change.
constexpr const char* kShownCounts[] = {
    "minor_faults",      "major_faults",       "read_calls",           "write_calls",
    "asked_read_bytes",  "asked_write_bytes",  "read_bytes",           "write_bytes",
    "device_read_bytes", "device_write_bytes", "device_read_requests", "device_write_requests"};

bool IsMetric(const CompareOptions& options, std::string_view name) {
  return std::find(options.metrics.begin(), options.metrics.end(), name) != options.metrics.end();
}

void CheckMetrics(const document::Run& before, const document::Run& after,
                  const CompareOptions& options) {
  std::vector<std::string> known;
  for (const TimeMetric& metric : kTimeMetrics) known.emplace_back(metric.name);
  const std::map<std::string, std::string> units_after = after.CountUnits();
  for (const auto& [name, unit] : before.CountUnits()) {
    if (units_after.contains(name)) known.push_back(name);
  }
  for (const std::string& metric : options.metrics) {
    if (std::find(known.begin(), known.end(), metric) != known.end()) continue;
    throw UsageError(fmt::format("unknown metric '{}'; {}", metric,
                                 Suggestion(metric, known, "both runs have " + Join(known, ", "))));
  }
}

// Nothing if some repetition lacks it, or there is none.
std::optional<CountRange> RangeOf(const document::Trial& trial, const std::string& counter) {
  std::optional<CountRange> range;
  for (const document::Repetition* repetition : trial.Usable()) {
    const CounterValue count = repetition->Total(counter);
    if (!count) return std::nullopt;
    if (!range) range = {*count, *count};
    range->least = std::min(range->least, *count);
    range->most = std::max(range->most, *count);
  }
  return range;
}

CountChange::Kind KindOf(const CountRange& before, const CountRange& after) {
  if (after.least > before.most) return CountChange::Kind::kMore;
  if (after.most < before.least) return CountChange::Kind::kFewer;
  return before.exact() && after.exact() ? CountChange::Kind::kSame : CountChange::Kind::kVaries;
}

verdict::Verdict VerdictOf(const CountChange& count, double tolerance) {
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  if (count.kind == CountChange::Kind::kMore &&
      number(count.after.least) > number(count.before.most) * (1 + tolerance)) {
    return verdict::Verdict::kSlower;
  }
  if (count.kind == CountChange::Kind::kFewer &&
      number(count.after.most) * (1 + tolerance) < number(count.before.least)) {
    return verdict::Verdict::kFaster;
  }
  return verdict::Verdict::kTied;
}

void JudgeCount(const document::Trial& before, const document::Trial& after, double tolerance,
                CountChange& count) {
  const std::size_t first = before.Usable().size();
  const std::size_t second = after.Usable().size();
  if (std::min(first, second) >= kFewestCounts) {
    count.verdict = VerdictOf(count, tolerance);
    return;
  }
  count.verdict = verdict::Verdict::kInconclusive;
  count.reason =
      fmt::format("not enough data: {} before and {} after, {} repetitions needed on each side",
                  first, second, kFewestCounts);
}

std::optional<CountChange> CompareCounts(const document::Trial& before,
                                         const document::Trial& after, const std::string& counter,
                                         const std::string& unit) {
  const auto first = RangeOf(before, counter);
  const auto second = RangeOf(after, counter);
  if (!first || !second) return std::nullopt;
  return CountChange{.counter = counter,
                     .unit = unit,
                     .before = *first,
                     .after = *second,
                     .kind = KindOf(*first, *second),
                     .verdict = std::nullopt,
                     .reason = {}};
}

std::vector<CountChange> AllCounts(const document::Trial& before, const document::Trial& after,
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
    if (IsMetric(options, name)) JudgeCount(before, after, options.count_tolerance, *count);
    counts.push_back(std::move(*count));
  }
  return counts;
}

// Why a side has no figure at all, where it says so itself.
std::string WhyUnmeasured(const document::Trial& trial) {
  if (trial.open_load()) return std::string(kOpenLoadIsNoCost);
  if (trial.Count(Status::kUnsupported) > 0) {
    return "unsupported: " + trial.ErrorOf(Status::kUnsupported);
  }
  return trial.ErrorOf(Status::kCutOff);
}

// Without its verdict, which takes the times of all trials.
TimeChange TimeOf(const document::Trial& before, const document::Trial& after,
                  const TimeMetric& metric) {
  const std::vector<double> first = before.RoundsOf(metric.figure).Costs();
  const std::vector<double> second = after.RoundsOf(metric.figure).Costs();
  return {.figure = metric.name,
          .figure_name = metric.figure,
          .before = EstimateMedian(first),
          .after = EstimateMedian(second),
          .repetitions_before = first.size(),
          .repetitions_after = second.size(),
          .comparison = {}};
}

verdict::Evidence EvidenceOf(const document::Trial& before, const document::Trial& after,
                             std::string_view figure) {
  const verdict::Rounds first = before.RoundsOf(figure);
  const verdict::Rounds second = after.RoundsOf(figure);
  verdict::Evidence evidence = verdict::Unpaired(second.Costs(), first.Costs());
  evidence.with_interference = first.UsesInterference() || second.UsesInterference();
  return evidence;
}

// Why it is inconclusive, in terms of the two sides.
std::string ReasonOf(const document::Trial& before, const document::Trial& after,
                     const TimeChange& time, double tolerance) {
  for (const document::Trial* side : {&before, &after}) {
    if (const std::string why = WhyUnmeasured(*side); !why.empty()) return why;
  }
  const verdict::Comparison& comparison = time.comparison;
  if (std::min(time.repetitions_before, time.repetitions_after) < verdict::kFewestRounds) {
    return fmt::format(
        "not enough data: {} usable before and {} after, {} repetitions needed on each side",
        time.repetitions_before, time.repetitions_after, verdict::kFewestRounds);
  }
  if (!comparison.ratio) return comparison.reason;
  std::string reason = "the interval contains 1";
  if (tolerance > 0) {
    reason += fmt::format(" and reaches beyond the tolerance of {}", FormatPercent(tolerance));
  }
  if (comparison.rounds_needed.value_or(kMostForecast) < kMostForecast) {
    reason += fmt::format("; about {} repetitions on each side would settle it",
                          FormatCount(*comparison.rounds_needed));
  }
  return reason;
}

TrialComparison CompareTrials(const document::Trial& before, const document::Trial& after,
                              const std::map<std::string, std::string>& units,
                              const CompareOptions& options) {
  TrialComparison result{.id = before.id,
                         .group = before.group,
                         .differences = TrialDifferences(before, after),
                         .problem_before = before.Problem(),
                         .problem_after = after.Problem(),
                         .stores = before.stores(),
                         .times = {},
                         .counts = {}};
  if (!result.problem_before.empty() || !result.problem_after.empty()) return result;
  for (const TimeMetric& metric : kTimeMetrics) {
    if (IsMetric(options, metric.name)) result.times.push_back(TimeOf(before, after, metric));
  }
  result.counts = AllCounts(before, after, units, options);
  return result;
}

// All times of all trials are one card: the more is compared, the surer each has to be.
void JudgeTimes(const document::Run& before, const document::Run& after, RunComparison& result) {
  std::vector<verdict::Evidence> card;
  for (const TrialComparison& trial : result.trials) {
    for (const TimeChange& time : trial.times) {
      card.push_back(EvidenceOf(*before.Find(trial.id), *after.Find(trial.id), time.figure_name));
    }
  }
  const std::vector<verdict::Comparison> judged =
      verdict::Judge(card, {.margin = 1 + std::max(result.tolerance, kLeastTolerance)});
  auto next = judged.begin();
  for (TrialComparison& trial : result.trials) {
    for (TimeChange& time : trial.times) {
      time.comparison = *next++;
      if (time.comparison.verdict != verdict::Verdict::kInconclusive) continue;
      time.comparison.reason =
          ReasonOf(*before.Find(trial.id), *after.Find(trial.id), time, result.tolerance);
    }
  }
}

void AddWarnings(const document::Run& before, const document::Run& after, RunComparison& result) {
  for (const document::Run* run : {&before, &after}) {
    if (!run->complete) {
      result.warnings.push_back(
          fmt::format("{} is incomplete: it was interrupted, or still goes on", run->name));
    }
  }
  std::uint64_t with_interference = 0;
  for (const TrialComparison& trial : result.trials) {
    for (const TimeChange& time : trial.times) {
      with_interference += time.comparison.with_interference;
    }
  }
  if (with_interference == 0) return;
  result.warnings.push_back(fmt::format(
      "{} repetitions with interference: fewer than {} had none",
      CountOf(with_interference, "time includes", "times include"), verdict::kFewestRounds));
}

// Where even the strategy that does nothing changed, the program or machine around it did.
void AddHarnessWarning(RunComparison& result) {
  for (const TrialComparison& trial : result.trials) {
    if (trial.stores) continue;
    for (const TimeChange& time : trial.times) {
      const verdict::Verdict verdict = time.comparison.verdict;
      if (verdict != verdict::Verdict::kFaster && verdict != verdict::Verdict::kSlower) continue;
      result.warnings.push_back(fmt::format(
          "the harness itself ({}) got {}, {}: short operations changed with it, whatever did it",
          trial.id, ChangeWord(verdict), FactorText(1 / time.comparison.ratio->median)));
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
    result.warnings.push_back(
        fmt::format("{} is not judged in {} of {} trials: a run has no count of it there", metric,
                    lacking, result.trials.size()));
  }
}

// The run with the clock's times in trials that have these alone in the other one.
document::Run OnClockOf(const document::Run& run, const document::Run& other) {
  document::Run shared = run;
  for (document::Trial& trial : shared.trials) {
    const document::Trial* counterpart = other.Find(trial.id);
    const bool differ = counterpart != nullptr && !counterpart->net_of_waiting;
    if (trial.net_of_waiting && differ) trial.TakeClockTimes();
  }
  return shared;
}

}  // namespace

std::uint64_t RunComparison::Count(verdict::Verdict verdict) const {
  std::uint64_t count = 0;
  for (const TrialComparison& trial : trials) {
    for (const TimeChange& time : trial.times) count += time.comparison.verdict == verdict;
    for (const CountChange& counter : trial.counts) count += counter.verdict == verdict;
  }
  return count;
}

std::uint64_t RunComparison::Failed() const {
  return static_cast<std::uint64_t>(
      std::count_if(trials.begin(), trials.end(),
                    [](const TrialComparison& trial) { return !trial.problem_after.empty(); }));
}

RunComparison CompareRuns(const document::Run& run_before, const document::Run& run_after,
                          const CompareOptions& options) {
  CheckMetrics(run_before, run_after, options);
  const document::Run before = OnClockOf(run_before, run_after);
  const document::Run after = OnClockOf(run_after, run_before);
  RunComparison result{.before = before.name,
                       .after = after.name,
                       .tolerance = options.tolerance,
                       .count_tolerance = options.count_tolerance,
                       .comparability = CheckComparable(before, after),
                       .warnings = {},
                       .trials = {},
                       .only_before = {},
                       .only_after = {}};
  const std::map<std::string, std::string> units = after.CountUnits();
  for (const document::Trial& trial : before.trials) {
    const document::Trial* other = after.Find(trial.id);
    if (other == nullptr) {
      result.only_before.push_back(trial.id);
      continue;
    }
    result.trials.push_back(CompareTrials(trial, *other, units, options));
  }
  for (const document::Trial& trial : after.trials) {
    if (before.Find(trial.id) == nullptr) result.only_after.push_back(trial.id);
  }
  if (result.trials.empty()) {
    throw UsageError(fmt::format("{} and {} have no trial in common; compare two runs of one suite",
                                 before.name, after.name));
  }
  JudgeTimes(before, after, result);
  AddWarnings(before, after, result);
  AddHarnessWarning(result);
  AddMissingCounts(options, units, result);
  return result;
}

}  // namespace faultline
