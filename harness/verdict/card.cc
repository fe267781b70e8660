#include "harness/verdict/card.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "harness/base/text.h"

namespace faultline::verdict {
namespace {

// Fits log(cost) = arm + round by means in turn; each pass makes the sum of squares smaller, and the
// arms of a card meet in most rounds, so that few passes are enough.
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
          missing = Concat(arm->name, " ", arm->trouble);
        } else if (arm->rounds.values().empty()) {
          missing = Concat("no usable measurement of ", arm->name);
        }
      }
      evidence.push_back(missing.empty() ? Paired(arms_[first].rounds, arms_[second].rounds)
                                         : Evidence{.missing = missing});
    }
  }
  pairs_ = Judge(evidence, rules_);
  costs_ = AdditiveCosts(arms_);
  AddZeros(arms_, costs_);
  Rank();
}

std::size_t Card::PairIndex(std::size_t first, std::size_t second) const {
  return first * (2 * arms_.size() - first - 1) / 2 + (second - first - 1);
}

Comparison Card::Compare(std::size_t strategy, std::size_t baseline) const {
  if (strategy < baseline) return pairs_[PairIndex(strategy, baseline)];
  return pairs_[PairIndex(baseline, strategy)].Mirror();
}

void Card::Rank() {
  Ranking& ranking = ranking_;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (costs_[arm]) ranking.order.push_back(arm);
  }
  std::stable_sort(ranking.order.begin(), ranking.order.end(),
                   [this](std::size_t a, std::size_t b) { return *costs_[a] < *costs_[b]; });
  if (ranking.order.empty()) return;
  // Where a verdict says otherwise, it counts.
  const auto unbeaten = [&](std::size_t arm) {
    return std::none_of(ranking.order.begin(), ranking.order.end(), [&](std::size_t other) {
      return other != arm && Compare(other, arm).verdict == Verdict::kFaster;
    });
  };
  const auto leader = std::find_if(ranking.order.begin(), ranking.order.end(), unbeaten);
  if (leader != ranking.order.end()) std::rotate(ranking.order.begin(), leader, leader + 1);
  ranking.best.push_back(ranking.order.front());
  for (auto arm = ranking.order.begin() + 1; arm != ranking.order.end(); ++arm) {
    switch (Compare(*arm, ranking.order.front()).verdict) {
      case Verdict::kTied:
        ranking.best.push_back(*arm);
        break;
      case Verdict::kSlower:
        ranking.slower.push_back(*arm);
        break;
      case Verdict::kFaster:
      case Verdict::kInconclusive:
        ranking.inconclusive.push_back(*arm);
        break;
    }
  }
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
