#include "harness/decide/comparability.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "strategies/registry.h"

namespace faultline {
namespace {

// The machine, its storage, and how the program was built: with another of these, times and counts
// say nothing about a change of the program. Everything else may be the change in question.
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
  return fmt::format("{} '{}' against '{}'", what, before, after);
}

// The facts that a run states.
std::map<std::string, std::string> FactsOf(const document::Run& run) {
  std::map<std::string, std::string> facts;
  for (const auto& [name, value] : run.environment) {
    if (value) facts[name] = *value;
  }
  return facts;
}

// What a trial is of.
std::map<std::string, std::string> PartsOf(const document::Trial& trial) {
  return {{"durability", std::string(DurabilityName(trial.strategy.durability))},
          {"strategy", trial.strategy.spec},
          {"workload", trial.workload.spec}};
}

void CompareFacts(const document::Run& before, const document::Run& after, Comparability& result) {
  const std::map<std::string, std::string> facts_before = FactsOf(before);
  const std::map<std::string, std::string> facts_after = FactsOf(after);
  std::set<std::string> names;
  for (const auto* facts : {&facts_before, &facts_after}) {
    for (const auto& [name, value] : *facts) names.insert(name);
  }
  for (const std::string& name : names) {
    const auto first = facts_before.find(name);
    const auto second = facts_after.find(name);
    if (kIgnored.contains(name)) continue;
    if (first == facts_before.end() || second == facts_after.end()) {
      const bool known_before = first != facts_before.end();
      result.notes.push_back(fmt::format("{} is known only {}: '{}'", name,
                                         known_before ? "before" : "after",
                                         (known_before ? first : second)->second));
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
      differences.push_back(fmt::format("{} {} against {}", name, value, found->second));
    }
  }
}

}  // namespace

std::vector<std::string> TrialDifferences(const document::Trial& before,
                                          const document::Trial& after) {
  std::vector<std::string> differences;
  CompareMembers(before.parameters.Texts(), after.parameters.Texts(), differences);
  CompareMembers(PartsOf(before), PartsOf(after), differences);
  return differences;
}

Comparability CheckComparable(const document::Run& before, const document::Run& after) {
  Comparability result;
  CompareFacts(before, after, result);
  // A difference that all trials share is said once.
  std::map<std::string, std::vector<std::string>> trials_of;
  for (const document::Trial& trial : before.trials) {
    const document::Trial* other = after.Find(trial.id);
    if (other == nullptr) continue;
    for (const std::string& difference : TrialDifferences(trial, *other)) {
      trials_of[difference].push_back(trial.id);
    }
    std::vector<std::string> settings;
    CompareMembers(trial.strategy.effective, other->strategy.effective, settings);
    if (!settings.empty()) {
      result.notes.push_back(
          fmt::format("{}: other settings in effect: {}", trial.id, Join(settings, ", ")));
    }
  }
  for (const auto& [difference, ids] : trials_of) {
    const std::string others =
        ids.size() == 1 ? "" : fmt::format(" and {}", CountOf(ids.size() - 1, "other"));
    result.differences.push_back(fmt::format("{} ({}{})", difference, ids.front(), others));
  }
  return result;
}

}  // namespace faultline
