// Made-up runs as they are after loading, for tests of what is concluded from them.
#pragma once

#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/decide/judged_anew.h"
#include "harness/decide/loaded_run.h"

namespace faultline {

// An undisturbed repetition of 1,000 updates that took `ns` each, durably a tenth more.
inline LoadedRepetition MadeUpRepetition(double ns) {
  LoadedRepetition repetition;
  repetition.verified = true;
  repetition.accepted_ns = ns;
  repetition.durable_ns = 1.1 * ns;
  repetition.changed_bytes = 1000;
  repetition.counts = {{"minor_faults", 100}, {"device_write_bytes", 4000}};
  repetition.peak_bytes = 10 << 20;
  return repetition;
}

// A repetition in each round, of `ns`.
inline LoadedTrial MadeUpTrialOf(const std::string& strategy, const std::vector<double>& ns,
                                 const std::string& workload = "random-update") {
  LoadedTrial trial;
  trial.id = strategy + "/" + workload;
  trial.strategy = strategy;
  trial.title = strategy;
  trial.workload = workload;
  trial.parameters = {.records = 1000,
                      .record_size = 125,
                      .file_bytes = 125000,
                      .operations = 1000,
                      .passes = 2,
                      .threads = 1,
                      .processes = 1,
                      .cache = "paged",
                      .memory_limit_bytes = std::nullopt};
  trial.all_parameters = {{"records", "1000"}, {"seed", "1"}, {"threads", "1"}};
  for (double value : ns) {
    trial.repetitions.push_back(MadeUpRepetition(value));
    trial.repetitions.back().round = trial.repetitions.size() - 1;
  }
  return trial;
}

// The second of an A/A pair.
inline LoadedTrial MadeUpTwinOf(const std::string& strategy, const std::vector<double>& ns) {
  LoadedTrial trial = MadeUpTrialOf(strategy, ns);
  trial.id += "#2";
  trial.title += "#2";
  return trial;
}

// Each value times `factor`.
inline std::vector<double> Times(double factor, std::vector<double> values) {
  for (double& value : values) value *= factor;
  return values;
}

// Complete, on a known machine, with a group for each workload and cache state, and judged.
inline LoadedRun MadeUpRun(const std::string& name, std::vector<LoadedTrial> trials) {
  LoadedRun run;
  run.name = name;
  run.complete = true;
  run.environment = {{"processor", "Made-up 1"},
                     {"memory_bytes", "8000000000"},
                     {"kernel", "Linux 1"},
                     {"free_bytes", "5"}};
  run.count_units = {{"minor_faults", ""}, {"device_write_bytes", "bytes"}};
  run.trials = std::move(trials);
  for (LoadedTrial& trial : run.trials) {
    trial.group = Concat(trial.workload, ", cache ", trial.parameters.cache);
  }
  JudgeAnew(run);
  run.judged_anew = false;
  return run;
}

}  // namespace faultline
