#include "harness/verdict/estimate.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cstddef>

namespace faultline {
namespace {

constexpr double kCoverage = 0.95;

// The number of values to leave out at either end: the most with which the rest still covers.
std::size_t Trimmed(std::size_t count) {
  const boost::math::binomial below(static_cast<double>(count), 0.5);
  std::size_t trimmed = 0;
  while (2 * boost::math::cdf(below, static_cast<double>(trimmed + 1)) <= 1 - kCoverage) ++trimmed;
  return 2 * boost::math::cdf(below, 0.0) <= 1 - kCoverage ? trimmed : 0;
}

}  // namespace

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

std::optional<Estimate> EstimateMedian(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t trimmed = Trimmed(sorted.size());
  return Estimate{Median(sorted), sorted[trimmed], sorted[sorted.size() - 1 - trimmed]};
}

}  // namespace faultline
