// How the judge's figures are written, in tables and sentences alike. Pages write them the same way
// (plots/faultline_plots/text.py).
#pragma once

#include <string>

#include "harness/verdict/comparison.h"
#include "harness/verdict/estimate.h"

namespace faultline {

// "1.23 [1.20 1.30]", each with three significant digits; "1.23" where the interval has no width.
std::string EstimateText(const Estimate& estimate);

// "1.04x", "5.2x", "16x", "1,235x": two decimals below 2, one below 10, else none; below 0.2 as
// many as leave it two digits.
std::string FactorText(double factor);

// "5.2x [4.6 5.9]", all with the decimals of the least; without an interval "5.2x". With up to
// three decimals where an end would otherwise read 1, which it isn't, or both the same: "1.04x
// [1.01 1.07]", but "1.040x [1.003 1.079]".
std::string RatioText(const verdict::Comparison::Ratio& ratio);

}  // namespace faultline
