#include "harness/report/statistics.h"

#include <algorithm>

#include "harness/base/random.h"

namespace faultline {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr std::uint64_t kSeed = 20;

double MedianOfResample(std::span<const double> values, Random& random,
                        std::vector<double>& scratch) {
  scratch.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    scratch.push_back(values[random.Below(values.size())]);
  }
  return Median(scratch);
}

Estimate WithInterval(double median, std::vector<double>& resampled) {
  std::sort(resampled.begin(), resampled.end());
  const std::size_t tail = resampled.size() / 40;  // 2.5 % on either side
  return {median, resampled[tail], resampled[resampled.size() - 1 - tail]};
}

}  // namespace

double Median(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + middle, values.end());
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  return (*std::max_element(values.begin(), values.begin() + middle) + upper) / 2;
}

std::optional<Estimate> EstimateMedian(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  const double median = Median({values.begin(), values.end()});
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*least == *most) return Estimate{median, median, median};
  Random random(kSeed);
  std::vector<double> scratch;
  std::vector<double> medians;
  for (std::size_t i = 0; i < kResamples; ++i) {
    medians.push_back(MedianOfResample(values, random, scratch));
  }
  return WithInterval(median, medians);
}

std::optional<Estimate> EstimateRatio(std::span<const double> numerator,
                                      std::span<const double> denominator) {
  if (numerator.empty() || denominator.empty()) return std::nullopt;
  const double below = Median({denominator.begin(), denominator.end()});
  if (below == 0) return std::nullopt;
  Random random(kSeed);
  std::vector<double> scratch;
  std::vector<double> ratios;
  for (std::size_t i = 0; i < kResamples; ++i) {
    const double above = MedianOfResample(numerator, random, scratch);
    const double divisor = MedianOfResample(denominator, random, scratch);
    if (divisor == 0) return std::nullopt;
    ratios.push_back(above / divisor);
  }
  return WithInterval(Median({numerator.begin(), numerator.end()}) / below, ratios);
}

}  // namespace faultline
