// Made-up runs as they are after loading, for tests of what is concluded from them.
#pragma once

#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "harness/decide/judged_anew.h"
#include "harness/document/run.h"

namespace faultline {

// Of a repetition that has one phase.
inline Counters& CountersOf(document::Repetition& repetition) {
  return repetition.phases[Phase::kFirst].counters;
}

// A repetition without interference, of 1,000 updates that took `ns` each, durably a tenth more.
inline document::Repetition MadeUpRepetition(double ns) {
  document::Repetition repetition;
  repetition.verified = true;
  repetition.accepted_ns = ns;
  repetition.durable_ns = 1.1 * ns;
  repetition.asked.changed_bytes = 1000;
  CountersOf(repetition) = {
      {"minor_faults", 100}, {"device_write_bytes", 4000}, {"peak_resident_bytes", 10 << 20}};
  return repetition;
}

// A repetition in each round, of `ns`.
inline document::Trial MadeUpTrialOf(const std::string& strategy, const std::vector<double>& ns,
                                     const std::string& workload = "random-update") {
  document::Trial trial;
  trial.id = strategy + "/" + workload;
  trial.strategy.spec = strategy;
  trial.strategy.title = strategy;
  trial.workload.name = workload.substr(0, workload.find(':'));
  trial.workload.spec = workload;
  trial.parameters = {.records = 1000,
                      .record_size = 125,
                      .file_bytes = 125000,
                      .operations = 1000,
                      .passes = 2,
                      .threads = 1,
                      .processes = 1,
                      .cache = "paged",
                      .memory_limit_bytes = std::nullopt,
                      .others = {{"seed", std::uint64_t{1}}}};
  for (double value : ns) {
    trial.repetitions.push_back(MadeUpRepetition(value));
    trial.repetitions.back().round = trial.repetitions.size() - 1;
  }
  return trial;
}

// The second of an A/A pair.
inline document::Trial MadeUpTwinOf(const std::string& strategy, const std::vector<double>& ns) {
  document::Trial trial = MadeUpTrialOf(strategy, ns);
  trial.id += "#2";
  trial.strategy.title += "#2";
  return trial;
}

// Each value times `factor`.
inline std::vector<double> Times(double factor, std::vector<double> values) {
  for (double& value : values) value *= factor;
  return values;
}

// Complete, on a known machine, with a group for each workload and cache state, and judged.
inline document::Run MadeUpRun(const std::string& name, std::vector<document::Trial> trials) {
  document::Run run;
  run.name = name;
  run.complete = true;
  run.environment = {{"processor", "Made-up 1"},
                     {"memory_bytes", "8000000000"},
                     {"kernel", "Linux 1"},
                     {"free_bytes", "5"}};
  for (const auto& [counter, unit] :
       {std::pair("minor_faults", ""), std::pair("device_write_bytes", "bytes")}) {
    run.counters[counter] = {.name = counter, .unit = unit, .summary = {}};
  }
  run.trials = std::move(trials);
  for (document::Trial& trial : run.trials) {
    trial.group = fmt::format("{}, cache {}", trial.workload.spec, trial.parameters.cache);
  }
  JudgeAnew(run);
  run.judged_anew = false;
  return run;
}

}  // namespace faultline
