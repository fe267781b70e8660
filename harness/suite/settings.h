// The options of a trial as text, wherever they come from: the command line, a section of a suite
// file, its head, or the defaults.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/trial_spec.h"

namespace faultline {

// One option, as the help prints it. The key is the long option's name on the command line and the
// key in a suite file.
struct SettingInfo {
  std::string key;
  std::string argument;  // what the help shows behind it
  std::string summary;
  bool repeatable = false;
  std::string default_value = {};
};

// All options that a trial has, in the order of the help.
std::span<const SettingInfo> TrialSettings();

// Values by key; a key that wasn't given is missing.
using Settings = std::map<std::string, std::vector<std::string>, std::less<>>;

// Throws UsageError unless `key` is one of TrialSettings and `value` is one that it takes.
void CheckSetting(std::string_view key, std::string_view value);

// How long a run goes on, and what counts as a difference.
inline constexpr double kDefaultBudgetSeconds = 60;
inline constexpr double kDefaultPrecision = 0.05;

// A trial that is to be repeated.
struct PlannedTrial {
  TrialSpec spec;  // resolved
  // Absent: as many as the judge wants (rounds.h).
  std::optional<std::uint64_t> repetitions;
  // Of the run, the same for all its trials.
  double budget_seconds = kDefaultBudgetSeconds;
  double precision = kDefaultPrecision;  // a share: 0.05 for 5 %
};

// Whether the setting is one of the whole run, so that no section of a suite may have its own.
bool IsOfTheRun(std::string_view key);

// Every strategy with every workload of the settings, where a key's value is that of the first
// layer that has it. Throws UsageError.
std::vector<PlannedTrial> PlanTrials(const std::string& section,
                                     std::span<const Settings* const> layers,
                                     const std::filesystem::path& directory);

}  // namespace faultline
