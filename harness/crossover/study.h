// A crossover as it grows: its points by rows, their judgements, and the ranges that follow.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/crossover/axis.h"
#include "harness/crossover/point_trials.h"
#include "harness/crossover/search.h"
#include "harness/os/system_info.h"

namespace faultline::crossover {

struct MeasuredPoint {
  PlannedPoint planned;
  Purpose purpose = Purpose::kGrid;                      // that it was first measured for
  std::array<Judgement, kAllFigures.size()> judgements;  // but for the deciding one, costs alone

  const Point& point() const { return planned.point; }
  const Judgement& By(Figure figure) const { return judgements[static_cast<std::size_t>(figure)]; }

  // To be called whenever the point has more samples. `by` decides.
  void JudgeAgain(Figure by);
};

// All points of one value of y, or of a crossover without y.
struct StudyRow {
  std::optional<double> y;
  std::vector<MeasuredPoint> points;  // ascending by x

  std::vector<Seen> SeenBy(Figure figure) const;
};

struct Study {
  Axis x;
  std::optional<Axis> y;
  Figure by = Figure::kAccepted;
  std::vector<StrategyChoice> strategies;  // as they were given, without what an axis adds
  std::vector<StudyRow> rows;              // ascending by y
  os::Facts environment;
  std::vector<std::string> warnings;  // of the search and its machine
  std::vector<LimitProof> limit_proofs;
  // A repetition is cut off when it takes this many times as long as another strategy's.
  double beaten_by = CutOffPolicy::kBeatenBy;
  // Why it ended: "narrow" (nothing more can be told: all boundaries are as narrow as they get),
  // "budget", "interrupted"; "" while it goes on.
  std::string ended;

  const std::string& SpecOf(std::size_t strategy) const { return strategies[strategy].text(); }

  Found In(const StudyRow& row) const { return FindRanges(x, row.SeenBy(by)); }

  // `warnings`, and those of points where a strategy and its twin were judged different.
  std::vector<std::string> AllWarnings() const;

  // Of the points with results the regimes at the two ends, in words; once where they are the same.
  std::vector<std::string> Regimes() const;
};

}  // namespace faultline::crossover
