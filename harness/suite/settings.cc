#include "harness/suite/settings.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "harness/base/text.h"
#include "harness/trial/option_codec.h"
#include "harness/trial/trial_options.h"

namespace faultline {
namespace {

using SettingRows = std::vector<SettingInfo>;

SettingInfo SettingOf(const OptionRow<TrialSpec>& row) {
  return {.key = row.key,
          .argument = row.argument,
          .help = row.help,
          .value = option::Inside(&PlannedTrial::spec, row.value),
          .role = row.role,
          .taken_by = row.taken_by,
          .axis = row.axis,
          .json_name = row.json_name,
          .default_text = row.default_text};
}

// How often and how long trials are made.
SettingRows ScheduleRows() {
  return {
      {.key = "repetitions",
       .argument = "N",
       .help = "repetitions of each trial; fewer than 6 give no verdict (as many as the precision "
               "takes)",
       .value = option::Count(&PlannedTrial::repetitions, 1, 10'000),
       .role = OptionRole::kSchedule,
       .taken_by = {.advise = true, .crossover = true}},
      {.key = "precision",
       .argument = "PERCENT",
       .help = "repeat until each comparison is this precise; smaller differences are ties",
       .value = option::Share(&PlannedTrial::precision, {0.001, 1, "0.1% to 100%"}),
       .role = OptionRole::kRun,
       .taken_by = {.advise = true}},
      {.key = "budget",
       .argument = "SECONDS",
       .help = "time after which no round begins; 6 rounds are always made",
       .value = option::Seconds(&PlannedTrial::budget_seconds),
       .role = OptionRole::kRun,
       .taken_by = {.advise = true}},
      {.key = "noise-floor",
       .help = "measure the first strategy twice, to know the noise",
       .value = option::Flag(&PlannedTrial::noise_floor),
       .role = OptionRole::kSchedule},
  };
}

// The values that count: those of the first layer that has some, or the default of what may be
// given several times. Any other default is in the struct already.
std::vector<std::string> Effective(std::span<const Settings* const> layers,
                                   const SettingInfo& info) {
  for (const Settings* layer : layers) {
    if (const auto found = layer->find(info.key); found != layer->end()) return found->second;
  }
  if (info.default_text.empty()) return {};
  return {info.default_text};
}

void Apply(const SettingInfo& info, std::span<const std::string> values, PlannedTrial& trial) {
  for (const std::string& value : values) {
    info.value.parse(trial, value, fmt::format("--{}", info.key));
  }
}

// What only the strategy's constructor knows of its options, it says. That this build doesn't have
// the strategy is for its trials to say.
void CheckStrategy(std::string_view spec) {
  if (spec == "all") return;
  const StrategyChoice strategy(spec);
  if (strategy.info().unavailable.empty()) strategy.Make();
}

// "all" becomes every strategy that this build has; nothing at all becomes those that don't flush
// on their own, since the others take minutes with a million operations.
std::vector<std::string> Strategies(std::vector<std::string> given) {
  std::vector<std::string> expanded;
  const bool none = given.empty();
  if (none) given.emplace_back("all");
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

std::span<const SettingInfo> TrialSettings() {
  static const SettingRows kSettings = [] {
    SettingRows rows;
    for (const OptionRow<TrialSpec>& row : TrialOptionRows()) rows.push_back(SettingOf(row));
    for (SettingInfo& row : ScheduleRows()) rows.push_back(std::move(row));
    return rows;
  }();
  return kSettings;
}

const SettingInfo& FindSetting(std::string_view key) {
  std::vector<std::string> known;
  for (const SettingInfo& info : TrialSettings()) {
    if (info.key == key) return info;
    known.push_back(info.key);
  }
  throw UsageError(fmt::format("unknown option '{}'; {}", key,
                               Suggestion(key, known, "there are " + Join(known, ", "))));
}

void CheckSetting(std::string_view key, std::string_view value) {
  const SettingInfo& info = FindSetting(key);
  if (key == "strategy") return CheckStrategy(value);
  PlannedTrial scratch;
  info.value.parse(scratch, value, fmt::format("--{}", key));
}

void ApplySettings(const Settings& settings, PlannedTrial& trial) {
  for (const auto& [key, values] : settings) {
    const SettingInfo& info = FindSetting(key);
    if (!info.repeatable()) Apply(info, values, trial);
  }
}

std::vector<PlannedTrial> PlanTrials(const std::string& section,
                                     std::span<const Settings* const> layers,
                                     const std::filesystem::path& directory) {
  PlannedTrial common;
  common.spec.section = section;
  common.spec.directory = directory;
  for (const SettingInfo& info : TrialSettings()) {
    if (!info.repeatable()) Apply(info, Effective(layers, info), common);
  }
  std::vector<PlannedTrial> trials;
  for (const std::string& workload : Effective(layers, FindSetting("workload"))) {
    common.spec.workload = WorkloadChoice(workload);
    bool first = true;
    for (const std::string& strategy : Strategies(Effective(layers, FindSetting("strategy")))) {
      PlannedTrial trial = common;
      trial.spec.strategy = StrategyChoice(strategy);
      trial.spec = Resolve(trial.spec);
      trials.push_back(trial);
      if (std::exchange(first, false) && common.noise_floor) {
        trial.spec.copy = 2;
        trials.push_back(trial);
      }
    }
  }
  return trials;
}

}  // namespace faultline
