// Who leads, who is tied with the leader, and of whom neither can be said.
#pragma once

#include <algorithm>
#include <vector>

#include "harness/verdict/comparison.h"

namespace faultline::verdict {

// Where strategies stand, each by its Id.
template <class Id>
struct BasicRanking {
  std::vector<Id> order;         // cheapest first: those with a cost
  std::vector<Id> best;          // the leader, and those tied with it
  std::vector<Id> inconclusive;  // may be as fast as the leader, or not
  std::vector<Id> slower;        // than the leader

  bool empty() const { return order.empty(); }
  const Id& leader() const { return best.front(); }  // REQUIRES: not empty
};

// Of strategies in the order of their costs; `verdict(a, b)` says what a is beside b. The leader is
// the first that no other one is faster than: where a verdict contradicts the order, it counts.
template <class Id, class VerdictBetween>
BasicRanking<Id> RankInOrder(std::vector<Id> order, VerdictBetween verdict) {
  BasicRanking<Id> ranking;
  const auto leader = std::find_if(order.begin(), order.end(), [&](const Id& one) {
    return std::none_of(order.begin(), order.end(), [&](const Id& other) {
      return !(other == one) && verdict(other, one) == Verdict::kFaster;
    });
  });
  if (leader != order.end()) std::rotate(order.begin(), leader, leader + 1);
  for (const Id& one : order) {
    const Verdict beside = ranking.best.empty() ? Verdict::kTied : verdict(one, order.front());
    (beside == Verdict::kTied     ? ranking.best
     : beside == Verdict::kSlower ? ranking.slower
                                  : ranking.inconclusive)
        .push_back(one);
  }
  ranking.order = std::move(order);
  return ranking;
}

}  // namespace faultline::verdict
