// Chooses what a crossover measures next, and finds its ranges: pure functions of the points
// measured so far.
//
// A range is a run of points of which one strategy is the best, or tied with it, at every one; the
// fewest such ranges explain the whole axis. Between two ranges lies a crossover: somewhere between
// the last point where the strategy of the second is surely slower and the first where that of the
// first is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/crossover/axis.h"
#include "harness/document/crossover.h"

namespace faultline::crossover {

// A point as the search sees it.
struct Seen {
  double x = 0;
  std::vector<std::size_t> winners;          // judgement.winners of point.h
  std::vector<std::optional<double>> costs;  // of each strategy, as a ratio to the best one's
  std::uint64_t rounds = 0;
  bool open = false;  // inconclusive, or wider than the precision: more rounds would tell more
};

// How much is measured where.
struct SearchSettings {
  std::size_t grid = 7;            // values that are measured first
  std::uint64_t rounds = 6;        // at a point, and each time that it needs more
  std::uint64_t most_rounds = 18;  // at a point
};

using Range = document::CrossoverRange;
using Crossover = document::CrossoverBoundary;

struct Found {
  std::vector<Range> ranges;          // one more than crossovers; none without a point that tells
  std::vector<Crossover> crossovers;  // ascending
};

// `points` ascending by x. Those without winners tell nothing.
Found FindRanges(const Axis& axis, std::span<const Seen> points);

// What a step is for; the more useful ones come first.
enum class Purpose {
  kGrid,     // a value of the grid that is not measured yet
  kDecide,   // more rounds where a comparison is inconclusive, or wider than the precision
  kNarrow,   // a new point between the bounds of a crossover
  kConfirm,  // more rounds at these bounds
};
inline constexpr EnumNames<Purpose> kPurposeNames{"grid", "decide", "narrow", "confirm"};

struct Step {
  Purpose purpose = Purpose::kGrid;
  double x = 0;
};

// The next step, or nothing when the crossovers are as narrow as the axis and the noise permit.
std::optional<Step> NextStep(const Axis& axis, std::span<const Seen> points,
                             const SearchSettings& settings);

}  // namespace faultline::crossover
