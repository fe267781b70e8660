// Medians and intervals against worked examples.
#include "harness/verdict/estimate.h"

#include <vector>

#include "tests/catch.h"

namespace faultline {
namespace {

std::optional<Estimate> EstimateOf(const std::vector<double>& values) {
  return EstimateMedian(values);
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

TEST_CASE("below six values low and high are the least and the greatest") {
  const Estimate estimate = EstimateOf({10, 1, 2}).value();
  CHECK(estimate.median == 2);
  CHECK(estimate.low == 1);
  CHECK(estimate.high == 10);
}

TEST_CASE("six to eight values cover with their ends and nine with the second ones") {
  // 2/64 and 2/256 for the ends; 2 * 10/512 = 3.9 % outside the second of nine, 2 * 9/256 = 7 % of
  // eight.
  CHECK(EstimateOf({6, 5, 4, 3, 2, 1}).value().low == 1);
  CHECK(EstimateOf({8, 7, 6, 5, 4, 3, 2, 1}).value().high == 8);
  const Estimate nine = EstimateOf({9, 8, 7, 6, 5, 4, 3, 2, 1}).value();
  CHECK(nine.median == 5);
  CHECK(nine.low == 2);
  CHECK(nine.high == 8);
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
  // Of 100 tosses 39 or fewer are heads in 1.76 %, 40 or fewer in 2.84 %: the 41st stays out.
  CHECK(estimate.low == 39);
  CHECK(estimate.high == 60);
}

}  // namespace
}  // namespace faultline
