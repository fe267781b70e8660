// What the tests of harness/trial share: small trials in a folder of their own.
#pragma once

#include <filesystem>
#include <string>

#include "harness/record/dataset.h"
#include "harness/trial/trial.h"
#include "harness/trial/trial_spec.h"
#include "tests/catch.h"
#include "tests/support/temporary_directory.h"

namespace faultline {

// A trial of one pass over 1,000 records, to be changed and then resolved by RunOnce.
inline TrialSpec SmallTrial(const std::filesystem::path& directory, const std::string& strategy,
                            const std::string& workload) {
  TrialSpec spec;
  spec.strategy = StrategyChoice(strategy);
  spec.workload = WorkloadChoice(workload);
  spec.records = 1000;
  spec.passes = 1;
  spec.directory = directory;
  return spec;
}

inline Measurement RunOnce(const TrialSpec& unresolved) {
  const TrialSpec spec = Resolve(unresolved);
  return RunTrial(spec, Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed));
}

// Interference may mark a repetition; its result is right all the same.
inline void CheckRight(const Measurement& measurement) {
  INFO(StatusName(measurement.status) << ": " << measurement.error);
  CHECK((measurement.status == Status::kOk || measurement.status == Status::kInterference));
  CHECK(measurement.verified.value_or(false));
}

}  // namespace faultline
