// Made-up trials and measurements, for tests of what is said about them.
#pragma once

#include <string>

#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

inline TrialSpec MadeUpTrial(const std::string& strategy,
                             const std::string& workload = "random-update") {
  TrialSpec spec;
  spec.record_size = 125;
  spec.strategy = StrategyChoice(strategy);
  spec.workload = WorkloadChoice(workload);
  spec.records = 1000;
  spec.operations = 1000;
  spec.directory = "somewhere";
  return spec;
}

// A whole repetition of 1,000 operations that took `ns` each, durably a tenth more.
inline Measurement MadeUp(double ns, Status status = Status::kOk) {
  Measurement measurement;
  measurement.status = status;
  measurement.verified = true;
  measurement.operations = 1000;
  measurement.steady_operations = 500;
  measurement.asked_read_bytes = 1000;
  measurement.asked_changed_bytes = 500;
  const double seconds = ns * 1000 * 1e-9;
  const double shares[] = {0.2, 0.3, 0.5, 0.1, 0.4};
  for (Phase phase : kPhases) {
    measurement.phases[phase] = {seconds * shares[static_cast<int>(phase)],
                                 {{"minor_faults", 100},
                                  {"major_faults", 0},
                                  {"device_read_bytes", 400},
                                  {"device_write_bytes", 300},
                                  {"peak_resident_bytes", std::uint64_t{16} << 20},
                                  {"cycles", std::nullopt}}};
  }
  if (status == Status::kInterference) measurement.error = "others computed";
  return measurement;
}

// A repetition that ended before its first figure.
inline Measurement MadeUpFailure(const std::string& error, Status status = Status::kFailed) {
  Measurement measurement;
  measurement.status = status;
  measurement.error = error;
  return measurement;
}

}  // namespace faultline
