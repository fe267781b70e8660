// Distributions against their definitions, with fixed seeds.
#include "workloads/distributions.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/catch.h"

namespace faultline {
namespace {

// Pearson's statistic of counts against expected counts.
double ChiSquare(const std::vector<double>& counts, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
  }
  return sum;
}

// What a statistic with these degrees of freedom stays under, but for one case in some thirty
// thousand (mean plus four standard deviations, for many degrees of freedom).
double ChiSquareLimit(double freedom) { return freedom + 4 * std::sqrt(2 * freedom) + 8; }

// The expected counts of `draws` ranks by the definition, summed up term by term.
std::vector<double> ZipfianCounts(std::uint64_t count, double theta, double draws) {
  std::vector<double> weights(count);
  double sum = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    weights[i] = std::pow(static_cast<double>(i + 1), -theta);
    sum += weights[i];
  }
  for (double& weight : weights) weight *= draws / sum;
  return weights;
}

TEST_CASE("the portable logarithm agrees with the library") {
  Random random(1);
  for (int i = 0; i < 100'000; ++i) {
    const double x = 0.5 + 1.5 * random.Unit();
    REQUIRE(std::fabs(PortableLog2(x) - std::log2(x)) < 1e-15);
    const double large = std::exp2(200 * (random.Unit() - 0.5));
    REQUIRE(PortableLog2(large) == Approx(std::log2(large)).epsilon(1e-14).margin(1e-15));
  }
  CHECK(PortableLog2(1) == 0);
  CHECK(PortableLog2(8) == 3);
}

TEST_CASE("the portable power agrees with the library") {
  Random random(2);
  for (int i = 0; i < 100'000; ++i) {
    const double y = 1900 * (random.Unit() - 0.5);
    REQUIRE(std::fabs(PortableExp2(y) / std::exp2(y) - 1) < 1e-15);
    const double base = 1 + 0.3 * random.Unit();
    REQUIRE(std::fabs(PortablePower(base, 100) / std::pow(base, 100) - 1) < 1e-12);
  }
  CHECK(PortableExp2(-3) == 0.125);
}

TEST_CASE("the portable functions yield these very bits everywhere") {
  CHECK(std::bit_cast<std::uint64_t>(PortableLog2(3)) == 0x3ff95c01a39fbd68u);
  CHECK(std::bit_cast<std::uint64_t>(PortableExp2(0.3)) == 0x3ff3b2c47bff8329u);
}

TEST_CASE("a chance happens as often as its probability says") {
  Random random(3);
  for (double probability : {0.05, 0.5, 0.95}) {
    const Chance chance(probability);
    int happened = 0;
    constexpr int kDraws = 100'000;
    for (int i = 0; i < kDraws; ++i) happened += chance.Happens(random) ? 1 : 0;
    const double deviation = std::sqrt(kDraws * probability * (1 - probability));
    CHECK(happened == Approx(kDraws * probability).margin(5 * deviation));
  }
}

TEST_CASE("a chance of 0 never happens and a chance of 1 always does") {
  Random random(4);
  for (int i = 0; i < 10'000; ++i) {
    REQUIRE_FALSE(Chance(0).Happens(random));
    REQUIRE(Chance(1).Happens(random));
  }
}

TEST_CASE("zipfian ranks have the frequencies of the definition") {
  for (double theta : {0.0, 0.2, 0.5, 0.99, 0.9999}) {
    for (std::uint64_t count : {1, 2, 3, 10, 1000}) {
      CAPTURE(theta, count);
      constexpr int kDraws = 400'000;
      const ZipfianRanks kept(count, theta);
      ZipfianRanks ranks = kept;
      Random random(5);
      std::vector<double> counts(count);
      for (int i = 0; i < kDraws; ++i) {
        const std::uint64_t rank = ranks.Next(random);
        REQUIRE(rank < count);
        ++counts[rank];
      }
      const double freedom = static_cast<double>(count) - 1;
      CHECK(ChiSquare(counts, ZipfianCounts(count, theta, kDraws)) <= ChiSquareLimit(freedom));
    }
  }
}

TEST_CASE("the most popular of a million ranks are drawn within one percent of the definition") {
  constexpr std::uint64_t kCount = 1'000'000;
  constexpr int kDraws = 4'000'000;
  const std::vector<double> expected = ZipfianCounts(kCount, 0.99, kDraws);
  ZipfianRanks ranks(kCount, 0.99);
  Random random(6);
  std::vector<double> counts(kCount);
  for (int i = 0; i < kDraws; ++i) ++counts[ranks.Next(random)];
  for (int rank = 0; rank < 5; ++rank) {
    CAPTURE(rank);
    CHECK(counts[rank] == Approx(expected[rank]).epsilon(0.01));
  }
  // And the tail, by powers of ten.
  for (std::uint64_t first = 10; first < kCount; first *= 10) {
    double drawn = 0;
    double wanted = 0;
    for (std::uint64_t rank = first; rank < first * 10; ++rank) {
      drawn += counts[rank];
      wanted += expected[rank];
    }
    CAPTURE(first);
    CHECK(drawn == Approx(wanted).epsilon(0.01));
  }
}

TEST_CASE("zipfian ranks of the largest counts stay below the count") {
  for (double theta : {0.0, 0.5, 0.99, 0.9999}) {
    constexpr std::uint64_t kCount = std::uint64_t{1} << 40;
    ZipfianRanks ranks(kCount, theta);
    Random random(7);
    std::uint64_t largest = 0;
    for (int i = 0; i < 100'000; ++i) {
      const std::uint64_t rank = ranks.Next(random);
      REQUIRE(rank < kCount);
      largest = std::max(largest, rank);
    }
    CHECK(largest > kCount / 10 * 9);
  }
}

TEST_CASE("zipfian ranks with another count draw as if made with it") {
  ZipfianRanks grown(10, 0.9);
  grown.SetCount(1000);
  ZipfianRanks made(1000, 0.9);
  Random first(8);
  Random second(8);
  for (int i = 0; i < 10'000; ++i) REQUIRE(grown.Next(first) == made.Next(second));
}

TEST_CASE("scattering reaches every index exactly once") {
  for (std::uint64_t count : {1, 2, 3, 4, 5, 7, 8, 9, 100, 1000, 1024, 1025, 65'537}) {
    CAPTURE(count);
    const Scatter scatter(count, 11);
    std::vector<bool> reached(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t at = scatter(i);
      REQUIRE(at < count);
      REQUIRE_FALSE(reached[at]);
      reached[at] = true;
    }
  }
}

TEST_CASE("scattering spreads neighbours evenly over the range") {
  constexpr std::uint64_t kCount = 1'000'000;
  const Scatter scatter(kCount, 12);
  std::vector<double> counts(100);
  for (std::uint64_t i = 0; i < 10'000; ++i) ++counts[scatter(i) / (kCount / 100)];
  CHECK(ChiSquare(counts, std::vector<double>(100, 100)) <= ChiSquareLimit(99));
  // Nor do neighbours keep a distance: the steps between them fall evenly as well.
  std::vector<double> steps(100);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const std::uint64_t step = (scatter(i + 1) + kCount - scatter(i)) % kCount;
    ++steps[step / (kCount / 100)];
  }
  CHECK(ChiSquare(steps, std::vector<double>(100, 100)) <= ChiSquareLimit(99));
}

TEST_CASE("another seed scatters otherwise") {
  const Scatter first(1'000'000, 1);
  const Scatter second(1'000'000, 2);
  int equal = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) equal += first(i) == second(i) ? 1 : 0;
  CHECK(equal < 5);
}

TEST_CASE("uniform records are all equally likely") {
  UniformRecords records(1000, 13);
  std::vector<double> counts(1000);
  for (int i = 0; i < 1'000'000; ++i) ++counts[records.Next()];
  CHECK(ChiSquare(counts, std::vector<double>(1000, 1000)) <= ChiSquareLimit(999));
}

TEST_CASE("sequential records begin again after the last") {
  SequentialRecords records(3);
  for (std::uint64_t expected : {0, 1, 2, 0, 1, 2, 0}) CHECK(records.Next() == expected);
}

TEST_CASE("the popular records of a zipfian choice are scattered over all records") {
  constexpr std::uint64_t kCount = 1000;
  constexpr int kDraws = 400'000;
  ZipfianRecords records(kCount, 0.99, 14);
  std::vector<double> counts(kCount);
  for (int i = 0; i < kDraws; ++i) ++counts[records.Next()];
  std::vector<std::uint64_t> order(kCount);
  for (std::uint64_t i = 0; i < kCount; ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::uint64_t a, std::uint64_t b) { return counts[a] > counts[b]; });
  const std::vector<double> expected = ZipfianCounts(kCount, 0.99, kDraws);
  for (int rank = 0; rank < 5; ++rank) {
    CHECK(counts[order[rank]] == Approx(expected[rank]).epsilon(0.03));
  }
  // A hundred popular records over ten parts of the range: ten each, give or take four standard
  // deviations.
  std::vector<int> parts(10);
  for (int rank = 0; rank < 100; ++rank) ++parts[order[rank] / (kCount / 10)];
  for (int part : parts) CHECK(part == Approx(10).margin(12));
  CHECK(*std::min_element(parts.begin(), parts.end()) > 0);
}

}  // namespace
}  // namespace faultline
