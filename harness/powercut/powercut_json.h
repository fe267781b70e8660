// The text forms in which power cuts travel between processes.
#pragma once

#include <nlohmann/json.hpp>

#include "harness/powercut/powercut.h"

namespace faultline {

nlohmann::json ToJson(const PowerCutSpec& spec);
PowerCutSpec PowerCutSpecFromJson(const nlohmann::json& json);

}  // namespace faultline
