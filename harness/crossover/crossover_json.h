// What the documents of a crossover share.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/crossover/axis.h"
#include "harness/report/statistics.h"

namespace faultline::crossover {

nlohmann::json EstimateJson(
    const std::optional<Estimate>& estimate);  // {median, low, high} or null
nlohmann::json AxisJson(const Axis& axis);

}  // namespace faultline::crossover
