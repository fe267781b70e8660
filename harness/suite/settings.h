// The options of `faultline run` as text, wherever they come from: the command line, a section of a
// suite file, its head, or the defaults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/option_row.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// A trial that is to be repeated. Its options are described in settings.cc, a row each; a default
// here is the default of the option.
struct PlannedTrial {
  TrialSpec spec;  // resolved
  // Absent: as many as the judge wants (rounds.h).
  std::optional<std::uint64_t> repetitions;
  // Of the run, the same for all its trials.
  double budget_seconds = 60;
  double precision = 0.05;   // a share: 0.05 for 5 %
  bool noise_floor = false;  // the first strategy of each workload is planned twice
};

// One option: of a trial (harness/trial/trial_options.h), or of how often and how long trials are
// made. The key is the long option's name on the command line and the key in a suite file.
using SettingInfo = OptionRow<PlannedTrial>;

// All of them, in the order of the help.
std::span<const SettingInfo> TrialSettings();

// Throws UsageError with the nearest key for one that isn't there.
const SettingInfo& FindSetting(std::string_view key);

// Values by key; a key that wasn't given is missing.
using Settings = std::map<std::string, std::vector<std::string>, std::less<>>;

// Throws UsageError unless `key` is one of TrialSettings and `value` is one that it takes.
void CheckSetting(std::string_view key, std::string_view value);

// Puts the values into the trial, but for strategies and workloads, of which there may be several.
// Throws UsageError.
void ApplySettings(const Settings& settings, PlannedTrial& trial);

// Every strategy with every workload of the settings, where a key's value is that of the first
// layer that has it. Throws UsageError.
std::vector<PlannedTrial> PlanTrials(const std::string& section,
                                     std::span<const Settings* const> layers,
                                     const std::filesystem::path& directory);

}  // namespace faultline
