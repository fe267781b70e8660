// One point of a crossover: what its rounds found, and which strategies are best there.
//
// harness/verdict judges which strategy is faster; here its verdicts become a point's winners.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/trial/cut_off.h"
#include "harness/trial/measurement.h"
#include "harness/verdict/card.h"
#include "harness/verdict/estimate.h"

namespace faultline::crossover {

// What decides: nanoseconds per operation until the calls had returned, until everything was
// durable, or of all passes but the first.
enum class Figure { kAccepted, kDurable, kSteady };
inline constexpr std::array kAllFigures = {Figure::kAccepted, Figure::kDurable, Figure::kSteady};

inline constexpr EnumNames<Figure> kFigureWords{"accepted", "durable", "steady"};
inline std::string_view FigureWord(Figure figure) { return kFigureWords(figure); }
std::string_view FigureName(Figure figure);  // of the run document: "ns_per_operation"

Figure ParseFigure(std::string_view text);  // throws UsageError for what is no word of one

// A finished repetition.
struct Sample {
  std::uint64_t round = 0;  // of its point
  Status status = Status::kOk;
  std::string error;                                         // one line, or ""
  std::array<std::optional<double>, kAllFigures.size()> ns;  // per operation, by Figure

  std::optional<double> Of(Figure figure) const { return ns[static_cast<std::size_t>(figure)]; }
};

Sample SampleOf(const Measurement& measurement, std::uint64_t round);

// A strategy at a point.
struct Arm {
  std::string strategy;  // spec, as it is there
  std::string why_not;   // it can't be run there, or ""
  std::vector<Sample> samples;

  std::uint64_t Count(Status status) const;
  bool failed() const { return Count(Status::kFailed) > 0; }

  bool CutOff() const;  // often enough that it isn't run again: it is beaten there

  // Why it has no figures: it can't be run, failed, or was cut off. "" otherwise.
  std::string Trouble() const;

  // The same with its kind: "FAILED: …", "was cut off …", "is not possible: …".
  std::string TroubleInWords() const;

  // What the judge compares; nothing of a strategy in trouble.
  verdict::Rounds RoundsOf(Figure figure) const;

  // Whether its figures have interference in them, since fewer than six rounds had none.
  bool WithInterference() const;
};

struct Point {
  double x = 0;
  std::vector<Arm> arms;  // one for each strategy, in their order
  Arm again;              // the first without trouble, once more: its twin, an arm like the others
  CutOffPolicy cut_offs;
  std::uint64_t rounds = 0;
  std::string regime;  // the trial in words, but for the strategy

  bool begun() const;  // whether any repetition is finished
};

// Two arms of a point. Arms are numbered as Point::arms; the twin has the number behind the last.
struct ArmComparison {
  std::size_t strategy = 0;
  std::size_t baseline = 0;
  verdict::Comparison comparison;
};

struct Judgement {
  std::vector<std::optional<Estimate>> costs;  // ns per operation of each strategy

  // Each arm against the first strategy, against the leader, and the twin against its strategy.
  std::vector<ArmComparison> comparisons;
  verdict::Ranking ranking;  // of the strategies, without the twin
  std::optional<ArmComparison> twin;

  // The leader and those tied with it, ascending; of a strategy without others that can be run
  // there, itself; none where some strategy may be as fast as the leader, or not.
  std::vector<std::size_t> winners;
  std::string inconclusive;  // why there are none, though there are several to choose from, or ""
  bool open = false;         // some comparison with the leader is wider than the precision

  // Nothing where the two were not compared.
  const verdict::Comparison* Of(std::size_t strategy, std::size_t baseline) const;
};

// Of a figure that doesn't decide: costs and nothing else.
Judgement CostsOf(const Point& point, Figure figure);

// All pairs of the point's arms are one card: the error of all that is said there is held together.
Judgement Judge(const Point& point, Figure figure);

}  // namespace faultline::crossover
