// Comparisons of time: several ways of doing one thing, repeated and mixed, as ratios with their
// uncertainty and the noise floor of this very comparison.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "claims/claim.h"
#include "harness/report/statistics.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// One way. `run` does it once and returns what it cost, in any unit that all arms share; nothing
// for a repetition that somebody else disturbed.
struct Arm {
  std::string name;
  std::function<std::optional<double>()> run;
};

// The arms' costs. Every round runs each arm once, and the first one twice (the A/A pair that tells
// the noise), in random order.
class Comparison {
 public:
  Comparison(const std::vector<Arm>& arms, std::uint64_t rounds);

  // The median cost; throws Error when every repetition was disturbed.
  Estimate Cost(const std::string& arm) const;

  // By how much a ratio of two equal costs may differ from 1 here: the farther end of the A/A
  // pair's interval.
  double NoiseFloor() const;

  // Enters cost(numerator) / cost(denominator) as `name`, `name`_low and `name`_high, the noise
  // floor as `name`_noise, and the fewest undisturbed repetitions of the two as `name`_repetitions.
  void Enter(const std::string& name, const std::string& numerator, const std::string& denominator,
             Evidence& evidence) const;

  // Enters all costs, each arm's as PREFIXARM_UNIT.
  void EnterCosts(const std::string& prefix, const std::string& unit, Evidence& evidence) const;

 private:
  const std::vector<double>& Costs(const std::string& arm) const;

  std::map<std::string, std::vector<double>> costs_;
  std::string first_arm_;
};

// A point of a chart.
Point PointAt(double x, const Estimate& estimate);

// Where a ratio that Enter left lies, its interval widened by the noise floor.
enum class Side { kBelow, kAbove, kUndecided };
Side SideOf(const Evidence& evidence, const std::string& name, double criterion);

// "3.1x [2.9 3.3], noise 4 %".
std::string RatioText(const Evidence& evidence, const std::string& name);

// A trial in the laboratory's folder: one thread, default records, the cache filled page by page.
TrialSpec TrialIn(const Laboratory& laboratory, const std::string& strategy,
                  const std::string& workload);

// Runs it once. Throws Error when it fails (a wrong result is one), UnsupportedError when it can't
// be run here.
Measurement RunOnce(const TrialSpec& spec);

// Its cost per operation, as an arm's cost: nothing when it was disturbed.
std::optional<double> AcceptedNs(const Measurement& measurement);

}  // namespace faultline
