#include "harness/suite/trace_run.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/trace/trace_habits.h"
#include "harness/trace/trace_scan.h"
#include "strategies/registry.h"

namespace faultline {
namespace {

std::uint64_t FaultsOf(const TraceScan& scan) {
  return scan.CountOf(EventKind::kFaultRead) + scan.CountOf(EventKind::kFaultWrite);
}

// Bytes that the files had before the program began; all of them where that was not recorded.
std::uint64_t BytesBefore(const TraceScan& scan) {
  std::uint64_t bytes = 0;
  for (std::size_t file = 0; file < scan.files.size(); ++file) {
    bytes += std::min(scan.files[file].size.value_or(scan.extents[file]), scan.extents[file]);
  }
  return bytes;
}

std::uint64_t BytesAfter(const TraceScan& scan) {
  std::uint64_t bytes = 0;
  for (const std::uint64_t extent : scan.extents) bytes += extent;
  return bytes;
}

// Why a run that names no strategies leaves this one out, or "".
std::string WhyNoCandidate(const StrategyInfo& info) {
  if (!info.unavailable.empty()) return info.unavailable;
  if (!info.stores()) return "nothing is stored, so no flush is kept";
  if (info.durability == Durability::kPeriodic)
    return "further flushes, which the program doesn't ask for";
  if (info.slow) return "each operation waits for the device or is a transaction";
  return {};
}

// What a program does whose accesses are calls.
std::string CallingStrategy(const TraceScan& scan) {
  constexpr std::uint64_t kMostDepth = 4096;
  const TraceCounts& counts = scan.end.counts;
  if (2 * counts.direct_transfers <= TransfersOf(scan)) return "read-write";
  const auto& strategies = Registry<StrategyInfo>::Instance().Entries();
  const auto ring = strategies.find("io-uring");
  if (counts.most_in_flight < 2 || ring == strategies.end() || !ring->second.unavailable.empty()) {
    return "direct";
  }
  return fmt::format("io-uring:depth={},direct=on", std::min(counts.most_in_flight, kMostDepth));
}

class Planner {
 public:
  Planner(const Settings& given, Settings chosen, const std::filesystem::path& directory)
      : given_(given), chosen_(std::move(chosen)), directory_(directory) {}

  // Throws UsageError for what a strategy or the trace refuses.
  std::vector<PlannedTrial> Plan(const std::string& strategy) const {
    const Settings one = {{"strategy", {strategy}}};
    const Settings* layers[] = {&one, &given_, &chosen_};
    return PlanTrials("", layers, directory_);
  }

  // Plans it if it can be run, else says why not.
  void PlanIfPossible(const std::string& strategy, TraceRun& run) const {
    std::vector<PlannedTrial> trials;
    std::string why;
    try {
      trials = Plan(strategy);
      why = WhyUnsupported(trials.front().spec);
    } catch (const UsageError& refusal) {
      why = refusal.what();
    }
    if (why.empty()) {
      run.trials.push_back(trials.front());
    } else {
      run.not_candidates.emplace_back(strategy, why);
    }
  }

 private:
  const Settings& given_;
  Settings chosen_;
  const std::filesystem::path& directory_;
};

// The spec "trace:PATH" has no way to say a path with its own separators.
void CheckPath(const std::filesystem::path& trace) {
  if (trace.native().find_first_of(",=") == std::string::npos) return;
  throw UsageError(
      fmt::format("the path '{}' has ',' or '=', which separate a workload's options; rename the "
                  "trace, or name it from the folder that it is in",
                  trace.native()));
}

void CheckGiven(const Settings& given) {
  for (const auto& [key, values] : given) {
    if (FindSetting(key).taken_by.advise) continue;
    throw UsageError(fmt::format(
        "--{} is decided by the trace, or doesn't change the advice; leave it out", key));
  }
}

Settings ChosenSettings(const std::filesystem::path& trace, const TraceScan& scan,
                        const Settings& given, std::vector<std::string>& notes) {
  Settings chosen = {{"workload", {fmt::format("trace:{}", trace.native())}}, {"passes", {"1"}}};
  const std::uint64_t before = BytesBefore(scan);
  const std::uint64_t after = BytesAfter(scan);
  if (before < after / 2 && !given.contains("cache")) {
    chosen["cache"] = {"written"};
    notes.push_back(fmt::format(
        "cache written, since the program wrote most of its files itself: {} before, {} after",
        FormatBytes(before), FormatBytes(after)));
  }
  return chosen;
}

}  // namespace

TraceBaseline BaselineOf(const TraceScan& scan) {
  const std::uint64_t calls = TransfersOf(scan);
  const std::uint64_t faults = FaultsOf(scan);
  const auto share = [&](std::uint64_t count) {
    return fmt::format("{} of its {} accesses are ", FormatCount(count),
                       FormatCount(calls + faults));
  };
  if (faults > calls)
    return {StrategyChoice("mmap-view"), share(faults) + "page faults of mappings"};
  const bool unseen = scan.CountOf(EventKind::kMap) > 0 && !scan.end.faults;
  const std::string how = HowMoved(scan);
  return {StrategyChoice(CallingStrategy(scan)),
          fmt::format("{}calls{}{}{}", share(calls),
                      unseen ? "; those through its mappings were not recorded" : "",
                      how.empty() ? "" : "; ", how)};
}

TraceRun PlanTraceRun(const std::filesystem::path& trace, const std::string& baseline,
                      const Settings& given, const std::filesystem::path& directory) {
  CheckPath(trace);
  CheckGiven(given);
  const std::shared_ptr<const TraceScan> scan = ScanTrace(trace);
  TraceRun run;
  run.baseline = baseline.empty() ? BaselineOf(*scan)
                                  : TraceBaseline{StrategyChoice(baseline), "as --baseline says"};
  const std::string& baseline_spec = run.baseline.strategy.text();
  const Planner planner(given, ChosenSettings(trace, *scan, given, run.notes), directory);
  run.trials = planner.Plan(baseline_spec);
  const auto named = given.find("strategy");
  if (named != given.end() && named->second != std::vector<std::string>{"all"}) {
    for (const std::string& strategy : named->second) {
      if (strategy == baseline_spec) continue;
      const std::vector<PlannedTrial> trials = planner.Plan(strategy);
      run.trials.insert(run.trials.end(), trials.begin(), trials.end());
    }
    return run;
  }
  for (const auto& [name, info] : Registry<StrategyInfo>::Instance().Entries()) {
    if (name == baseline_spec) continue;
    const std::string why = named == given.end() ? WhyNoCandidate(info) : info.unavailable;
    if (why.empty()) {
      planner.PlanIfPossible(name, run);
    } else {
      run.not_candidates.emplace_back(name, why);
    }
  }
  return run;
}

}  // namespace faultline
