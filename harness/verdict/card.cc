#include "harness/verdict/card.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <set>

namespace faultline::verdict {
namespace {

// Fits log(cost) = arm + round by means in turn; each pass makes the sum of squares smaller, and
// the arms of a card meet in most rounds, so that few passes are enough.
std::vector<std::optional<double>> AdditiveCosts(const std::vector<Arm>& arms) {
  constexpr int kPasses = 100;
  struct Cell {
    std::size_t arm;
    double log_cost;
  };
  std::map<std::uint64_t, std::vector<Cell>> rounds;
  std::vector<std::optional<double>> costs(arms.size());
  std::vector<std::size_t> counts(arms.size());
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (!arms[i].trouble.empty()) continue;
    for (const auto& [round, value] : arms[i].rounds.values()) {
      if (!(value.cost > 0)) continue;
      rounds[round].push_back({i, std::log(value.cost)});
      costs[i] = costs[i].value_or(0) + std::log(value.cost);
      ++counts[i];
    }
    if (costs[i]) *costs[i] /= static_cast<double>(counts[i]);
  }
  for (int pass = 0; pass < kPasses; ++pass) {
    std::vector<double> sums(arms.size());
    for (const auto& [round, cells] : rounds) {
      double level = 0;
      for (const Cell& cell : cells) level += cell.log_cost - *costs[cell.arm];
      level /= static_cast<double>(cells.size());
      for (const Cell& cell : cells) sums[cell.arm] += cell.log_cost - level;
    }
    for (std::size_t i = 0; i < arms.size(); ++i) {
      if (costs[i]) costs[i] = sums[i] / static_cast<double>(counts[i]);
    }
  }
  return costs;
}

// Costs of 0 have no logarithm: the arms that have them come first, by their mean.
void AddZeros(const std::vector<Arm>& arms, std::vector<std::optional<double>>& costs) {
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const std::vector<double> values =
        arms[i].trouble.empty() ? arms[i].rounds.Costs() : std::vector<double>();
    if (values.empty() || *std::min_element(values.begin(), values.end()) > 0) continue;
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    costs[i] = mean > 0 ? std::log(mean) : -HUGE_VAL;
  }
}

}  // namespace

Card::Card(std::vector<Arm> arms, const Rules& rules) : arms_(std::move(arms)), rules_(rules) {
  std::vector<Evidence> evidence;
  for (std::size_t first = 0; first < arms_.size(); ++first) {
    for (std::size_t second = first + 1; second < arms_.size(); ++second) {
      std::string missing;
      for (const Arm* arm : {&arms_[second], &arms_[first]}) {
        if (!arm->trouble.empty()) {
          missing = fmt::format("{} {}", arm->name, arm->trouble);
        } else if (arm->rounds.values().empty()) {
          missing = fmt::format("no usable measurement of {}", arm->name);
        }
      }
      evidence.push_back(missing.empty()
                             ? Paired(arms_[first].rounds, arms_[second].rounds, rules_.zeros)
                             : Evidence{.missing = missing});
    }
  }
  pairs_ = Judge(evidence, rules_);
  costs_ = AdditiveCosts(arms_);
  AddZeros(arms_, costs_);
  std::vector<std::size_t> all(arms_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  ranking_ = RankingOf(all);
}

std::size_t Card::PairIndex(std::size_t first, std::size_t second) const {
  return first * (2 * arms_.size() - first - 1) / 2 + (second - first - 1);
}

Comparison Card::Compare(std::size_t strategy, std::size_t baseline) const {
  if (strategy < baseline) return pairs_[PairIndex(strategy, baseline)];
  return pairs_[PairIndex(baseline, strategy)].Mirror();
}

Ranking Card::RankingOf(const std::vector<std::size_t>& arms) const {
  std::vector<std::size_t> order;
  for (const std::size_t arm : arms) {
    if (costs_[arm]) order.push_back(arm);
  }
  std::stable_sort(order.begin(), order.end(),
                   [this](std::size_t a, std::size_t b) { return *costs_[a] < *costs_[b]; });
  return RankInOrder(std::move(order),
                     [this](std::size_t a, std::size_t b) { return Compare(a, b).verdict; });
}

OpenArms Card::Open(std::size_t baseline, double precision) const {
  std::set<std::size_t> open;
  std::size_t comparisons = 0;
  std::vector<std::size_t> references = {baseline};
  if (!ranking_.empty() && ranking_.leader() != baseline) references.push_back(ranking_.leader());
  for (const std::size_t reference : references) {
    if (!arms_[reference].trouble.empty()) continue;
    for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
      const bool counted_before = reference != baseline && arm == baseline;
      if (arm == reference || counted_before || !arms_[arm].trouble.empty()) continue;
      if (Compare(arm, reference).Settled(precision)) continue;
      ++comparisons;
      open.insert({arm, reference});
    }
  }
  if (!open.empty() && arms_[baseline].trouble.empty()) open.insert(baseline);
  return {.arms = {open.begin(), open.end()}, .comparisons = comparisons};
}

}  // namespace faultline::verdict
