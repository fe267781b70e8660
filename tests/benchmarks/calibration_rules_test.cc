// The other tools' rules that the judge is shown beside.
#include "benchmarks/calibration/rules.h"
#include "tests/catch.h"

namespace faultline::calibration {
namespace {

double Probability(const std::vector<double>& first, const std::vector<double>& second) {
  return UTestProbability(first, second);
}

TEST_CASE("the U test is exact for few values") {
  // All of the first below all of the second: 1 of 20 orders of three and three, both sides 2 of
  // 20.
  CHECK(Probability({1, 2, 3}, {4, 5, 6}) == Approx(0.1));
  CHECK(Probability({4, 5, 6}, {1, 2, 3}) == Approx(0.1));
  // U of 1: 2 of 20 orders have at most that.
  CHECK(Probability({1, 2, 4}, {3, 5, 6}) == Approx(0.2));
  // Six and six apart: 2 of 924.
  CHECK(Probability({1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}) == Approx(2.0 / 924));
  CHECK(Probability({1, 4}, {2, 3}) == Approx(1));
}

TEST_CASE("the U test of many values is the normal approximation") {
  std::vector<double> first;
  std::vector<double> second;
  for (int i = 0; i < 20; ++i) {
    first.push_back(i);
    second.push_back(i + 10.5);
  }
  // U = 45 of 400: z = (155 - 0.5) / 36.97 = 4.18.
  CHECK(Probability(first, second) == Approx(2.9e-5).epsilon(0.1));
  CHECK(UTestDiffers(first, second));
  CHECK_FALSE(UTestDiffers(first, first));
}

TEST_CASE("deviations are apart where the mean's distance exceeds their sum") {
  const std::vector<double> a = {1, 2, 3};  // 2 ± 1
  CHECK_FALSE(DeviationsApart(a, std::vector<double>{3, 4, 5}));
  CHECK(DeviationsApart(a, std::vector<double>{3.1, 4.1, 5.1}));
  CHECK(DeviationsApart(std::vector<double>{3.1, 4.1, 5.1}, a));
}

TEST_CASE("a bootstrap of three says that the ranges are apart") {
  CHECK(
      BootstrapOfThreeDiffers(std::vector<double>{1, 2, 3, 100}, std::vector<double>{4, 5, 6, 0}));
  CHECK_FALSE(BootstrapOfThreeDiffers(std::vector<double>{1, 2, 5}, std::vector<double>{4, 3, 6}));
}

TEST_CASE("a rate has its exact interval") {
  Rate rate;
  for (int i = 0; i < 10; ++i) rate.Add(i == 0);
  CHECK(rate.Share() == Approx(0.1));
  // Clopper and Pearson's of 1 in 10.
  CHECK(rate.Low() == Approx(0.00253).epsilon(0.01));
  CHECK(rate.High() == Approx(0.4450).epsilon(0.001));
  CHECK(Rate{0, 10}.Low() == 0);
  CHECK(Rate{0, 10}.High() == Approx(0.3085).epsilon(0.001));
  CHECK(Rate{10, 10}.High() == 1);
}

}  // namespace
}  // namespace faultline::calibration
