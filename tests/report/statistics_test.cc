// Medians and intervals against worked examples.
#include "harness/report/statistics.h"

#include <algorithm>

#include "harness/base/random.h"
#include "tests/catch.h"

namespace faultline {
namespace {

std::optional<Estimate> EstimateOf(const std::vector<double>& values) {
  return EstimateMedian(values);
}

std::optional<Estimate> RatioOf(const std::vector<double>& above,
                                const std::vector<double>& below) {
  return EstimateRatio(above, below);
}

TEST_CASE("a median is the middle or the mean of the two middle ones in any order") {
  CHECK(Median({7}) == 7);
  CHECK(Median({9, 1}) == 5);
  CHECK(Median({3, 1, 2}) == 2);
  CHECK(Median({40, 10, 30, 20}) == 25);
  CHECK(Median({5, 5, 1, 9, 5, 2}) == 5);
  CHECK(Median({-1, -3}) == -2);
}

TEST_CASE("no value has no estimate and one value is its own interval") {
  CHECK_FALSE(EstimateOf({}).has_value());
  const Estimate one = EstimateOf({4}).value();
  CHECK(one.median == 4);
  CHECK(one.low == 4);
  CHECK(one.high == 4);
}

TEST_CASE("equal values have no width") {
  const Estimate same = EstimateOf({4, 4, 4, 4}).value();
  CHECK(same.low == 4);
  CHECK(same.high == 4);
}

TEST_CASE("an interval brackets the median and stays within the values") {
  const Estimate estimate = EstimateOf({12, 10, 11, 19, 13, 12, 11}).value();
  CHECK(estimate.median == 12);
  CHECK(estimate.low < 12);
  CHECK(estimate.high > 12);
  CHECK(estimate.low >= 10);
  CHECK(estimate.high <= 19);
}

TEST_CASE("of three values the interval is the least and the greatest") {
  // 7 of 27 resamples have the least value twice or thrice, far more than the 2.5 % cut off.
  const Estimate estimate = EstimateOf({1, 2, 10}).value();
  CHECK(estimate.median == 2);
  CHECK(estimate.low == 1);
  CHECK(estimate.high == 10);
}

TEST_CASE("a rare outlier widens no interval") {
  std::vector<double> values(50, 10);
  values[0] = 1000;
  values[1] = 9;
  const Estimate estimate = EstimateOf(values).value();
  CHECK(estimate.median == 10);
  CHECK(estimate.high == 10);
  CHECK(estimate.low == 10);
}

TEST_CASE("the interval of many values is that of order statistics") {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i);
  const Estimate estimate = EstimateOf(values).value();
  CHECK(estimate.median == 49.5);
  // The 2.5 % points of the binomial distribution of 100 halves are 40 and 60.
  CHECK(estimate.low == Approx(40).margin(3));
  CHECK(estimate.high == Approx(59).margin(3));
}

TEST_CASE("the same values give the same interval") {
  const std::vector<double> values = {5, 3, 8, 1, 9, 2};
  const Estimate first = EstimateOf(values).value();
  const Estimate second = EstimateOf(values).value();
  CHECK(first.low == second.low);
  CHECK(first.high == second.high);
}

TEST_CASE("a ratio is that of the medians with an interval around it") {
  const Estimate exact = RatioOf({30, 30, 30}, {10, 10}).value();
  CHECK(exact.median == 3);
  CHECK(exact.low == 3);
  CHECK(exact.high == 3);
  const Estimate wide = RatioOf({28, 30, 33}, {9, 10, 11}).value();
  CHECK(wide.median == 3);
  CHECK(wide.low < 3);
  CHECK(wide.high > 3);
  CHECK(wide.low >= 28.0 / 11);
  CHECK(wide.high <= 33.0 / 9);
}

TEST_CASE("a ratio to nothing or to zero is absent") {
  CHECK_FALSE(RatioOf({}, {1}).has_value());
  CHECK_FALSE(RatioOf({1}, {}).has_value());
  CHECK_FALSE(RatioOf({1}, {0}).has_value());
  CHECK_FALSE(RatioOf({1}, {0, 5, 5}).has_value());
}

}  // namespace
}  // namespace faultline
