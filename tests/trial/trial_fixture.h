// What the tests of harness/trial share: a directory of their own, and small trials in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include "harness/base/text.h"
#include "harness/record/dataset.h"
#include "harness/trial/trial.h"
#include "harness/trial/trial_spec.h"
#include "tests/catch.h"

namespace faultline {

// A fresh directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::random_device random;
    do {
      path_ = std::filesystem::temp_directory_path() /
              Concat("faultline-trial-test-", random(), "-", random());
    } while (!std::filesystem::create_directories(path_));
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

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

// A neighbour on the machine may disturb a repetition; its result is right all the same.
inline void CheckRight(const Measurement& measurement) {
  INFO(StatusName(measurement.status) << ": " << measurement.error);
  CHECK((measurement.status == Status::kOk || measurement.status == Status::kInterference));
  CHECK(measurement.verified.value_or(false));
}

}  // namespace faultline
