// What several rules say of the same samples: the judge's, and those that other tools use.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/verdict/comparison.h"

namespace faultline::calibration {

// Values of two arms, a pair from every round.
struct Samples {
  verdict::Rounds first;
  verdict::Rounds second;
};

// Whether the rule says that the two differ. All take the costs in the order of their rounds.
struct Rule {
  std::string name;
  bool (*differ)(std::span<const double> first, std::span<const double> second);
};

// The ratio of medians of the first three values, its percentile bootstrap interval apart from 1:
// what Faultline did before it had one judge.
bool BootstrapOfThreeDiffers(std::span<const double> first, std::span<const double> second);

// mean ± standard deviation of both apart, as hyperfine prints them (it draws no conclusion).
bool DeviationsApart(std::span<const double> first, std::span<const double> second);

// The Mann-Whitney U test at 5 %, two-sided, as Google Benchmark's compare.py applies it: exact for
// samples without ties up to eight, else by the normal approximation with continuity correction.
bool UTestDiffers(std::span<const double> first, std::span<const double> second);

// The p-value of that test.
double UTestProbability(std::span<const double> first, std::span<const double> second);

std::vector<Rule> OtherRules();

// A share with its exact 95 % interval (Clopper and Pearson, 1934).
struct Rate {
  std::uint64_t hits = 0;
  std::uint64_t tries = 0;

  void Add(bool hit) {
    hits += hit;
    ++tries;
  }
  double Share() const { return tries == 0 ? 0 : double(hits) / double(tries); }
  double Low() const;
  double High() const;
};

}  // namespace faultline::calibration
