#include "harness/suite/settings.h"

#include <algorithm>

#include "harness/base/size.h"
#include "harness/os/system_info.h"
#include "strategies/strategy.h"
#include "workloads/workload.h"

namespace faultline {
namespace {

const std::vector<SettingInfo>& AllSettings() {
  static const std::vector<SettingInfo> kSettings = {
      {"strategy", "SPEC", "strategy, such as mmap-window:size=64KiB; 'all' for every one there is",
       true},
      {"workload", "SPEC", "workload, such as mixed:reads=0.9", true, "random-update"},
      {"records", "N", "records of the data file (1000000, unless the workload wants another)"},
      {"record-size", "SIZE", "bytes of a record (125, unless the workload wants another)"},
      {"operations", "N", "operations of a pass (what the workload wants, mostly one per record)"},
      {"passes", "N", "passes over the plan: the first one and the steady ones", false, "2"},
      {"threads", "N|Nx",
       "threads of each process, each with its share of the records; 2x: twice the processors",
       false, "1"},
      {"processes", "N", "processes, each with its share of the records", false, "1"},
      {"cache", "STATE",
       "page cache before: cold, paged (filled in small pieces, as most programs meet it), "
       "streamed (in large ones) or written",
       false, "paged"},
      {"memory-limit", "SIZE", "memory that a trial may use, its page cache included"},
      {"repetitions", "N",
       "make so many of each trial; fewer than 6 give no verdict (as many as the precision takes)"},
      {"precision", "PERCENT",
       "go on until each comparison is known to so much; smaller differences are ties", false,
       "5%"},
      {"budget", "SECONDS", "begin no further round after so long; 6 rounds are always made", false,
       "60"},
      {"seed", "N", "seed of the data and the plan", false, "1"},
      {"latency", "MODE", "latency of single operations: off, sampled or all", false, "off"},
      {"load", "MODE",
       "closed: operations follow each other; open: each is due at its recorded time, or by --rate",
       false, "closed"},
      {"rate", "N", "operations per second of an open load, of all workers together"},
      {"arrivals", "HOW",
       "how those follow each other: even, at equal distances; poisson, at random ones", false,
       "even"},
      {"timeline", "on|off", "look at device, cache and memory every 100 ms while the passes run",
       false, "off"},
      {"timeout", "SECONDS", "a phase that takes longer counts as hung", false, "300"},
      {"noise-floor", "on|off", "measure the first strategy twice, to know the noise", false,
       "off"},
  };
  return kSettings;
}

const SettingInfo& FindSetting(std::string_view key) {
  std::vector<std::string> known;
  for (const SettingInfo& info : AllSettings()) {
    if (info.key == key) return info;
    known.push_back(info.key);
  }
  const std::string nearest = NearestName(key, known);
  throw UsageError(Concat("unknown option '", key, "'",
                          nearest.empty() ? Concat("; there are ", Join(known, ", "))
                                          : Concat("; did you mean '", nearest, "'?")));
}

// The value that counts, or "" if nobody gives one.
std::vector<std::string> Effective(std::span<const Settings* const> layers, const char* key) {
  for (const Settings* layer : layers) {
    if (const auto found = layer->find(key); found != layer->end()) return found->second;
  }
  const SettingInfo& info = FindSetting(key);
  if (info.default_value.empty()) return {};
  return {info.default_value};
}

// "8", or "4x" for four times the processors that this process may use.
std::uint64_t ParseThreads(std::string_view text, std::string_view what) {
  if (!text.ends_with('x')) return ParseCount(text, what);
  text.remove_suffix(1);
  return CheckedProduct(ParseCount(text, what), os::ProcessorCount(), what);
}

// Puts one setting into the trial. Strategies and workloads are specs and are checked by Resolve.
void Apply(std::string_view key, const std::string& value, PlannedTrial& trial) {
  const std::string what = Concat("--", key);
  TrialSpec& spec = trial.spec;
  auto positive = [&what](std::uint64_t number) {
    if (number == 0) throw UsageError(Concat(what, " takes 1 or more, not 0"));
    return number;
  };
  if (key == "records") {
    spec.records = positive(ParseCount(value, what));
  } else if (key == "record-size") {
    spec.record_size = positive(ParseSize(value, what));
  } else if (key == "operations") {
    spec.operations = positive(ParseCount(value, what));
  } else if (key == "passes") {
    spec.passes = positive(ParseCount(value, what));
  } else if (key == "threads") {
    spec.threads = positive(ParseThreads(value, what));
  } else if (key == "processes") {
    spec.processes = positive(ParseCount(value, what));
  } else if (key == "cache") {
    spec.cache = ParseCacheState(value);
  } else if (key == "memory-limit") {
    spec.memory_limit_bytes = positive(ParseSize(value, what));
  } else if (key == "repetitions") {
    trial.repetitions = positive(ParseCount(value, what));
    if (*trial.repetitions > 10'000) throw UsageError("--repetitions takes at most 10,000");
  } else if (key == "precision") {
    trial.precision = ParseShare(value, what);
    if (!(trial.precision >= 0.001 && trial.precision <= 1)) {
      throw UsageError(Concat("--precision takes 0.1% to 100%, not '", value, "'"));
    }
  } else if (key == "budget") {
    trial.budget_seconds = ParseReal(value, what);
    if (!(trial.budget_seconds > 0 && trial.budget_seconds <= 1e6)) {
      throw UsageError(
          Concat("--budget takes more than 0 and at most 1000000 seconds, not '", value, "'"));
    }
  } else if (key == "seed") {
    spec.seed = ParseCount(value, what);
  } else if (key == "latency") {
    spec.latency = ParseLatencyMode(value);
  } else if (key == "load") {
    spec.load = ParseLoadMode(value);
  } else if (key == "rate") {
    spec.rate = ParseReal(value, what);
    if (!(*spec.rate >= 1e-3 && *spec.rate <= 1e9)) {
      throw UsageError("--rate takes 0.001 to 1000000000 operations per second");
    }
  } else if (key == "arrivals") {
    spec.arrivals = ParseArrivals(value);
  } else if (key == "timeline") {
    spec.timeline = ParseFlag(value, what);
  } else if (key == "timeout") {
    spec.timeout_seconds = ParseReal(value, what);
    if (!(spec.timeout_seconds > 0 && spec.timeout_seconds <= 1e6)) {
      throw UsageError("--timeout takes more than 0 and at most 1000000 seconds");
    }
  } else if (key == "noise-floor") {
    ParseFlag(value, what);
  }
}

// "all" becomes every strategy that this build has; nothing at all becomes those that don't flush
// on their own, since the others take minutes with a million operations.
std::vector<std::string> Strategies(std::vector<std::string> given) {
  std::vector<std::string> expanded;
  const bool none = given.empty();
  if (none) given.push_back("all");
  for (const std::string& spec : given) {
    if (spec != "all") {
      expanded.push_back(spec);
      continue;
    }
    for (const auto& [name, info] : Registry<StrategyInfo>::Instance().Entries()) {
      const bool slow = info.slow || info.durability == Durability::kPeriodic;
      if (info.unavailable.empty() && !(none && slow)) expanded.push_back(name);
    }
  }
  return expanded;
}

}  // namespace

std::span<const SettingInfo> TrialSettings() { return AllSettings(); }

bool IsOfTheRun(std::string_view key) { return key == "budget" || key == "precision"; }

void CheckSetting(std::string_view key, std::string_view value) {
  FindSetting(key);
  if (key == "strategy") {
    if (value != "all") MakeStrategy(value);
  } else if (key == "workload") {
    MakeWorkload(value);
  } else {
    PlannedTrial scratch;
    Apply(key, std::string(value), scratch);
  }
}

std::vector<PlannedTrial> PlanTrials(const std::string& section,
                                     std::span<const Settings* const> layers,
                                     const std::filesystem::path& directory) {
  PlannedTrial common;
  common.spec.section = section;
  common.spec.directory = directory;
  for (const SettingInfo& info : AllSettings()) {
    for (const std::string& value : Effective(layers, info.key.c_str())) {
      Apply(info.key, value, common);
    }
  }
  const bool noise_floor = ParseFlag(Effective(layers, "noise-floor").front(), "--noise-floor");
  std::vector<PlannedTrial> trials;
  for (const std::string& workload : Effective(layers, "workload")) {
    bool first = true;
    for (const std::string& strategy : Strategies(Effective(layers, "strategy"))) {
      PlannedTrial trial = common;
      trial.spec.workload = workload;
      trial.spec.strategy = strategy;
      trial.spec = Resolve(trial.spec);
      trials.push_back(trial);
      if (std::exchange(first, false) && noise_floor) {
        trial.spec.copy = 2;
        trials.push_back(trial);
      }
    }
  }
  return trials;
}

}  // namespace faultline
