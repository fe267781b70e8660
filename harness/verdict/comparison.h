// Which of two is faster: the one rule by which Faultline compares anything.
//
// What is compared. A *round* runs every strategy of a group once, in random order; each repetition
// has processes of its own. What slows a round down slows all that is in it, so two strategies are
// compared by the ratios of the rounds that both took part in, on a logarithmic scale: the estimate
// is the geometric mean of these ratios, and exchanging the two turns x into 1/x. Where there are
// no common rounds (two runs on two days), the logarithms of both sides are compared as two
// samples. Slices of one process are no further repetitions: they share its memory layout and its
// minute.
//
// How sure it is. The interval is Student's for the mean of those logarithms (Student, "The
// probable error of a mean", 1908); for two samples, Welch's (1947). Of few rounds it becomes wide,
// not wrong: simulated between equal strategies one of 95 % excludes 1 in 2 to 5.5 % of cases from
// six rounds on, with log-normal, bimodal and heavy-tailed noise (tests/verdict/). A bootstrap of
// three values would do so in 8 to 9 % of cases, of two in 34 %. Below kFewestRounds there is no
// verdict.
//
// How often a card errs. Ten strategies are 45 comparisons, of which two would be wrong at 5 %
// each. All comparisons of one group and one figure are therefore judged together, and the
// probability that *any* of them claims a difference between equals is kRisk (Holm, "A simple
// sequentially rejective multiple test procedure", 1979): the most certain is held to kRisk / 45,
// the next to kRisk / 44, and from the first that fails its level on, all are held to that one's.
// Each interval is drawn at the level that its comparison was held to, so that interval and verdict
// always agree, and covers the truth with 95 % or more. What is promised is 5 %; kRisk is less, as
// Student's assumptions never hold quite, and as a calibration's own count scatters about the truth
// (benchmarks/calibration/): of 240 comparisons at 5 % half of all calibrations would find more.
//
// What is said. With margin m (1.05 unless told), of the ratio's interval [low, high]:
//
//     tied           1/m <= low and high <= m: any difference is smaller than matters
//     faster         low > 1    (and not tied)
//     slower         high < 1   (and not tied)
//     inconclusive   anything else: `reason` says what is missing, `rounds_needed` what settles it
//
// An example: three strategies, so three comparisons. a takes 1.00 1.02 0.98 1.01 0.99 1.00 s, b
// twice that of each round but for 1 %: the logarithms of the six ratios have mean 0.693 and
// deviation 0.01, their standard error is 0.004. Held to 0.03/3, Student's t of five degrees of
// freedom is 4.03, and a is faster than b: 2.00 [1.97 2.03]. Against its twin a2, with a mean of
// 0.003 and the same deviation, the interval is 1.003 [0.991 1.015]: tied. With a deviation of 0.1
// it would be 1.00 [0.89 1.13]: inconclusive; half a margin (2.5 %) takes about 152 rounds.
//
// What has no ratio. A count may be 0 in some rounds: of 1,500 page faults and none there is no
// ratio, though the difference is plain. Counts of which one is 0 are compared by the differences
// of the rounds instead, in their own unit, with Student's interval as above: tied where it lies
// within what is negligible in that unit (kNegligible), fewer or more where it leaves out 0. They
// have a verdict then, and no ratio. A time of 0 is none, and can't be compared.
//
// When to stop. More rounds while the sign is in doubt would find a sign in anything. A comparison
// is settled by its width alone: when high/low <= the precision, or when the whole interval is
// narrow beside the difference itself. With a precision no wider than the margin nothing that is
// settled is inconclusive: an interval of that width that contains 1 lies within the margin.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/verdict/estimate.h"

namespace faultline::verdict {

inline constexpr std::uint64_t kFewestRounds = 6;
inline constexpr double kRisk = 0.03;    // of any false claim on a card; 5 % is promised
inline constexpr double kMargin = 1.05;  // ratios within it and its inverse are ties
// Likewise differences of counts of which one is 0, up to this share of what a trial's operations
// are: an event in a thousand operations, or a byte in a thousand that they are about.
inline constexpr double kNegligible = 0.001;

enum class Verdict { kFaster, kSlower, kTied, kInconclusive };
std::string_view VerdictName(Verdict verdict);  // "faster", "slower", "tied", "inconclusive"

// "faster"… back; nothing for any other word.
std::optional<Verdict> VerdictOf(std::string_view name);

Verdict Mirrored(Verdict verdict);  // with both exchanged: faster is slower

// What a repetition found of one figure: a cost, of which less is better.
struct Value {
  double cost = 0;
  bool interference = false;  // evidence says that something else skewed it
};

// One side's values: round → value. Several repetitions in a round are that of the last one without
// interference, or the last.
class Rounds {
 public:
  void Add(std::uint64_t round, Value value);

  const std::map<std::uint64_t, Value>& values() const { return values_; }

  // The costs to show: those without interference, or all where there are fewer than kFewestRounds.
  std::vector<double> Costs() const;

  bool UsesInterference() const;  // whether Costs has some with interference

 private:
  std::map<std::uint64_t, Value> values_;
};

// What may be compared where a cost is 0: nothing, as of times; or the differences, as of counts.
enum class Zeros { kRefused, kByDifferences };

// What is known of log(baseline's cost / strategy's cost); or, `of_differences`, of the baseline's
// cost less the strategy's.
struct Evidence {
  std::uint64_t rounds = 0;
  double mean = 0;
  double standard_error = 0;       // of the mean; 0 also for a single round
  double degrees_of_freedom = 0;   // of Student's t; 0 where there is no interval
  bool with_interference = false;  // rounds with interference are in it, for want of six without
  bool of_differences = false;
  std::string missing;  // why there is none, or ""
};

// Of the rounds that both took part in; those with interference on either side are left out as long
// as kFewestRounds remain. Costs of 0 have no ratio: it is 1 where all costs of both sides are
// equal, else `zeros` decides.
Evidence Paired(const Rounds& strategy, const Rounds& baseline, Zeros zeros = Zeros::kRefused);

// Of two samples without common rounds; `rounds` is the size of the smaller one.
Evidence Unpaired(std::span<const double> strategy, std::span<const double> baseline);

struct Comparison {
  Verdict verdict = Verdict::kInconclusive;
  // Baseline's cost : strategy's, so that above 1 the strategy is faster. `low` and `high` bound
  // it; they are absent below kFewestRounds.
  struct Ratio {
    double median = 0;  // the geometric mean of the rounds' ratios
    std::optional<double> low;
    std::optional<double> high;
  };
  std::optional<Ratio> ratio;  // absent also where differences decided
  std::uint64_t rounds = 0;
  bool with_interference = false;
  std::string reason;  // why it is inconclusive: what is missing, what would settle it; else ""
  std::optional<std::uint64_t> rounds_needed;  // to settle it, about

  Comparison Mirror() const;  // the same with both exchanged

  // Whether further rounds have nothing to add: high/low <= precision, or an interval whose half is
  // at most a quarter of the difference. Never by the verdict. REQUIRES: precision > 1.
  bool Settled(double precision) const;
};

struct Rules {
  double margin = kMargin;  // REQUIRES: > 1
  double risk = kRisk;
  Zeros zeros = Zeros::kRefused;
  double negligible = 0;  // differences up to it are ties where no ratio can be
};

// The verdicts of comparisons that belong together, in their order.
std::vector<Comparison> Judge(std::span<const Evidence> card, const Rules& rules = {});

// Whether a ratio reaches a bound: yes or no where its whole interval lies on one side.
enum class Reached { kYes, kNo, kInconclusive };
Reached AtLeast(const Comparison::Ratio& ratio, double bound);
Reached AtMost(const Comparison::Ratio& ratio, double bound);

}  // namespace faultline::verdict
