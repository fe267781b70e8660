// All strategies of a group by one figure: every pair compared, and who leads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/verdict/comparison.h"
#include "harness/verdict/ranking.h"

namespace faultline::verdict {

// A strategy on a card.
struct Arm {
  std::string name;
  Rounds rounds;
  std::string
      trouble;  // why it has no figures ("failed: …"), or ""; then `rounds` count for nothing
};

using Ranking = BasicRanking<std::size_t>;  // of indices of arms

// What isn't settled yet.
struct OpenArms {
  std::vector<std::size_t> arms;  // ascending
  std::size_t comparisons = 0;    // that keep them in

  bool empty() const { return arms.empty(); }
};

// Judges all pairs together: the error of all that a card says is held at Rules::risk.
class Card {
 public:
  explicit Card(std::vector<Arm> arms, const Rules& rules = {});

  const std::vector<Arm>& arms() const { return arms_; }
  const Rules& rules() const { return rules_; }

  // Which of the two is faster. REQUIRES: strategy != baseline.
  Comparison Compare(std::size_t strategy, std::size_t baseline) const;

  // The costs in order are those of an additive model of the logarithms: cost = arm + round, so
  // that an arm that missed slow rounds gains nothing by it.
  const Ranking& ranking() const { return ranking_; }

  // The same among some of the arms only: verdicts stay those of the whole card.
  Ranking RankingOf(const std::vector<std::size_t>& arms) const;

  // The arms that another round would tell more of: those of a pair with the baseline or the leader
  // that isn't settled, and the baseline beside them.
  OpenArms Open(std::size_t baseline, double precision) const;

 private:
  std::size_t PairIndex(std::size_t first, std::size_t second) const;  // first < second

  std::vector<Arm> arms_;
  Rules rules_;
  std::vector<Comparison> pairs_;             // first against second, in order
  std::vector<std::optional<double>> costs_;  // log, of the additive model; absent without values
  Ranking ranking_;
};

}  // namespace faultline::verdict
