#include "harness/verdict/figure_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultline {
namespace {

constexpr int kMostDecimalsForEnds = 3;
constexpr int kMostDecimals = 6;

// Limits are where rounding reaches the next digit.
int DecimalsOf(double least, double median) {
  if (least >= 9.95) return 0;
  if (least >= 1.995) return 1;
  int decimals = 2;
  for (double limit = 0.1995; median > 0 && median < limit && decimals < kMostDecimals;
       limit /= 10) {
    ++decimals;
  }
  return decimals;
}

std::string Factor(double value, int decimals) {
  if (decimals > 0) return FormatReal(value, decimals);
  return FormatCount(static_cast<std::uint64_t>(std::llround(value)));
}

// Whether the ends of an interval say where it lies: on which side of 1, and that it has a width.
bool EndsAreClear(double low, double high, int decimals) {
  const std::string one = FormatReal(1, decimals);
  const std::string low_text = FormatReal(low, decimals);
  const std::string high_text = FormatReal(high, decimals);
  return low_text != high_text && (low_text != one || low == 1) && (high_text != one || high == 1);
}

int DecimalsOf(const verdict::Comparison::Ratio& ratio) {
  const int usual = DecimalsOf(std::min(ratio.median, *ratio.low), ratio.median);
  for (int decimals = usual; decimals <= kMostDecimalsForEnds; ++decimals) {
    if (EndsAreClear(*ratio.low, *ratio.high, decimals)) return decimals;
  }
  return usual;
}

}  // namespace

std::string EstimateText(const Estimate& estimate) {
  const std::string median = FormatSignificant(estimate.median);
  if (estimate.low == estimate.high) return median;
  return fmt::format("{} [{} {}]", median, FormatSignificant(estimate.low),
                     FormatSignificant(estimate.high));
}

std::string FactorText(double factor) { return Factor(factor, DecimalsOf(factor, factor)) + "x"; }

std::string RatioText(const verdict::Comparison::Ratio& ratio) {
  if (!ratio.low || !ratio.high) return FactorText(ratio.median);
  const int decimals = DecimalsOf(ratio);
  return fmt::format("{}x [{} {}]", Factor(ratio.median, decimals), Factor(*ratio.low, decimals),
                     Factor(*ratio.high, decimals));
}

}  // namespace faultline
