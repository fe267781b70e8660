// Medians with their uncertainty.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace faultline {

// Fewer undisturbed repetitions than this decide nothing.
inline constexpr std::uint64_t kFewestForVerdict = 3;

// The middle of sorted values; the mean of the two middle ones if their number is even. REQUIRES:
// not empty.
double Median(std::vector<double> values);

struct Estimate {
  double median = 0;
  double low = 0;  // bounds of the 95 % interval
  double high = 0;
};

// The median with its percentile-bootstrap 95 % interval (Efron, "Bootstrap Methods", 1979), from
// 2,000 resamples with a fixed seed: the same values always give the same interval. Nothing for no
// value; low = high for one.
std::optional<Estimate> EstimateMedian(std::span<const double> values);

// median(numerator) / median(denominator), both resampled independently. Nothing if one is empty,
// or a median of the denominator is 0.
std::optional<Estimate> EstimateRatio(std::span<const double> numerator,
                                      std::span<const double> denominator);

}  // namespace faultline
