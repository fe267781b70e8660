// Comparisons of time: several ways of doing one thing, repeated in rounds, as ratios that
// harness/verdict judges.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "claims/claim.h"
#include "harness/record/dataset.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"
#include "harness/verdict/comparison.h"

namespace faultline {

// What one repetition cost, in any unit that all arms share.
struct Cost {
  double value = 0;
  bool interference = false;  // something else skewed it; marks it, and leaves it where it is
  // What its parts cost, by name; ARM/PART stands for them wherever an arm is named. A repetition
  // may lack some.
  std::map<std::string, double> parts = {};
  // What else it found, in units of its own; ARM/FACT stands for it likewise.
  std::map<std::string, double> facts = {};
};

// One way of doing the work. `run` does it once.
struct Arm {
  std::string name;
  std::function<Cost()> run;
};

// The seconds of one run of `action`, which computes in the calling thread, and whether there was
// interference (interference.h).
Cost Timed(const std::function<void()>& action);

// cost(numerator) / cost(denominator), for the evidence under `name`.
struct RatioToEnter {
  std::string name;
  std::string numerator;
  std::string denominator;
};

// The arms' costs. Every round runs each arm once, in random order.
class Comparison {
 public:
  // A quick laboratory runs each arm verdict::kFewestRounds times. Otherwise there are `rounds`,
  // but no fewer than that; up to two more where an arm would have fewer without interference; and
  // the first arm is run twice a round: twins, whose difference is the instrument's own.
  Comparison(const Laboratory& laboratory, const std::vector<Arm>& arms, std::uint64_t rounds);

  // The median cost of the repetitions without interference; of all when these are fewer than
  // verdict::kFewestRounds. Throws Error for an arm that isn't there, and for a part or a fact that
  // no repetition had.
  Estimate MedianCost(const std::string& arm) const;

  // Whether there is such a cost: a part may be lacking everywhere.
  bool Has(const std::string& arm) const { return rounds_.contains(arm); }

  // Judges these ratios and the twins together (verdict::Judge), and enters each as `name`,
  // `name`_low and `name`_high (these two from verdict::kFewestRounds on) and `name`_rounds; of the
  // twins, where there are any, their ratio as `name`_twins and their verdict in words. Of a pair
  // that has no ratio (no round in common, a cost of 0) words say why, as `name`.
  void Enter(const std::vector<RatioToEnter>& ratios, Evidence& evidence) const;

  // Enters the median of a cost, a part or a fact as Enter does a ratio, for holding it against a
  // bound. Where no repetition had it, nothing is entered.
  void EnterMedian(const std::string& name, const std::string& arm, Evidence& evidence) const;

  // Enters all costs, each arm's as PREFIXARM_UNIT, its parts' as PREFIXARM_PART_UNIT.
  void EnterCosts(const std::string& prefix, const std::string& unit, Evidence& evidence) const;

  // A point of a chart at the arm's median cost.
  Point PointOf(double x, const std::string& arm) const;

 private:
  const verdict::Rounds& RoundsOf(const std::string& arm) const;
  std::uint64_t WithoutInterference(const std::string& arm) const;
  void Run(std::vector<Arm>& arms, std::uint64_t round);

  std::map<std::string, verdict::Rounds> rounds_;
  std::set<std::string> facts_;  // those of them that are no costs
  std::string twins_;            // the arm that was run twice, or ""
};

// A point of a chart at the values' median, with its interval where they are enough for one.
// REQUIRES: not empty.
Point PointOf(double x, std::span<const double> values);

// Whether the ratio or median that a comparison entered as `name` reaches the bound, by its whole
// interval. Inconclusive with too few rounds, and where the twins were judged different.
verdict::Reached AtLeast(const Evidence& evidence, const std::string& name, double bound);
verdict::Reached AtMost(const Evidence& evidence, const std::string& name, double bound);

// "3.10x [2.90 3.30], 8 rounds", and behind it what keeps it from deciding.
std::string RatioText(const Evidence& evidence, const std::string& name);

// Whether rounds with interference are in it, since too few are without.
bool WithInterference(const Evidence& evidence, const std::string& name);

// A trial in the laboratory's folder: one thread, default records, the cache filled page by page.
TrialSpec TrialIn(const Laboratory& laboratory, const std::string& strategy,
                  const std::string& workload);

// The data of the trial, and of all that differ from it only in what is done to the data.
Dataset DatasetFor(const TrialSpec& spec);

// Runs it once on its dataset. Throws Error when it fails (a wrong result is one), UnsupportedError
// when it can't be run here, or its cache state can't be had.
Measurement RunOnce(const TrialSpec& spec, const Dataset& dataset);

// Runs that trial once on its dataset, which outlives the arm; it costs what `cost` says.
Arm TrialArm(const std::string& name, const TrialSpec& spec, const Dataset& dataset,
             std::function<Cost(const Measurement&)> cost);

// Its time per operation in ns: until the last one returned, and of all passes but the first.
Cost AcceptedNs(const Measurement& measurement);
Cost SteadyNs(const Measurement& measurement);

}  // namespace faultline
