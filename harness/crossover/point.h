// One point of a crossover: what its repetitions found, and which strategies are best there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/statistics.h"
#include "harness/trial/measurement.h"
#include "harness/trial/patience.h"

namespace faultline::crossover {

// What decides: nanoseconds per operation until the calls had returned, until everything was
// durable, or of all passes but the first.
enum class Figure { kAccepted, kDurable, kSteady };
inline constexpr std::array kAllFigures = {Figure::kAccepted, Figure::kDurable, Figure::kSteady};

std::string_view FigureWord(Figure figure);  // "accepted"
std::string_view FigureName(Figure figure);  // of the run document: "ns_per_operation"

// "accepted", "durable", "steady"; throws UsageError for anything else.
Figure ParseFigure(std::string_view text);

// A finished repetition.
struct Sample {
  Status status = Status::kOk;
  std::string error;                                         // one line, or ""
  std::array<std::optional<double>, kAllFigures.size()> ns;  // per operation, by Figure

  std::optional<double> Of(Figure figure) const { return ns[static_cast<std::size_t>(figure)]; }
};

Sample SampleOf(const Measurement& measurement);

// A strategy at a point.
struct Arm {
  std::string strategy;  // spec, as it is there
  std::string why_not;   // it can't be run there, or ""
  std::vector<Sample> samples;

  std::uint64_t Count(Status status) const;
  bool failed() const { return Count(Status::kFailed) > 0; }

  bool CutOff() const;  // so often that it isn't run again: it is beaten there

  // Why it has no figures: it can't be run, failed, or was cut off. "" otherwise.
  std::string Trouble() const;

  // The repetitions that count: those undisturbed, or all where fewer than kFewestForVerdict are.
  // None of a strategy in trouble.
  std::vector<double> Values(Figure figure) const;
};

struct Point {
  double x = 0;
  std::vector<Arm> arms;  // one for each strategy, in their order
  Arm again;              // the first without trouble, once more: the A/A pair
  Pace pace;
  std::uint64_t rounds = 0;
  std::string regime;  // the trial in words, but for the strategy

  bool begun() const;  // whether any repetition is finished
};

struct ArmJudgement {
  std::optional<Estimate> cost;      // ns per operation
  std::optional<Estimate> to_first;  // ratio to the first strategy's cost
  std::optional<Estimate> to_best;   // and to the lowest
};

struct Judgement {
  std::vector<ArmJudgement> arms;
  // By how much the ratio of two equal costs may differ from 1 there: the farther end of the A/A
  // pair's interval. Nothing without a pair.
  std::optional<double> noise;
  // Which are within noise of the best, ascending; of a strategy without others that can be run
  // there, itself; none where nothing can be told.
  std::vector<std::size_t> winners;
  // Whether nothing can be told for want of undisturbed repetitions of some strategy, where there
  // are several to choose from.
  bool disturbed = false;
};

// Of a figure that doesn't decide: costs and nothing else.
Judgement CostsOf(const Point& point, Figure figure);

// By the medians' ratios with their bootstrap 95 % intervals, widened by the noise.
Judgement Judge(const Point& point, Figure figure);

}  // namespace faultline::crossover
