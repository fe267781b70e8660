// Comparisons as JSON (results/README.md).
#pragma once

#include <string>

#include "harness/decide/run_comparison.h"

namespace faultline {

std::string ComparisonJson(const RunComparison& comparison);  // "faultline-comparison/1"

}  // namespace faultline
