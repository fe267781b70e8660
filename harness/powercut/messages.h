// The messages between the processes of power cuts: each is a struct, sent as a line of JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/os/system_info.h"
#include "harness/powercut/powercut.h"
#include "harness/powercut/tally.h"

namespace faultline {

// What the process of a strategy begins with.
struct RunnerRequest {
  TrialSpec trial;
  bool cut = false;        // the run is held where all its cuts can be made
  double run_seconds = 0;  // that it is spread over; 0: as fast as possible
};

nlohmann::json ToJson(const PowerCutSpec& spec);
nlohmann::json ToJson(const RunnerRequest& request);
nlohmann::json ToJson(const CutTally& tally);
nlohmann::json ToJson(const os::Facts& environment);

// Throw UsageError for what is none.
PowerCutSpec PowerCutSpecFromJson(const nlohmann::json& message);
RunnerRequest RunnerRequestFromJson(const nlohmann::json& message);
CutTally CutTallyFromJson(const nlohmann::json& message);
os::Facts FactsFromJson(const nlohmann::json& message);

}  // namespace faultline
