// Runs one repetition of a trial: a child process for each worker process, phase by phase, then the
// verification.
#pragma once

#include <optional>
#include <string>

#include "harness/record/dataset.h"
#include "harness/trial/cut_off.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// Runs `spec` (resolved) once, on `dataset`, which is repaired first. A strategy's own storage is
// filled before that and removed after it. Never throws for what goes
// wrong inside: an error, a crash, a hang or a kill of the child becomes the measurement's status
// and error. Leaves no child and no limit. REQUIRES: a single-threaded process.
Measurement RunTrial(const TrialSpec& spec, const Dataset& dataset,
                     const Deadlines& deadlines = {});

// What a memory limit did to a process that read the whole data file under it.
struct LimitProof {
  std::uint64_t limit_bytes = 0;
  std::uint64_t peak_bytes =
      0;  // most that was charged to the process, its share of the page cache included
  bool held = false;
  std::string mechanism;
};

// The control trial of a memory limit. Throws UnsupportedError where limits can't be set.
LimitProof ProveMemoryLimit(const Dataset& dataset, std::uint64_t limit_bytes);

}  // namespace faultline
