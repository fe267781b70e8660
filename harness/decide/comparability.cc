#include "harness/decide/comparability.h"

#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "harness/base/text.h"

namespace faultline {
namespace {

// The machine, its storage, and how the program was built: with another of these, times and counts
// say nothing about a change of the program. Everything else may be the change that is looked at.
const std::set<std::string, std::less<>> kMustBeEqual = {"architecture",
                                                         "processor",
                                                         "processors",
                                                         "virtualization",
                                                         "memory_bytes",
                                                         "page_size",
                                                         "file_system",
                                                         "block_size",
                                                         "device",
                                                         "device_model",
                                                         "rotational",
                                                         "build_type",
                                                         "sanitizer",
                                                         "device_physical_block_size",
                                                         "memory_limit_in_force"};

// Differs from run to run and means nothing.
const std::set<std::string, std::less<>> kIgnored = {"free_bytes"};

// What the kernel keeps for itself differs from boot to boot.
bool AboutEqualMemory(const std::string& before, const std::string& after) {
  double first = 0;
  double second = 0;
  std::from_chars(before.data(), before.data() + before.size(), first);
  std::from_chars(after.data(), after.data() + after.size(), second);
  return first > 0 && std::abs(first - second) <= 0.01 * first;
}

std::string Against(const std::string& what, const std::string& before, const std::string& after) {
  return Concat(what, " '", before, "' against '", after, "'");
}

void CompareFacts(const LoadedRun& before, const LoadedRun& after, Comparability& result) {
  std::set<std::string> names;
  for (const LoadedRun* run : {&before, &after}) {
    for (const auto& [name, value] : run->environment) names.insert(name);
  }
  for (const std::string& name : names) {
    const auto first = before.environment.find(name);
    const auto second = after.environment.find(name);
    if (kIgnored.contains(name)) continue;
    if (first == before.environment.end() || second == after.environment.end()) {
      const bool known_before = first != before.environment.end();
      result.notes.push_back(Concat(name, " is known only ", known_before ? "before" : "after",
                                    ": '", (known_before ? first : second)->second, "'"));
    } else if (first->second != second->second) {
      if (name == "memory_bytes" && AboutEqualMemory(first->second, second->second)) continue;
      auto& list = kMustBeEqual.contains(name) ? result.differences : result.notes;
      list.push_back(Against(name, first->second, second->second));
    }
  }
}

void CompareMembers(const std::map<std::string, std::string>& before,
                    const std::map<std::string, std::string>& after,
                    std::vector<std::string>& differences) {
  for (const auto& [name, value] : before) {
    const auto found = after.find(name);
    if (found != after.end() && found->second != value) {
      differences.push_back(Concat(name, " ", value, " against ", found->second));
    }
  }
}

}  // namespace

std::vector<std::string> TrialDifferences(const LoadedTrial& before, const LoadedTrial& after) {
  std::vector<std::string> differences;
  CompareMembers(before.all_parameters, after.all_parameters, differences);
  CompareMembers({{"durability", std::string(DurabilityName(before.durability))},
                  {"strategy", before.strategy},
                  {"workload", before.workload}},
                 {{"durability", std::string(DurabilityName(after.durability))},
                  {"strategy", after.strategy},
                  {"workload", after.workload}},
                 differences);
  return differences;
}

Comparability CheckComparable(const LoadedRun& before, const LoadedRun& after) {
  Comparability result;
  CompareFacts(before, after, result);
  // A difference that all trials share is said once.
  std::map<std::string, std::vector<std::string>> trials_of;
  for (const LoadedTrial& trial : before.trials) {
    const LoadedTrial* other = after.Find(trial.id);
    if (other == nullptr) continue;
    for (const std::string& difference : TrialDifferences(trial, *other)) {
      trials_of[difference].push_back(trial.id);
    }
    std::vector<std::string> settings;
    CompareMembers(trial.effective, other->effective, settings);
    if (!settings.empty()) {
      result.notes.push_back(
          Concat(trial.id, ": other settings in effect: ", Join(settings, ", ")));
    }
  }
  for (const auto& [difference, ids] : trials_of) {
    const std::string others =
        ids.size() == 1 ? ""
                        : Concat(" and ", ids.size() - 1, ids.size() == 2 ? " other" : " others");
    result.differences.push_back(Concat(difference, " (", ids.front(), others, ")"));
  }
  return result;
}

}  // namespace faultline
