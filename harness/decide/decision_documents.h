// Comparisons and advice as documents for tools.
#pragma once

#include "harness/decide/advice.h"
#include "harness/decide/run_comparison.h"
#include "harness/document/advice.h"
#include "harness/document/comparison.h"

namespace faultline {

document::ComparedRuns DocumentOf(const RunComparison& comparison);
document::RunAdvice DocumentOf(const Advice& advice);

}  // namespace faultline
