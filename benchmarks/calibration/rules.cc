#include "benchmarks/calibration/rules.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "harness/base/random.h"

namespace faultline::calibration {
namespace {

double ResampledMedian(std::span<const double> values, Random& random) {
  std::vector<double> drawn;
  for (std::size_t i = 0; i < values.size(); ++i)
    drawn.push_back(values[random.Below(values.size())]);
  return Median(std::move(drawn));
}

struct MeanAndDeviation {
  double mean = 0;
  double deviation = 0;
};

MeanAndDeviation Describe(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  MeanAndDeviation result;
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = count > 1 ? std::sqrt(squares / (count - 1)) : 0;
  return result;
}

// How many of the orders of n and m values have a U of at most `u` (Mann and Whitney's recursion).
double OrdersWithAtMost(std::size_t n, std::size_t m, double u) {
  // counts[i][j][k]: orders of i and j values with U = k.
  const std::size_t most = n * m;
  std::vector<std::vector<std::vector<double>>> counts(
      n + 1, std::vector<std::vector<double>>(m + 1, std::vector<double>(most + 1)));
  for (std::size_t i = 0; i <= n; ++i) {
    for (std::size_t j = 0; j <= m; ++j) {
      if (i == 0 || j == 0) {
        counts[i][j][0] = 1;
        continue;
      }
      for (std::size_t k = 0; k <= most; ++k) {
        counts[i][j][k] = counts[i][j - 1][k] + (k >= j ? counts[i - 1][j][k - j] : 0);
      }
    }
  }
  double sum = 0;
  for (std::size_t k = 0; k <= most && static_cast<double>(k) <= u; ++k) sum += counts[n][m][k];
  return sum;
}

double Binomial(std::size_t n, std::size_t k) {
  double result = 1;
  for (std::size_t i = 1; i <= k; ++i) result = result * double(n - k + i) / double(i);
  return result;
}

}  // namespace

bool BootstrapOfThreeDiffers(std::span<const double> first, std::span<const double> second) {
  constexpr std::size_t kValues = 3;
  constexpr int kResamples = 2000;
  first = first.first(std::min(kValues, first.size()));
  second = second.first(std::min(kValues, second.size()));
  Random random(20);
  std::vector<double> ratios;
  for (int i = 0; i < kResamples; ++i) {
    const double above = ResampledMedian(first, random);
    ratios.push_back(above / ResampledMedian(second, random));
  }
  std::sort(ratios.begin(), ratios.end());
  const std::size_t tail = kResamples / 40;
  return ratios[tail] > 1 || ratios[kResamples - 1 - tail] < 1;
}

bool DeviationsApart(std::span<const double> first, std::span<const double> second) {
  const MeanAndDeviation a = Describe(first);
  const MeanAndDeviation b = Describe(second);
  return std::abs(a.mean - b.mean) > a.deviation + b.deviation;
}

double UTestProbability(std::span<const double> first, std::span<const double> second) {
  const auto n = static_cast<double>(first.size());
  const auto m = static_cast<double>(second.size());
  double u = 0;
  bool ties = false;
  for (const double a : first) {
    for (const double b : second) {
      u += a > b ? 1 : a == b ? 0.5 : 0;
      ties |= a == b;
    }
  }
  const double less = std::min(u, n * m - u);
  if (!ties && first.size() <= 8 && second.size() <= 8) {
    const double orders = Binomial(first.size() + second.size(), first.size());
    return std::min(1.0, 2 * OrdersWithAtMost(first.size(), second.size(), less) / orders);
  }
  const double deviation = std::sqrt(n * m * (n + m + 1) / 12);
  const double z = (std::abs(u - n * m / 2) - 0.5) / deviation;
  return std::min(1.0, 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), z)));
}

bool UTestDiffers(std::span<const double> first, std::span<const double> second) {
  return UTestProbability(first, second) < 0.05;
}

std::vector<Rule> OtherRules() {
  return {{"bootstrap of 3", BootstrapOfThreeDiffers},
          {"mean ± deviation apart", DeviationsApart},
          {"U test", UTestDiffers}};
}

double Rate::Low() const {
  if (hits == 0) return 0;
  const boost::math::beta_distribution<> beta(double(hits), double(tries - hits + 1));
  return boost::math::quantile(beta, 0.025);
}

double Rate::High() const {
  if (hits == tries) return 1;
  const boost::math::beta_distribution<> beta(double(hits + 1), double(tries - hits));
  return boost::math::quantile(beta, 0.975);
}

}  // namespace faultline::calibration
