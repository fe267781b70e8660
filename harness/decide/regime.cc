#include "harness/decide/regime.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "harness/base/text.h"
#include "harness/record/dataset.h"

namespace faultline {
namespace {

std::string LimitText(const document::Parameters& parameters) {
  return parameters.memory_limit_bytes
             ? fmt::format("memory limit {}", FormatBytes(*parameters.memory_limit_bytes))
             : "no memory limit";
}

std::string PassesText(std::uint64_t passes) {
  return passes == 1 ? "one pass" : CountOf(passes, "pass", "passes");
}

template <class Key>
std::set<Key> ValuesOf(const document::Run& run, Key (*key)(const document::Trial&)) {
  std::set<Key> values;
  for (const document::Trial& trial : run.trials) {
    const bool measured = trial.stores() && !trial.open_load() && !trial.Usable().empty();
    if (measured) values.insert(key(trial));
  }
  return values;
}

}  // namespace

const document::Trial* Regime::Find(std::string_view title) const {
  const auto found = std::find_if(
      trials.begin(), trials.end(),
      [title](const document::Trial* trial) { return trial->strategy.title == title; });
  return found == trials.end() ? nullptr : *found;
}

std::vector<Regime> RegimesOf(const document::Run& run) {
  std::vector<Regime> regimes;
  for (const document::Trial& trial : run.trials) {
    const auto found = std::find_if(regimes.begin(), regimes.end(), [&trial](const Regime& regime) {
      return regime.judged->title == trial.group;
    });
    if (found != regimes.end()) {
      found->trials.push_back(&trial);
      continue;
    }
    const auto judged =
        std::find_if(run.groups.begin(), run.groups.end(),
                     [&trial](const auto& group) { return group.title == trial.group; });
    regimes.push_back({trial.workload.spec, {&trial}, &*judged});
  }
  return regimes;
}

std::string RegimeText(const document::Trial& trial) {
  const document::Parameters& p = trial.parameters;
  const bool replay = !trial.replay().empty();
  return fmt::format(
      "{} of {} bytes ({}), {} in {}{}, {}{}, cache {}, {}",
      CountOf(p.records, replay ? "block" : "record"), FormatCount(p.record_size),
      FormatBytes(p.file_bytes), CountOf(p.operations, "operation"),
      p.passes == 1 ? "" : "each of ", PassesText(p.passes), CountOf(p.threads, "thread"),
      p.processes == 1
          ? std::string()
          : fmt::format(" in each of {}", CountOf(p.processes, "process", "processes")),
      p.cache, LimitText(p));
}

std::string RegimeDifference(const document::Trial& trial, const document::Trial& other) {
  const document::Parameters& p = other.parameters;
  std::vector<std::string> parts;
  const std::map<std::string, std::string> known = trial.parameters.Texts();
  for (const auto& [name, value] : p.Texts()) {
    const auto found = known.find(name);
    if (found != known.end() && found->second == value) continue;
    if (name == "record_size") {
      parts.push_back(fmt::format("records of {} bytes", FormatCount(p.record_size)));
    } else if (name == "records") {
      parts.push_back(CountOf(p.records, "record"));
    } else if (name == "operations") {
      parts.push_back(CountOf(p.operations, "operation"));
    } else if (name == "passes") {
      parts.push_back(PassesText(p.passes));
    } else if (name == "threads") {
      parts.push_back(CountOf(p.threads, "thread"));
    } else if (name == "processes") {
      parts.push_back(CountOf(p.processes, "process", "processes"));
    } else if (name == "memory_limit_bytes") {
      parts.push_back(LimitText(p));
    } else if (name != "file_bytes") {  // follows from the records
      parts.push_back(fmt::format("{} {}", name, value));
    }
  }
  if (parts.empty() && trial.section != other.section) {
    parts.push_back(fmt::format("the section {}", other.section));
  }
  return Join(parts, ", ");
}

std::vector<std::string> NeverVaried(const document::Run& run) {
  std::vector<std::string> never;
  const auto threads = ValuesOf<std::uint64_t>(
      run, [](const document::Trial& trial) { return trial.parameters.threads; });
  const auto sizes = ValuesOf<std::uint64_t>(
      run, [](const document::Trial& trial) { return trial.parameters.record_size; });
  const auto limits = ValuesOf<std::uint64_t>(run, [](const document::Trial& trial) {
    return trial.parameters.memory_limit_bytes.value_or(0);
  });
  const auto caches = ValuesOf<std::string>(
      run, [](const document::Trial& trial) { return trial.parameters.cache; });
  if (threads.size() == 1) {
    never.push_back(fmt::format("numbers of threads other than {}", FormatCount(*threads.begin())));
  }
  if (limits.size() == 1) {
    never.push_back(*limits.begin() == 0
                        ? "memory limits"
                        : fmt::format("memory limits other than {}", FormatBytes(*limits.begin())));
  }
  // The records of a replay are what the trace is cut into.
  const bool replay =
      std::all_of(run.trials.begin(), run.trials.end(),
                  [](const document::Trial& trial) { return !trial.replay().empty(); });
  if (sizes.size() == 1 && !replay) {
    never.push_back(
        fmt::format("records of other sizes than {} bytes", FormatCount(*sizes.begin())));
  }
  std::vector<std::string> absent;
  for (const CacheState state :
       {CacheState::kCold, CacheState::kStreamed, CacheState::kPaged, CacheState::kWritten}) {
    const std::string name(CacheStateName(state));
    if (!caches.contains(name)) absent.push_back(name);
  }
  if (!absent.empty() && !caches.empty()) {
    never.push_back(fmt::format("the cache states {}", Join(absent, ", ")));
  }
  return never;
}

}  // namespace faultline
