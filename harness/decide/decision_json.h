// Comparisons and advice as JSON (docs/documents.md).
#pragma once

#include <string>

#include "harness/decide/advice.h"
#include "harness/decide/run_comparison.h"

namespace faultline {

// One line each.
std::string ComparisonJson(const RunComparison& comparison);  // "faultline-comparison/1"
std::string AdviceJson(const Advice& advice);                 // "faultline-advice/1"

}  // namespace faultline
