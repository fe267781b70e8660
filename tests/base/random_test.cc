// The sequence of random numbers is part of every result that was ever published with a seed, so it
// is pinned here.
#include "harness/base/random.h"

#include <array>
#include <vector>

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("mixing yields the published SplitMix64 sequence") {
  // The first three outputs of SplitMix64 seeded with 0.
  constexpr std::uint64_t kIncrement = 0x9e3779b97f4a7c15u;
  CHECK(Mix64(0) == 0xe220a8397b1dcdafu);
  CHECK(Mix64(kIncrement) == 0x6e789e6aa1b965f4u);
  CHECK(Mix64(2 * kIncrement) == 0x06c45d188009454fu);
}

TEST_CASE("the sequence is that of xoshiro256++ on the mixed seed") {
  std::uint64_t state[4];
  std::uint64_t seed = 42;
  for (auto& word : state) word = seed = Mix64(seed);
  Random random(42);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t sum = state[0] + state[3];
    REQUIRE(random.Next() == (sum << 23 | sum >> 41) + state[0]);
    const std::uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = state[3] << 45 | state[3] >> 19;
  }
}

TEST_CASE("one seed gives one sequence and another seed another") {
  Random first(7);
  Random same(7);
  Random other(8);
  int equal = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t value = first.Next();
    CHECK(value == same.Next());
    if (value == other.Next()) ++equal;
  }
  CHECK(equal == 0);
}

TEST_CASE("bounded numbers stay below the bound and reach all of it") {
  Random random(1);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) {
    const std::uint64_t value = random.Below(7);
    REQUIRE(value < 7);
    ++counts[value];
  }
  // Five standard deviations of a binomial count around 10,000.
  for (int count : counts) CHECK(count == Approx(10'000).margin(463));
  CHECK(random.Below(1) == 0);
}

TEST_CASE("a bound that is not a power of two is hit without bias") {
  // With a bound of 3/4 of the range, taking the high product alone would make every third value
  // twice as likely.
  constexpr std::uint64_t kBound = 3u << 30;
  Random random(3);
  int thirds[3] = {};
  for (int i = 0; i < 30'000; ++i) ++thirds[random.Below(kBound << 32) % 3];
  for (int count : thirds) CHECK(count == Approx(10'000).margin(409));
}

TEST_CASE("units are at least 0 and below 1 with the right mean and spread") {
  Random random(5);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double unit = random.Unit();
    REQUIRE((unit >= 0 && unit < 1));
    sum += unit;
    squares += unit * unit;
  }
  CHECK(sum / kDraws == Approx(1.0 / 2).margin(0.005));
  CHECK(squares / kDraws == Approx(1.0 / 3).margin(0.005));
}

TEST_CASE("a shuffle keeps all items, and puts each in each place about equally often") {
  Random random(6);
  std::array<std::array<int, 3>, 3> counts = {};  // by item, by place
  for (int i = 0; i < 30'000; ++i) {
    std::array<std::size_t, 3> items = {0, 1, 2};
    Shuffle(items, random);
    for (std::size_t place = 0; place < 3; ++place) ++counts[items[place]][place];
  }
  for (const auto& places : counts) {
    for (const int count : places) CHECK(count == Approx(10'000).margin(409));
  }
  std::vector<int> none;
  Shuffle(none, random);
  CHECK(none.empty());
}

}  // namespace
}  // namespace faultline
