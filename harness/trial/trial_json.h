// The JSON of a trial, as it travels between processes and into the run document.
#pragma once

#include <nlohmann/json.hpp>

#include "harness/json/line.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// What of a trial its figures depend on (OptionRole::kRegime): the data file, the operations, who
// executes them, and the state that they begin in.
nlohmann::json RegimeToJson(const TrialSpec& spec);

// That, and how it is measured.
nlohmann::json ParametersToJson(const TrialSpec& spec);

// A directory's name may be any bytes, so it travels as their numbers.
nlohmann::json ToJson(const TrialSpec& spec);
TrialSpec TrialSpecFromJson(const nlohmann::json& json);

}  // namespace faultline
