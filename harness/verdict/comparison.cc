#include "harness/verdict/comparison.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "harness/base/text.h"

namespace faultline::verdict {
namespace {

using Student = boost::math::students_t;

struct Moments {
  double mean = 0;
  double variance = 0;  // of a value; 0 for a single one
};

Moments MomentsOf(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  Moments moments;
  moments.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (values.size() < 2) return moments;
  for (const double value : values) {
    moments.variance += (value - moments.mean) * (value - moments.mean) / (count - 1);
  }
  return moments;
}

bool AllEqual(std::span<const double> values) {
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
}

bool AllPositive(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
}

bool HaveRatios(std::span<const double> strategy, std::span<const double> baseline) {
  return AllPositive(strategy) && AllPositive(baseline);
}

std::vector<double> Logarithms(std::span<const double> values) {
  std::vector<double> logs;
  for (const double value : values) logs.push_back(std::log(value));
  return logs;
}

// Evidence that needs no arithmetic: too little to compare, no difference at all, or no ratio.
std::optional<Evidence> Special(std::span<const double> strategy, std::span<const double> baseline,
                                Zeros zeros) {
  Evidence evidence;
  evidence.rounds = std::min(strategy.size(), baseline.size());
  if (evidence.rounds == 0) {
    evidence.missing = "no usable measurement of both";
    return evidence;
  }
  if (AllEqual(strategy) && AllEqual(baseline) && strategy.front() == baseline.front()) {
    evidence.degrees_of_freedom = static_cast<double>(evidence.rounds) - 1;
    return evidence;
  }
  if (HaveRatios(strategy, baseline) || zeros == Zeros::kByDifferences) return std::nullopt;
  evidence.missing = "a value of 0 has no ratio";
  return evidence;
}

// The probability of an estimate as far from 0 as this one where there is no difference.
double Probability(const Evidence& evidence) {
  if (evidence.standard_error == 0) return evidence.mean == 0 ? 1 : 0;
  const double t = std::abs(evidence.mean) / evidence.standard_error;
  return 2 * boost::math::cdf(boost::math::complement(Student(evidence.degrees_of_freedom), t));
}

// Half the interval's width, of the logarithm.
double HalfWidth(const Evidence& evidence, double risk) {
  if (evidence.standard_error == 0) return 0;
  const Student student(evidence.degrees_of_freedom);
  return evidence.standard_error *
         boost::math::quantile(boost::math::complement(student, risk / 2));
}

// Rounds in which half the width falls to `target`: it shrinks with their root.
std::uint64_t RoundsFor(const Evidence& evidence, double half_width, double target) {
  const double factor = half_width / target;
  return static_cast<std::uint64_t>(
      std::ceil(static_cast<double>(evidence.rounds) * factor * factor));
}

// Says how many rounds would settle it.
void LeaveOpen(const Evidence& evidence, std::string why, std::uint64_t rounds_needed,
               Comparison& comparison) {
  comparison.rounds_needed = std::max(evidence.rounds + 1, rounds_needed);
  comparison.reason = fmt::format("{}; about {} rounds would settle it", why,
                                  FormatCount(*comparison.rounds_needed));
}

void DecideByDifferences(const Evidence& evidence, double risk, const Rules& rules,
                         Comparison& comparison) {
  const double half_width = HalfWidth(evidence, risk);
  const double size = std::abs(evidence.mean);
  if (size + half_width <= rules.negligible) {
    comparison.verdict = Verdict::kTied;
  } else if (size > half_width) {
    comparison.verdict = evidence.mean > 0 ? Verdict::kFaster : Verdict::kSlower;
  } else {
    const std::string why =
        "a value of 0 has no ratio, and the interval of the differences contains 0";
    const double target = std::max(rules.negligible / 2, size * 0.8);
    if (target == 0) {
      comparison.reason = why;
    } else {
      LeaveOpen(evidence, why, RoundsFor(evidence, half_width, target), comparison);
    }
  }
}

void Decide(const Evidence& evidence, double risk, const Rules& rules, Comparison& comparison) {
  if (evidence.of_differences) return DecideByDifferences(evidence, risk, rules, comparison);
  const double half_width = HalfWidth(evidence, risk);
  const double low = std::exp(evidence.mean - half_width);
  const double high = std::exp(evidence.mean + half_width);
  comparison.ratio->low = low;
  comparison.ratio->high = high;
  if (low >= 1 / rules.margin && high <= rules.margin) {
    comparison.verdict = Verdict::kTied;
  } else if (low > 1) {
    comparison.verdict = Verdict::kFaster;
  } else if (high < 1) {
    comparison.verdict = Verdict::kSlower;
  } else {
    const double target = std::max(std::log(rules.margin) / 2, std::abs(evidence.mean) * 0.8);
    LeaveOpen(evidence,
              fmt::format("the interval contains 1 and reaches beyond the margin of {}",
                          FormatPercent(rules.margin - 1)),
              RoundsFor(evidence, half_width, target), comparison);
  }
}

bool Judgeable(const Evidence& evidence) {
  return evidence.missing.empty() && evidence.rounds >= kFewestRounds;
}

// The level that each of them is held to (Holm), where it can be judged.
std::vector<double> Levels(std::span<const Evidence> card, double risk) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < card.size(); ++i) {
    if (Judgeable(card[i])) order.push_back(i);
  }
  std::vector<double> probabilities(card.size());
  for (const std::size_t i : order) probabilities[i] = Probability(card[i]);
  std::stable_sort(order.begin(), order.end(), [&probabilities](std::size_t a, std::size_t b) {
    return probabilities[a] < probabilities[b];
  });
  std::vector<double> levels(card.size(), risk);
  std::size_t held = order.size();  // how many the level is shared by
  for (std::size_t place = 0; place < order.size(); ++place) {
    levels[order[place]] = risk / static_cast<double>(held);
    const bool failed = probabilities[order[place]] > levels[order[place]];
    if (failed) {
      for (++place; place < order.size(); ++place) {
        levels[order[place]] = risk / static_cast<double>(held);
      }
    }
    --held;
  }
  return levels;
}

Comparison JudgeOne(const Evidence& evidence, double level, const Rules& rules) {
  Comparison comparison;
  comparison.rounds = evidence.rounds;
  comparison.with_interference = evidence.with_interference;
  if (!evidence.missing.empty()) {
    comparison.reason = evidence.missing;
    return comparison;
  }
  if (!evidence.of_differences) {
    comparison.ratio = Comparison::Ratio{std::exp(evidence.mean), std::nullopt, std::nullopt};
  }
  if (!Judgeable(evidence)) {
    comparison.rounds_needed = kFewestRounds;
    comparison.reason =
        fmt::format("not enough data: {} usable round{}, {} needed", evidence.rounds,
                    evidence.rounds == 1 ? "" : "s", kFewestRounds);
    return comparison;
  }
  Decide(evidence, level, rules, comparison);
  return comparison;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  static constexpr std::string_view kNames[] = {"faster", "slower", "tied", "inconclusive"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> VerdictOf(std::string_view name) {
  for (const Verdict verdict :
       {Verdict::kFaster, Verdict::kSlower, Verdict::kTied, Verdict::kInconclusive}) {
    if (name == VerdictName(verdict)) return verdict;
  }
  return std::nullopt;
}

Verdict Mirrored(Verdict verdict) {
  if (verdict == Verdict::kFaster) return Verdict::kSlower;
  if (verdict == Verdict::kSlower) return Verdict::kFaster;
  return verdict;
}

void Rounds::Add(std::uint64_t round, Value value) {
  const auto [place, is_new] = values_.try_emplace(round, value);
  if (!is_new && (place->second.interference || !value.interference)) place->second = value;
}

std::vector<double> Rounds::Costs() const {
  const bool all = UsesInterference();
  std::vector<double> costs;
  for (const auto& [round, value] : values_) {
    if (all || !value.interference) costs.push_back(value.cost);
  }
  return costs;
}

bool Rounds::UsesInterference() const {
  const auto quiet = static_cast<std::uint64_t>(
      std::count_if(values_.begin(), values_.end(),
                    [](const auto& entry) { return !entry.second.interference; }));
  return quiet < kFewestRounds && quiet < values_.size();
}

Evidence Paired(const Rounds& strategy, const Rounds& baseline, Zeros zeros) {
  struct Costs {
    std::vector<double> strategy;
    std::vector<double> baseline;
  };
  Costs quiet;
  Costs all;
  for (const auto& [round, ours] : strategy.values()) {
    const auto found = baseline.values().find(round);
    if (found == baseline.values().end()) continue;
    const Value& theirs = found->second;
    const bool is_quiet = !ours.interference && !theirs.interference;
    for (Costs* costs : {&all, is_quiet ? &quiet : nullptr}) {
      if (costs == nullptr) continue;
      costs->strategy.push_back(ours.cost);
      costs->baseline.push_back(theirs.cost);
    }
  }
  const bool enough = quiet.strategy.size() >= kFewestRounds;
  const Costs& used = enough ? quiet : all;
  const bool with_interference = quiet.strategy.size() < used.strategy.size();
  if (auto special = Special(used.strategy, used.baseline, zeros)) {
    special->with_interference = with_interference;
    return *special;
  }
  const bool of_differences = !HaveRatios(used.strategy, used.baseline);
  std::vector<double> differences;  // of the costs, or of their logarithms
  for (std::size_t i = 0; i < used.strategy.size(); ++i) {
    differences.push_back(of_differences ? used.baseline[i] - used.strategy[i]
                                         : std::log(used.baseline[i]) - std::log(used.strategy[i]));
  }
  const Moments moments = MomentsOf(differences);
  const auto count = static_cast<double>(differences.size());
  return {.rounds = differences.size(),
          .mean = moments.mean,
          .standard_error = std::sqrt(moments.variance / count),
          .degrees_of_freedom = count - 1,
          .with_interference = with_interference,
          .of_differences = of_differences,
          .missing = {}};
}

Evidence Unpaired(std::span<const double> strategy, std::span<const double> baseline) {
  if (auto special = Special(strategy, baseline, Zeros::kRefused)) return *special;
  const Moments ours = MomentsOf(Logarithms(strategy));
  const Moments theirs = MomentsOf(Logarithms(baseline));
  const auto our_count = static_cast<double>(strategy.size());
  const auto their_count = static_cast<double>(baseline.size());
  const double our_share = ours.variance / our_count;
  const double their_share = theirs.variance / their_count;
  const double sum = our_share + their_share;
  // Welch and Satterthwaite's degrees of freedom.
  const double degrees = sum > 0 ? sum * sum /
                                       (our_share * our_share / std::max(1.0, our_count - 1) +
                                        their_share * their_share / std::max(1.0, their_count - 1))
                                 : our_count + their_count - 2;
  return {.rounds = std::min(strategy.size(), baseline.size()),
          .mean = theirs.mean - ours.mean,
          .standard_error = std::sqrt(sum),
          .degrees_of_freedom = degrees,
          .with_interference = false,
          .of_differences = false,
          .missing = {}};
}

Comparison Comparison::Mirror() const {
  Comparison mirrored = *this;
  mirrored.verdict = Mirrored(verdict);
  if (ratio) {
    mirrored.ratio->median = 1 / ratio->median;
    mirrored.ratio->low.reset();
    mirrored.ratio->high.reset();
    if (ratio->high) mirrored.ratio->low = 1 / *ratio->high;
    if (ratio->low) mirrored.ratio->high = 1 / *ratio->low;
  }
  return mirrored;
}

bool Comparison::Settled(double precision) const {
  if (!ratio || !ratio->low || !ratio->high) return false;
  const double half_width = (std::log(*ratio->high) - std::log(*ratio->low)) / 2;
  return 2 * half_width <= std::log(precision) ||
         half_width <= std::abs(std::log(ratio->median)) / 4;
}

std::vector<Comparison> Judge(std::span<const Evidence> card, const Rules& rules) {
  const std::vector<double> levels = Levels(card, rules.risk);
  std::vector<Comparison> comparisons;
  for (std::size_t i = 0; i < card.size(); ++i) {
    comparisons.push_back(JudgeOne(card[i], levels[i], rules));
  }
  return comparisons;
}

Reached AtLeast(const Comparison::Ratio& ratio, double bound) {
  if (!ratio.low || !ratio.high) return Reached::kInconclusive;
  if (*ratio.low >= bound) return Reached::kYes;
  return *ratio.high < bound ? Reached::kNo : Reached::kInconclusive;
}

Reached AtMost(const Comparison::Ratio& ratio, double bound) {
  if (!ratio.low || !ratio.high) return Reached::kInconclusive;
  if (*ratio.high <= bound) return Reached::kYes;
  return *ratio.low > bound ? Reached::kNo : Reached::kInconclusive;
}

}  // namespace faultline::verdict
