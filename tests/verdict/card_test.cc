// Cards of several strategies: pairs, ranking, what is still open.
#include "harness/verdict/card.h"

#include <cmath>

#include "tests/catch.h"

namespace faultline::verdict {
namespace {

constexpr double kWobble[] = {1.00, 1.01, 0.99, 1.005, 0.995, 1.00, 1.01, 0.99};

// Eight rounds of a strategy that costs `cost`, each off by another per cent than its neighbours'.
Arm Of(std::string name, double cost, std::size_t shift = 0, std::uint64_t rounds = 8) {
  Arm arm{.name = std::move(name), .rounds = {}, .trouble = {}};
  for (std::uint64_t round = 0; round < rounds; ++round) {
    arm.rounds.Add(round, {cost * kWobble[(round + shift) % 8], false});
  }
  return arm;
}

using Indices = std::vector<std::size_t>;

TEST_CASE("every pair is compared whichever way it is asked for") {
  const Card card({Of("a", 4), Of("b", 2, 1), Of("c", 1, 3)});
  CHECK(card.Compare(1, 0).verdict == Verdict::kFaster);
  CHECK(card.Compare(1, 0).ratio->median == Approx(2).epsilon(0.01));
  CHECK(card.Compare(0, 1).verdict == Verdict::kSlower);
  CHECK(card.Compare(0, 1).ratio->median == Approx(0.5).epsilon(0.01));
  CHECK(card.Compare(2, 0).ratio->median == Approx(4).epsilon(0.01));
  CHECK(card.Compare(2, 1).ratio->median == Approx(2).epsilon(0.01));
  CHECK(card.Compare(1, 2).ratio->median == Approx(0.5).epsilon(0.01));
}

TEST_CASE("the ranking has the leader, what is tied with it, and the rest") {
  const Card card({Of("slow", 9), Of("lead", 1), Of("twin", 1.001, 2), Of("middle", 3, 1)});
  const Ranking& ranking = card.ranking();
  CHECK(ranking.order == Indices{1, 2, 3, 0});
  CHECK(ranking.leader() == 1);
  CHECK(ranking.best == Indices{1, 2});
  CHECK(ranking.slower == Indices{3, 0});
  CHECK(ranking.inconclusive.empty());
}

TEST_CASE("strategies in trouble or without figures have no rank and comparisons say why") {
  Arm failed = Of("failed", 1);
  failed.trouble = "failed: the file is wrong";
  const Card card({Of("a", 2), failed, Arm{.name = "absent", .rounds = {}, .trouble = {}}});
  CHECK(card.ranking().order == Indices{0});
  CHECK(card.ranking().best == Indices{0});
  CHECK(card.Compare(1, 0).verdict == Verdict::kInconclusive);
  CHECK(card.Compare(1, 0).reason == "failed failed: the file is wrong");
  CHECK(card.Compare(0, 2).reason == "no usable measurement of absent");
  CHECK(card.Open(0, 1.05).arms == Indices{0, 2});  // what failed isn't run again
}

TEST_CASE("a wide comparison with the leader is neither tied nor slower") {
  Arm wide = Of("wide", 1.1);
  for (std::uint64_t round = 0; round < 8; ++round) {
    wide.rounds.Add(round, {round % 2 == 0 ? 0.7 : 2.0, false});
  }
  const Card card({Of("a", 1), wide});
  CHECK(card.ranking().inconclusive == Indices{1});
  CHECK(card.Open(0, 1.05).arms == Indices{0, 1});
}

TEST_CASE("missing slow rounds is no advantage") {
  // Rounds 4 to 7 are ten times as slow; the arm that stopped before is the slower one.
  Arm whole{.name = "whole", .rounds = {}, .trouble = {}};
  Arm baseline{.name = "baseline", .rounds = {}, .trouble = {}};
  Arm stopped = Of("stopped", 1.5, 1, 4);
  for (std::uint64_t round = 0; round < 8; ++round) {
    const double level = round < 4 ? 1 : 10;
    whole.rounds.Add(round, {level * kWobble[round], false});
    baseline.rounds.Add(round, {2 * level * kWobble[(round + 3) % 8], false});
  }
  const Card card({baseline, stopped, whole});
  CHECK(card.ranking().order == Indices{2, 1, 0});
}

TEST_CASE("settled strategies drop out and the baseline stays") {
  Arm wide = Of("wide", 2);
  for (std::uint64_t round = 0; round < 8; ++round) {
    wide.rounds.Add(round, {round % 2 == 0 ? 1.5 : 2.6, false});
  }
  const Card card({Of("base", 2, 1), Of("far", 20), wide, Of("lead", 1)});
  // wide is open with the baseline and with the leader; far is not.
  CHECK(card.Open(0, 1.05).arms == Indices{0, 2, 3});
  CHECK(card.Open(0, 1.05).comparisons == 2);
  const Card all({Of("base", 2, 1), Of("far", 20), Of("lead", 1)});
  CHECK(all.Open(0, 1.05).empty());
}

TEST_CASE("few rounds leave everything open") {
  const Card card({Of("a", 1, 0, 5), Of("b", 9, 0, 5)});
  CHECK(card.Open(0, 1.05).arms == Indices{0, 1});
}

TEST_CASE("counts of nothing lead and equal ones tie") {
  Arm none{.name = "none", .rounds = {}, .trouble = {}};
  Arm none_too = none;
  for (std::uint64_t round = 0; round < 6; ++round) {
    none.rounds.Add(round, {0, false});
    none_too.rounds.Add(round, {0, false});
  }
  const Card card({Of("some", 30), none, none_too});
  CHECK(card.ranking().order == Indices{1, 2, 0});
  CHECK(card.ranking().best == Indices{1, 2});
  CHECK(card.ranking().inconclusive == Indices{0});
}

TEST_CASE("an empty card ranks nothing") {
  const Card card({});
  CHECK(card.ranking().empty());
}

}  // namespace
}  // namespace faultline::verdict
