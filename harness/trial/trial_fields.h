// The fields that messages between a trial's processes have in common with documents, listed once
// (harness/json/fields.h). For .cc files.
#pragma once

#include "harness/json/fields.h"
#include "harness/record/dataset.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_json.h"

namespace faultline {

// A trial as a field: fields.As("trial", trial, PackTrial, UnpackTrial).
inline nlohmann::json PackTrial(const TrialSpec& trial) { return ToJson(trial); }
inline TrialSpec UnpackTrial(const nlohmann::json& trial, const JsonPlace&) {
  return TrialSpecFromJson(trial);
}

template <class Fields>
void Describe(Fields& fields, PhaseResult& phase) {
  fields("seconds", phase.seconds);
  fields("counters", phase.counters);
}

}  // namespace faultline
