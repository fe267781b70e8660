// Medians with their uncertainty.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/verdict/estimate.h"

namespace faultline {

// Fewer undisturbed repetitions than this decide nothing.
inline constexpr std::uint64_t kFewestForVerdict = 3;

// median(numerator) / median(denominator), both resampled independently. Nothing if one is empty,
// or a median of the denominator is 0.
std::optional<Estimate> EstimateRatio(std::span<const double> numerator,
                                      std::span<const double> denominator);

}  // namespace faultline
