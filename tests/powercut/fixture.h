// What the tests of harness/powercut share: images of plans, results, and small runs.
#pragma once

#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/powercut/powercut.h"
#include "harness/record/dataset.h"
#include "harness/record/execute.h"
#include "tests/catch.h"
#include "tests/support/hand_made_plan.h"

namespace faultline {

constexpr std::uint64_t kTestSeed = 7;
constexpr Geometry kGeometry{.records = 100, .record_size = 125};

// What the file holds after the operations, in plain memory.
inline std::vector<std::byte> ImageAfter(const Geometry& geometry,
                                         std::span<const Operation> operations) {
  std::vector<std::byte> image(geometry.file_size());
  FillContent(geometry, kTestSeed, 0, image);
  ExecuteInMemory(operations, 0,
                  [&](std::uint64_t offset, std::uint64_t) { return image.data() + offset; });
  return image;
}

// 1,000 records, as many updates, two cuts during the run.
inline PowerCutSpec SmallCut(const std::string& strategy, Instant instant,
                             const std::string& workload = "random-update") {
  PowerCutSpec spec;
  spec.trial.strategy = StrategyChoice(strategy);
  spec.trial.workload = WorkloadChoice(workload);
  spec.trial.records = 1000;
  spec.trial.passes = 1;
  spec.trial.timeout_seconds = 60;
  spec.trial = Resolve(spec.trial);
  spec.instant = instant;
  spec.cuts = 2;
  spec.run_seconds = 0.05;
  return spec;
}

// A row's result with another number in every field.
inline CutResult MadeUpResult() {
  CutResult result;
  CutTally& tally = result.tally;
  tally.cuts = 5;
  tally.updates = 5000;
  tally.acknowledged = 4000;
  tally.survived = 4321;
  tally.acknowledged_missing = 0;
  tally.records = {11, 12, 13, 14, 15, 0};
  tally.straddling_records = 16;
  tally.straddling_torn = 3;
  tally.survival[AgeGroupOf(0.5)] = {100, 99};
  return result;
}

// Whether power can be cut here; says so when it can't.
inline bool CanCutPower() {
  try {
    PowerCutEnvironment(SmallCut("read-write", Instant::kDuring));
    return true;
  } catch (const UnsupportedError& error) {
    WARN("SKIPPED: " << error.what());
    return false;
  }
}

}  // namespace faultline
