#include "harness/crossover/search.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace faultline::crossover {
namespace {

bool Wins(const Seen& point, std::size_t strategy) {
  return std::find(point.winners.begin(), point.winners.end(), strategy) != point.winners.end();
}

std::vector<std::size_t> Common(const std::vector<std::size_t>& a,
                                const std::vector<std::size_t>& b) {
  std::vector<std::size_t> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return common;
}

// Points first to last, all with winners, and the strategies that are among all of these.
struct Run {
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<std::size_t> winners;
};

// Taking as many points as possible into each run gives the fewest runs.
std::vector<Run> RunsOf(std::span<const Seen> points) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (runs.empty()) {
      runs.push_back({i, i, points[i].winners});
      continue;
    }
    std::vector<std::size_t> common = Common(runs.back().winners, points[i].winners);
    if (common.empty()) {
      runs.push_back({i, i, points[i].winners});
    } else {
      runs.back().winners = std::move(common);
      runs.back().last = i;
    }
  }
  return runs;
}

// The strategy with the lowest cost over the run, by the mean of its logarithms.
std::size_t Cheapest(std::span<const Seen> points, const Run& run) {
  std::size_t cheapest = run.winners.front();
  double least = std::numeric_limits<double>::infinity();
  for (const std::size_t strategy : run.winners) {
    double sum = 0;
    for (std::size_t i = run.first; i <= run.last; ++i) {
      sum += std::log(points[i].costs[strategy].value_or(1));
    }
    if (sum < least) {
      least = sum;
      cheapest = strategy;
    }
  }
  return cheapest;
}

// Where the cost of `to` falls below that of `from` among the points; of several places the middle
// one. In the middle of the scale where one of them has no cost. Above the first point, where
// `from` is still best, and not above the last.
double EqualCost(const Axis& axis, std::span<const Seen> points, std::size_t from, std::size_t to) {
  std::vector<double> places;
  std::optional<double> before;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& dear = points[i].costs[to];
    const auto& cheap = points[i].costs[from];
    const std::optional<double> now =
        dear && cheap ? std::optional(std::log(*dear / *cheap)) : std::nullopt;
    if (now && before && *before > 0 && *now <= 0) {
      const double left = axis.Place(points[i - 1].x);
      const double right = axis.Place(points[i].x);
      places.push_back(left + (right - left) * *before / (*before - *now));
    }
    before = now;
  }
  const double low = points.front().x;
  const double high = points.back().x;
  const double value = axis.ValueAt(places.empty() ? (axis.Place(low) + axis.Place(high)) / 2
                                                   : places[places.size() / 2]);
  return value > low && value <= high ? value : high;
}

std::vector<Seen> Telling(std::span<const Seen> points) {
  std::vector<Seen> telling;
  for (const Seen& point : points) {
    if (!point.winners.empty()) telling.push_back(point);
  }
  return telling;
}

// The value of the grid that is farthest from all that is measured.
std::optional<Step> GridStep(const Axis& axis, std::span<const Seen> points, std::size_t count) {
  std::optional<Step> farthest;
  double most = -1;
  for (const double value : axis.Grid(count)) {
    double distance = 2;
    for (const Seen& point : points) {
      distance = point.x == value
                     ? -1
                     : std::min(distance, std::abs(axis.Place(point.x) - axis.Place(value)));
      if (distance < 0) break;
    }
    if (distance > most) {
      most = distance;
      farthest = Step{Purpose::kGrid, value};
    }
  }
  return most >= 0 ? farthest : std::nullopt;
}

bool Brackets(const Found& found, double x) {
  return std::any_of(found.crossovers.begin(), found.crossovers.end(),
                     [x](const Crossover& one) { return one.low <= x && x <= one.high; });
}

// Open points at crossovers come first, then those that were repeated least.
std::optional<Step> DecideStep(const Found& found, std::span<const Seen> points,
                               const SearchSettings& settings) {
  const Seen* chosen = nullptr;
  bool chosen_brackets = false;
  for (const Seen& point : points) {
    if (!point.open || point.rounds >= settings.most_rounds) continue;
    const bool brackets = Brackets(found, point.x);
    if (chosen == nullptr || brackets > chosen_brackets ||
        (brackets == chosen_brackets && point.rounds < chosen->rounds)) {
      chosen = &point;
      chosen_brackets = brackets;
    }
  }
  if (chosen == nullptr) return std::nullopt;
  return Step{Purpose::kDecide, chosen->x};
}

// Halves the widest gap beside a bound of a crossover: points further inside would leave the bounds
// where they are.
std::optional<Step> NarrowStep(const Axis& axis, const Found& found, std::span<const Seen> points) {
  std::optional<Step> chosen;
  double widest = 0;
  const auto consider = [&](double left, double right) {
    const double width = axis.Place(right) - axis.Place(left);
    if (width <= widest) return;
    if (const std::optional<double> middle = axis.Between(left, right)) {
      widest = width;
      chosen = Step{Purpose::kNarrow, *middle};
    }
  };
  for (const Crossover& crossover : found.crossovers) {
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      const bool at_bound = points[i].x == crossover.low || points[i + 1].x == crossover.high;
      const bool inside = points[i].x >= crossover.low && points[i + 1].x <= crossover.high;
      if (at_bound && inside) consider(points[i].x, points[i + 1].x);
    }
  }
  return chosen;
}

std::optional<Step> ConfirmStep(const Found& found, std::span<const Seen> points,
                                const SearchSettings& settings) {
  const Seen* chosen = nullptr;
  for (const Seen& point : points) {
    const bool bound = std::any_of(
        found.crossovers.begin(), found.crossovers.end(),
        [&](const Crossover& one) { return one.low == point.x || one.high == point.x; });
    if (!bound || point.rounds >= settings.most_rounds) continue;
    if (chosen == nullptr || point.rounds < chosen->rounds) chosen = &point;
  }
  if (chosen == nullptr) return std::nullopt;
  return Step{Purpose::kConfirm, chosen->x};
}

}  // namespace

Found FindRanges(const Axis& axis, std::span<const Seen> all_points) {
  const std::vector<Seen> points = Telling(all_points);
  Found found;
  const std::vector<Run> runs = RunsOf(points);
  for (const Run& run : runs) {
    Range range{points[run.first].x, points[run.last].x, Cheapest(points, run), run.winners};
    std::erase(range.others, range.strategy);
    if (!found.ranges.empty()) {
      const std::size_t from = found.ranges.back().strategy;
      // Below the run there is such a point: else `strategy` would belong to the run before.
      std::size_t low = run.first - 1;
      while (Wins(points[low], range.strategy)) --low;
      const std::span between(&points[low], run.first - low + 1);
      const double value = EqualCost(axis, between, from, range.strategy);
      found.crossovers.push_back({from, range.strategy, value, points[low].x, points[run.first].x});
      found.ranges.back().high = range.low = value;
    }
    found.ranges.push_back(std::move(range));
  }
  return found;
}

std::optional<Step> NextStep(const Axis& axis, std::span<const Seen> points,
                             const SearchSettings& settings) {
  if (const auto step = GridStep(axis, points, settings.grid)) return step;
  const Found found = FindRanges(axis, points);
  if (const auto step = DecideStep(found, points, settings)) return step;
  if (const auto step = NarrowStep(axis, found, points)) return step;
  return ConfirmStep(found, points, settings);
}

}  // namespace faultline::crossover
