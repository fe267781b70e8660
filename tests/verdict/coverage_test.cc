// The judge held against simulation: how often it errs where the truth is known.
#include <cmath>

#include "harness/verdict/card.h"
#include "tests/catch.h"
#include "tests/verdict/simulation.h"

namespace faultline::verdict {
namespace {

// Adds a round of costs: what all share, what is each one's own, and its true logarithm.
void AddRound(std::vector<Arm>& arms, const std::vector<double>& truth, std::uint64_t round,
              NoiseSource& shared, NoiseSource& own) {
  const double level = 3 * shared.Draw();
  for (std::size_t i = 0; i < arms.size(); ++i) {
    arms[i].rounds.Add(round, {std::exp(truth[i] + level + own.Draw()), false});
  }
}

std::vector<Arm> Simulate(const std::vector<double>& truth, std::uint64_t rounds,
                          NoiseSource& shared, NoiseSource& own) {
  std::vector<Arm> arms;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    arms.push_back(
        {.name = std::string(1, static_cast<char>('a' + i)), .rounds = {}, .trouble = {}});
  }
  for (std::uint64_t round = 0; round < rounds; ++round) {
    AddRound(arms, truth, round, shared, own);
  }
  return arms;
}

bool AnyClaim(const Card& card) {
  for (std::size_t i = 0; i < card.arms().size(); ++i) {
    for (std::size_t j = i + 1; j < card.arms().size(); ++j) {
      const Verdict verdict = card.Compare(i, j).verdict;
      if (verdict == Verdict::kFaster || verdict == Verdict::kSlower) return true;
    }
  }
  return false;
}

TEST_CASE("rare counts of equal strategies differ in at most 5 of 100 cases") {
  constexpr int kTries = 4000;
  for (const double likely : {0.05, 0.3, 0.8}) {
    for (const std::uint64_t rounds : {6, 20}) {
      CAPTURE(likely, rounds);
      Random random(rounds);
      int claims = 0;
      for (int i = 0; i < kTries; ++i) {
        std::vector<Arm> arms(2);
        for (Arm& arm : arms) {
          for (std::uint64_t round = 0; round < rounds; ++round) {
            double count = 0;
            while (random.Unit() < likely) ++count;
            arm.rounds.Add(round, {count, false});
          }
        }
        claims += AnyClaim(Card(arms, {.zeros = Zeros::kByDifferences}));
      }
      CHECK(claims <= kTries * 0.05);
    }
  }
}

TEST_CASE("intervals contain the truth as often as they say") {
  constexpr int kTries = 4000;
  const double truth = std::log(1.3);
  for (const Noise noise : kNoises) {
    for (const std::uint64_t rounds : {6, 10, 20}) {
      CAPTURE(NoiseName(noise), rounds);
      NoiseSource shared(noise, 0.1, 1);
      NoiseSource own(noise, 0.1, 2 + rounds);
      int inside = 0;
      for (int i = 0; i < kTries; ++i) {
        const Card card(Simulate({truth, 0}, rounds, shared, own));
        const Comparison::Ratio ratio = *card.Compare(1, 0).ratio;
        inside += *ratio.low <= 1.3 && 1.3 <= *ratio.high;
      }
      // 95 %, and what 4,000 tries may be off by: three deviations are 1 %.
      CHECK(inside >= kTries * 0.94);
    }
  }
}

TEST_CASE("a card of equal strategies claims a difference in at most 5 of 100 cases") {
  constexpr int kTries = 1500;
  for (const Noise noise : kNoises) {
    for (const std::size_t arms : {2, 5, 10}) {
      CAPTURE(NoiseName(noise), arms);
      NoiseSource shared(noise, 0.1, 3);
      NoiseSource own(noise, 0.1, 4 + arms);
      int claims = 0;
      for (int i = 0; i < kTries; ++i) {
        claims += AnyClaim(Card(Simulate(std::vector<double>(arms), 8, shared, own)));
      }
      // Three deviations of 1,500 tries are 1.7 %.
      CHECK(claims <= kTries * 0.067);
    }
  }
}

TEST_CASE("a planted difference is found and its size never called a tie") {
  constexpr int kTries = 300;
  for (const Noise noise : kNoises) {
    CAPTURE(NoiseName(noise));
    NoiseSource shared(noise, 0.17, 5);
    NoiseSource own(noise, 0.12, 6);  // so that a pair's ratio has 0.17, as beside busy loops
    int doubled = 0;
    int tenth = 0;
    int ties = 0;
    for (int i = 0; i < kTries; ++i) {
      doubled += Card(Simulate({std::log(2), 0}, 6, shared, own)).Compare(1, 0).verdict ==
                 Verdict::kFaster;
      tenth += Card(Simulate({std::log(1.1), 0}, 40, shared, own)).Compare(1, 0).verdict ==
               Verdict::kFaster;
      ties += Card(Simulate({std::log(1.25), 0}, 10, shared, own)).Compare(1, 0).verdict ==
              Verdict::kTied;
    }
    CHECK(doubled >= kTries * 0.97);
    CHECK(tenth >= kTries * 0.85);
    CHECK(ties == 0);
  }
}

TEST_CASE("drift between rounds costs nothing") {
  constexpr int kTries = 300;
  NoiseSource own(Noise::kLogNormal, 0.03, 7);
  int found = 0;
  int claims = 0;
  for (int i = 0; i < kTries; ++i) {
    std::vector<Arm> arms(3);
    for (std::uint64_t round = 0; round < 8; ++round) {
      const double drift = 0.2 * static_cast<double>(round);  // to four times the cost
      for (std::size_t arm = 0; arm < 3; ++arm) {
        const double truth = arm == 2 ? std::log(1.2) : 0;
        arms[arm].rounds.Add(round, {std::exp(truth + drift + own.Draw()), false});
      }
    }
    const Card card(arms);
    found += card.Compare(0, 2).verdict == Verdict::kFaster;
    const Verdict twins = card.Compare(0, 1).verdict;
    claims += twins == Verdict::kFaster || twins == Verdict::kSlower;
  }
  CHECK(found >= kTries * 0.95);
  CHECK(claims <= kTries * 0.05);
}

TEST_CASE("going on until the intervals are narrow claims no more than looking once", "[slow]") {
  constexpr int kTries = 600;
  constexpr std::uint64_t kMostRounds = 60;
  for (const Noise noise : kNoises) {
    for (const double deviation : {0.02, 0.04, 0.1}) {
      CAPTURE(NoiseName(noise), deviation);
      NoiseSource shared(noise, 0.1, 8);
      NoiseSource own(noise, deviation, 9);
      int claims = 0;
      for (int i = 0; i < kTries; ++i) {
        std::vector<Arm> arms = Simulate({0, 0}, kFewestRounds, shared, own);
        std::uint64_t round = kFewestRounds;
        while (round < kMostRounds && !Card(arms).Open(0, kMargin).empty()) {
          AddRound(arms, {0, 0}, round++, shared, own);
        }
        claims += AnyClaim(Card(arms));
      }
      // 5 %, and three deviations of 600 tries.
      CHECK(claims <= kTries * 0.077);
    }
  }
}

}  // namespace
}  // namespace faultline::verdict
