// The median of a strategy's own values, with an interval that needs no assumption about them.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace faultline {

// The middle of sorted values; the mean of the two middle ones if their number is even. REQUIRES:
// not empty.
double Median(std::vector<double> values);

struct Estimate {
  double median = 0;
  double low = 0;
  double high = 0;
};

// The median, between two of the values themselves: the closest pair of ranks, as far from either
// end, between which the true median lies with at least 95 % (by the binomial distribution; David
// and Nagaraja, "Order Statistics", 2003, section 7.1). From six values on; of fewer no pair of
// ranks reaches 95 %, and low and high are the least and the greatest: a range, not an interval.
// Nothing for no value.
//
// It says how a strategy's own figure varies. Two of them never decide which strategy is faster:
// that is comparison.h's to say.
std::optional<Estimate> EstimateMedian(std::span<const double> values);

}  // namespace faultline
