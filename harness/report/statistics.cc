#include "harness/report/statistics.h"

#include <algorithm>

#include "harness/base/random.h"

namespace faultline {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr std::uint64_t kSeed = 20;

// Draws resamples of some values and finds their medians by counting, not sorting.
class Resampler {
 public:
  // REQUIRES: not empty.
  explicit Resampler(std::span<const double> values)
      : sorted_(values.begin(), values.end()), counts_(values.size()) {
    std::sort(sorted_.begin(), sorted_.end());
    for (const double value : values) {
      const auto place = std::lower_bound(sorted_.begin(), sorted_.end(), value);
      ranks_.push_back(place - sorted_.begin());
    }
  }

  double Median(Random& random) {
    const std::size_t size = ranks_.size();
    std::uint32_t* const counts = counts_.data();
    std::fill_n(counts, size, 0);
    for (std::size_t i = 0; i < size; ++i) ++counts[ranks_[random.Below(size)]];
    std::size_t rank = 0;
    std::size_t seen = counts[0];
    while (seen < (size + 1) / 2) seen += counts[++rank];
    const double lower = sorted_[rank];
    if (size % 2 == 1) return lower;
    while (seen < size / 2 + 1) seen += counts[++rank];
    return (lower + sorted_[rank]) / 2;
  }

 private:
  std::vector<double> sorted_;
  std::vector<std::size_t> ranks_;  // of each value in sorted_; equal ones have the same
  std::vector<std::uint32_t> counts_;
};

Estimate WithInterval(double median, std::vector<double>& resampled) {
  const std::size_t tail = resampled.size() / 40;  // 2.5 % on either side
  const auto low = resampled.begin() + tail;
  const auto high = resampled.end() - 1 - tail;
  std::nth_element(resampled.begin(), low, resampled.end());
  std::nth_element(low + 1, high, resampled.end());
  return {median, *low, *high};
}

}  // namespace

std::optional<Estimate> EstimateRatio(std::span<const double> numerator,
                                      std::span<const double> denominator) {
  if (numerator.empty() || denominator.empty()) return std::nullopt;
  const double below = Median({denominator.begin(), denominator.end()});
  if (below == 0) return std::nullopt;
  Random random(kSeed);
  Resampler above(numerator);
  Resampler under(denominator);
  std::vector<double> ratios(kResamples);
  for (double& ratio : ratios) {
    const double dividend = above.Median(random);
    const double divisor = under.Median(random);
    if (divisor == 0) return std::nullopt;
    ratio = dividend / divisor;
  }
  return WithInterval(Median({numerator.begin(), numerator.end()}) / below, ratios);
}

}  // namespace faultline
