// What the documents of a crossover share.
#pragma once

#include <nlohmann/json.hpp>

#include "harness/crossover/axis.h"

namespace faultline::crossover {

nlohmann::json AxisJson(const Axis& axis);

}  // namespace faultline::crossover
