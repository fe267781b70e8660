// What two sets of times allow to be said, and no more.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/report/statistics.h"

namespace faultline {

enum class Change { kBetter, kWorse, kWithinNoise, kUndecided };
std::string_view ChangeName(Change change);  // "better", "worse", "within noise", "undecided"

struct TimeChange {
  std::optional<Estimate> before;
  std::optional<Estimate> after;
  std::optional<Estimate> ratio;  // of the medians, after : before, with its 95 % interval
  Change change = Change::kUndecided;
  std::string why;  // it is undecided, or ""
};

// Compares two sets of times, of which less is better. Ratios up to `allowed`, and down to
// 1 / `allowed`, are noise. REQUIRES: allowed >= 1.
//   better, worse    the whole interval of the ratio lies beyond the noise
//   within noise     the whole interval lies inside it
//   undecided        it lies across, or a side has fewer than kFewestForVerdict times
TimeChange CompareTimes(std::span<const double> before, std::span<const double> after,
                        double allowed);

}  // namespace faultline
