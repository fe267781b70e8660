// The search on made-up strategies: what it measures, where it stops, what it concludes.
#include "harness/crossover/search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "harness/base/random.h"
#include "harness/verdict/estimate.h"
#include "tests/catch.h"

namespace faultline::crossover {
namespace {

using Winners = std::vector<std::size_t>;

const Axis kSizes = {"size", ValueKind::kSize, 16, 65536, true, 16};
const Axis kThreads = {"threads", ValueKind::kCount, 1, 4, true, 1};
const SearchSettings kSettings = {7, 3, 9};  // rounds to go on with, three times at most

// What a point says after `rounds`.
using Oracle = std::function<Seen(double x, std::uint64_t rounds)>;

struct Searched {
  std::vector<Seen> points;
  std::vector<Step> steps;
  Found found;

  std::uint64_t Rounds(double x) const {
    for (const Seen& point : points) {
      if (point.x == x) return point.rounds;
    }
    return 0;
  }
};

Searched Search(const Axis& axis, const Oracle& oracle,
                const SearchSettings& settings = kSettings) {
  Searched result;
  while (const auto step = NextStep(axis, result.points, settings)) {
    REQUIRE(result.steps.size() < 200);
    result.steps.push_back(*step);
    const auto place = std::find_if(result.points.begin(), result.points.end(),
                                    [&](const Seen& one) { return one.x >= step->x; });
    if (place != result.points.end() && place->x == step->x) {
      *place = oracle(step->x, place->rounds + settings.rounds);
    } else {
      result.points.insert(place, oracle(step->x, settings.rounds));
    }
  }
  result.found = FindRanges(axis, result.points);
  return result;
}

// Of these winners; strategies cost 1 where they win and 2 elsewhere. Ties are never narrow enough.
Oracle Says(const std::function<Winners(double)>& winners) {
  return [winners](double x, std::uint64_t rounds) {
    Seen seen{x, winners(x), {2.0, 2.0, 2.0}, rounds, false};
    seen.open = seen.winners.size() > 1;
    for (const std::size_t winner : seen.winners) seen.costs[winner] = 1.0;
    return seen;
  };
}

TEST_CASE("the grid comes first, its ends at the beginning") {
  const Searched search = Search(kSizes, Says([](double) { return Winners{0}; }));
  REQUIRE(search.steps.size() == 7);
  CHECK(search.steps[0].x == 16);
  CHECK(search.steps[1].x == 65536);
  CHECK(search.steps[2].x == 1024);
  for (const Step& step : search.steps) CHECK(step.purpose == Purpose::kGrid);
}

TEST_CASE("without a crossover there is one range and nothing to look for") {
  const Searched search = Search(kSizes, Says([](double) { return Winners{1}; }));
  CHECK(search.found.crossovers.empty());
  REQUIRE(search.found.ranges.size() == 1);
  CHECK(search.found.ranges[0].strategy == 1);
  CHECK(search.found.ranges[0].others.empty());
  CHECK(search.found.ranges[0].low == 16);
  CHECK(search.found.ranges[0].high == 65536);
}

TEST_CASE("a sharp boundary is halved until its bounds are neighbours, and these are confirmed") {
  const Searched search =
      Search(kSizes, Says([](double x) { return x < 3000 ? Winners{0} : Winners{1}; }));
  REQUIRE(search.found.crossovers.size() == 1);
  const Crossover& crossover = search.found.crossovers[0];
  CHECK(crossover.from == 0);
  CHECK(crossover.to == 1);
  CHECK(crossover.low < 3000);
  CHECK(crossover.high >= 3000);
  CHECK_FALSE(kSizes.Between(crossover.low, crossover.high).has_value());
  CHECK(crossover.low < crossover.value);
  CHECK(crossover.value <= crossover.high);
  CHECK(search.points.size() <= 7 + 6);
  CHECK(search.Rounds(crossover.low) == 9);
  CHECK(search.Rounds(crossover.high) == 9);
  CHECK(search.Rounds(16) == 3);
  CHECK(search.found.ranges[0].high == crossover.value);
  CHECK(search.found.ranges[1].low == crossover.value);
}

TEST_CASE("whole numbers are distinguished down to neighbours") {
  const Searched search =
      Search(kThreads, Says([](double x) { return x < 3 ? Winners{1} : Winners{0}; }));
  REQUIRE(search.found.crossovers.size() == 1);
  CHECK(search.found.crossovers[0].low == 2);
  CHECK(search.found.crossovers[0].high == 3);
  // At 2, strategy 1 is surely best, however near the interpolated value is.
  CHECK(search.found.crossovers[0].value == 3);
  const std::vector<Seen> near = {{2, {1}, {1.01, 1.0}, 9, false}, {3, {0}, {1.0, 9.0}, 9, false}};
  CHECK(FindRanges(kThreads, near).crossovers[0].value == 3);
  CHECK(search.points.size() == 4);
}

TEST_CASE("where both are tied the bounds are those points where each surely loses") {
  const auto winners = [](double x) {
    return x < 1000 ? Winners{0} : x < 6000 ? Winners{0, 1} : Winners{1};
  };
  const Searched search = Search(kSizes, Says(winners));
  REQUIRE(search.found.crossovers.size() == 1);
  const Crossover& crossover = search.found.crossovers[0];
  CHECK(crossover.low < 1000);
  CHECK(crossover.low > 1000 / 1.1);
  CHECK(crossover.high >= 6000);
  CHECK(crossover.high < 6000 * 1.1);
  // Open points had all the rounds there are; no point was spent far inside.
  std::size_t inside = 0;
  for (const Seen& point : search.points) {
    if (point.winners.size() < 2) continue;
    CHECK(point.rounds == 9);
    inside += point.x > 1200 && point.x < 5000;
  }
  CHECK(inside <= 3);
}

TEST_CASE("of open points those at a boundary come first, though they had more rounds") {
  const std::vector<std::optional<double>> costs = {1.0, 1.0};
  std::vector<Seen> points = {{1, {0, 1}, costs, 3, true},
                              {2, {0}, costs, 3, false},
                              {3, {0, 1}, costs, 6, true},
                              {4, {1}, costs, 3, false}};
  const auto step = NextStep(kThreads, points, kSettings);
  REQUIRE(step.has_value());
  CHECK(step->purpose == Purpose::kDecide);
  CHECK(step->x == 3);
  points[2].rounds = 9;
  CHECK(NextStep(kThreads, points, kSettings)->x == 1);
}

TEST_CASE("strategies that are equal everywhere make one range that names both") {
  const Searched search = Search(kSizes, [](double x, std::uint64_t rounds) {
    return Seen{x, {0, 1}, {2.0, 1.9}, rounds, true};
  });
  CHECK(search.found.crossovers.empty());
  REQUIRE(search.found.ranges.size() == 1);
  CHECK(search.found.ranges[0].strategy == 1);
  CHECK(search.found.ranges[0].others == Winners{0});
  for (const Seen& point : search.points) CHECK(point.rounds == 9);
}

TEST_CASE("a strategy tied with the best at one end only is best everywhere") {
  const Searched search = Search(kSizes, Says([](double x) {
                                   return x < 1000 ? Winners{0} : Winners{0, 2};
                                 }));
  CHECK(search.found.crossovers.empty());
  REQUIRE(search.found.ranges.size() == 1);
  CHECK(search.found.ranges[0].strategy == 0);
  CHECK(search.found.ranges[0].others.empty());
}

TEST_CASE("several crossovers are all found, also back to the first strategy") {
  const Searched search = Search(
      kSizes, Says([](double x) {
        return x < 100 ? Winners{0} : x < 2000 ? Winners{1} : x < 30'000 ? Winners{2} : Winners{0};
      }));
  REQUIRE(search.found.crossovers.size() == 3);
  const double at[] = {100, 2000, 30'000};
  for (std::size_t i = 0; i < 3; ++i) {
    const Crossover& crossover = search.found.crossovers[i];
    CHECK(crossover.from == i);
    CHECK(crossover.to == (i + 1) % 3);
    CHECK(crossover.low < at[i]);
    CHECK(crossover.high >= at[i]);
    CHECK_FALSE(kSizes.Between(crossover.low, crossover.high).has_value());
  }
}

TEST_CASE("a strategy that fails somewhere leaves the field to the others") {
  const Searched search = Search(kSizes, [](double x, std::uint64_t rounds) {
    if (x > 5000) return Seen{x, {1}, {std::nullopt, 9.0}, rounds, false};
    return Seen{x, {0}, {1.0, 9.0}, rounds, false};
  });
  REQUIRE(search.found.crossovers.size() == 1);
  const Crossover& crossover = search.found.crossovers[0];
  CHECK(crossover.low <= 5000);
  CHECK(crossover.high > 5000);
  CHECK(crossover.value >= crossover.low);
  CHECK(crossover.value <= crossover.high);
}

TEST_CASE("points where nothing could be run tell nothing and are not repeated") {
  const Searched search = Search(kSizes, [](double x, std::uint64_t rounds) {
    if (x > 200 && x < 20'000) return Seen{x, {}, {std::nullopt, std::nullopt}, rounds, false};
    return Seen{x, x < 1000 ? Winners{0} : Winners{1}, {1.0, 1.0}, rounds, false};
  });
  REQUIRE(search.found.crossovers.size() == 1);
  CHECK(search.found.crossovers[0].low <= 200);
  CHECK(search.found.crossovers[0].high >= 20'000);
  for (const Seen& point : search.points) {
    if (point.winners.empty()) CHECK(point.rounds == 3);
  }
  const Searched nothing = Search(kSizes, Says([](double) { return Winners{}; }));
  CHECK(nothing.found.ranges.empty());
  CHECK(nothing.points.size() == 7);
}

TEST_CASE("inconclusive points are repeated and tell nothing until they are settled") {
  const Searched search = Search(kSizes, [](double x, std::uint64_t rounds) {
    if (x == 16 || (x == 1024 && rounds < 6)) return Seen{x, {}, {1.0, 1.0}, rounds, true};
    return Seen{x, {1}, {2.0, 1.0}, rounds, false};
  });
  CHECK(search.Rounds(16) == 9);
  CHECK(search.Rounds(1024) == 6);
  REQUIRE(search.found.ranges.size() == 1);
  CHECK(search.found.ranges[0].low == 64);
}

TEST_CASE(
    "a point with one winner is repeated too where its interval is wide, and a narrow tie is not") {
  const Searched search = Search(kSizes, [](double x, std::uint64_t rounds) {
    return Seen{x, x == 16 ? Winners{0} : Winners{0, 1}, {1.0, 1.0}, rounds, x == 16};
  });
  CHECK(search.Rounds(16) == 9);
  CHECK(search.Rounds(1024) == 3);
}

TEST_CASE("the boundary's value is where the interpolated costs are equal") {
  const auto costs = [](double x) {
    const double place = kSizes.Place(x);
    return std::vector<std::optional<double>>{std::exp(place), std::exp(1 - place)};
  };
  const std::vector<Seen> points = {{16, {0}, costs(16), 3, false},
                                    {256, {0, 1}, costs(256), 9, false},
                                    {4096, {0, 1}, costs(4096), 9, false},
                                    {65536, {1}, costs(65536), 3, false}};
  // Strategy 0 grows dearer along x: it is best below the middle.
  const Found found = FindRanges(kSizes, points);
  REQUIRE(found.crossovers.size() == 1);
  CHECK(found.crossovers[0].value == 1024);
  CHECK(found.crossovers[0].low == 16);
  CHECK(found.crossovers[0].high == 65536);
}

TEST_CASE("measured with noise, the boundary lies within its bounds nearly always") {
  int inside = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    std::map<double, std::vector<double>> measured[2];
    // Costs 10 and 40·√(16 ÷ x): equal at 256. Repetitions are off by up to 8 % either way.
    const auto repeat = [&](std::size_t strategy, double x, std::uint64_t rounds) {
      std::vector<double>& values = measured[strategy][x];
      while (values.size() < rounds) {
        values.push_back((strategy == 0 ? 10 : 40 * std::sqrt(16 / x)) *
                         (0.92 + 0.16 * random.Unit()));
      }
      return values;
    };
    const auto oracle = [&](double x, std::uint64_t rounds) {
      const std::vector<double> first = repeat(0, x, rounds);
      const std::vector<double> second = repeat(1, x, rounds);
      const double difference = Median(first) / Median(second) - 1;
      // What that number of rounds can tell: less and less has to be called equal.
      const double noise = 0.16 / std::sqrt(static_cast<double>(rounds));
      const Winners winners = difference > noise    ? Winners{1}
                              : difference < -noise ? Winners{0}
                                                    : Winners{0, 1};
      return Seen{x, winners, {Median(first), Median(second)}, rounds, winners.size() > 1};
    };
    const Found found = Search(kSizes, oracle).found;
    REQUIRE(found.crossovers.size() == 1);
    const Crossover& crossover = found.crossovers[0];
    CHECK(crossover.from == 0);
    CHECK(crossover.high < 8 * crossover.low);
    inside += crossover.low <= 256 && 256 <= crossover.high;
  }
  CHECK(inside >= 48);
}

}  // namespace
}  // namespace faultline::crossover
