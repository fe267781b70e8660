// The latency histogram against exact sorted values.
#include "harness/trial/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/base/random.h"
#include "tests/catch.h"

namespace faultline {
namespace {

// Values of every magnitude, each power of two as often as any other.
std::vector<std::uint64_t> RandomValues(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint64_t> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(random.Next() >> random.Below(64));
  return values;
}

Histogram HistogramOf(const std::vector<std::uint64_t>& values) {
  Histogram histogram;
  for (std::uint64_t value : values) histogram.Record(value);
  return histogram;
}

Histogram::Bin BinOf(std::uint64_t value) {
  Histogram histogram;
  histogram.Record(value);
  const std::vector<Histogram::Bin> bins = histogram.NonEmptyBins();
  REQUIRE(bins.size() == 1);
  REQUIRE(bins[0].count == 1);
  return bins[0];
}

void CheckBin(std::uint64_t value) {
  const Histogram::Bin bin = BinOf(value);
  INFO(value << " in [" << bin.lower << ", " << bin.upper << "]");
  const bool holds = bin.lower <= value && value <= bin.upper;
  const bool narrow = bin.upper - bin.lower <= bin.lower / 32;
  REQUIRE(holds);
  REQUIRE(narrow);
}

TEST_CASE("a bin holds its value and is at most a 32nd of its lower bound wide") {
  for (int exponent = 0; exponent < 64; ++exponent) {
    const std::uint64_t power = std::uint64_t{1} << exponent;
    for (std::uint64_t value : {power - 1, power, power + 1, power + power / 32 - 1,
                                power + power / 32, power + power / 2}) {
      CheckBin(value);
    }
  }
  CheckBin(std::numeric_limits<std::uint64_t>::max());
  for (std::uint64_t value : RandomValues(5000, 1)) CheckBin(value);
}

TEST_CASE("values below 64 have a bin each") {
  for (std::uint64_t value = 0; value < 64; ++value) {
    CHECK(BinOf(value).lower == value);
    CHECK(BinOf(value).upper == value);
  }
}

TEST_CASE("neighbouring bins meet without gap or overlap") {
  std::uint64_t value = 0;
  int bins = 0;
  while (true) {
    const Histogram::Bin bin = BinOf(value);
    REQUIRE(bin.lower == value);
    ++bins;
    if (bin.upper == std::numeric_limits<std::uint64_t>::max()) break;
    value = bin.upper + 1;
  }
  CHECK(bins == 1920);
}

TEST_CASE("percentiles exceed the exact ones by a 32nd at most") {
  for (std::uint64_t seed : {2, 3, 4}) {
    std::vector<std::uint64_t> values = RandomValues(999 + seed, seed);
    const Histogram histogram = HistogramOf(values);
    std::sort(values.begin(), values.end());
    for (double share : {0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(share * double(values.size())));
      const std::uint64_t exact = values[rank - 1];
      const std::uint64_t shown = histogram.Percentile(share);
      INFO(share << ": " << shown << " for " << exact);
      CHECK(shown >= exact);
      CHECK(shown - exact <= exact / 32);
    }
  }
}

TEST_CASE("the maximum is exact and no percentile exceeds it") {
  const Histogram histogram = HistogramOf({10, 1000003, 999});
  CHECK(histogram.maximum() == 1000003);
  CHECK(histogram.Percentile(1) == 1000003);
  CHECK(histogram.Percentile(0) == 10);
  CHECK(histogram.samples() == 3);
}

TEST_CASE("merging equals recording together") {
  const std::vector<std::uint64_t> first = RandomValues(700, 5);
  const std::vector<std::uint64_t> second = RandomValues(300, 6);
  Histogram merged = HistogramOf(first);
  merged.Merge(HistogramOf(second));
  std::vector<std::uint64_t> all = first;
  all.insert(all.end(), second.begin(), second.end());
  const Histogram together = HistogramOf(all);
  CHECK(merged.samples() == 1000);
  CHECK(merged.maximum() == together.maximum());
  const auto left = merged.NonEmptyBins();
  const auto right = together.NonEmptyBins();
  CHECK(std::equal(left.begin(), left.end(), right.begin(), right.end(),
                   [](const Histogram::Bin& a, const Histogram::Bin& b) {
                     return a.lower == b.lower && a.upper == b.upper && a.count == b.count;
                   }));
}

TEST_CASE("the greater maximum stays whichever came first") {
  Histogram large = HistogramOf({5000});
  large.Merge(HistogramOf({7}));
  CHECK(large.maximum() == 5000);
  large.NoteMaximum(3);
  CHECK(large.maximum() == 5000);
  Histogram small = HistogramOf({7});
  small.Merge(large);
  CHECK(small.maximum() == 5000);
  small.NoteMaximum(6000);
  CHECK(small.maximum() == 6000);
}

}  // namespace
}  // namespace faultline
