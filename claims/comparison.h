// Comparisons of time: several ways of doing one thing, repeated and mixed, as ratios with their
// uncertainty and the noise floor of this very comparison.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "claims/claim.h"
#include "harness/record/dataset.h"
#include "harness/report/statistics.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// What one repetition cost, in any unit that all arms share.
struct Cost {
  double value = 0;
  bool disturbed = false;  // by somebody else's use of the machine
  // What it cost in parts of the repetition that can be told apart, by name; ARM/PART stands for
  // them wherever an arm is named. A repetition may lack some.
  std::map<std::string, double> parts = {};
};

// One way. `run` does it once.
struct Arm {
  std::string name;
  std::function<Cost()> run;
};

// The seconds of one run of `action`, which computes in the calling thread, and whether there was
// interference (interference.h).
Cost Timed(const std::function<void()>& action);

// The arms' costs. Every round runs each arm once, and the first one twice (the A/A pair that tells
// the noise), in random order. There are up to two rounds more where otherwise an arm would have
// fewer than three undisturbed repetitions.
class Comparison {
 public:
  Comparison(const std::vector<Arm>& arms, std::uint64_t rounds);

  // The median cost of the undisturbed repetitions; of all when fewer than three are undisturbed.
  // Throws Error for an arm that isn't there, and for a part that no repetition had.
  Estimate MedianCost(const std::string& arm) const;

  // Whether there is such a cost: a part may be lacking everywhere.
  bool Has(const std::string& arm) const { return costs_.contains(arm); }

  // By how much a ratio of two equal costs may differ from 1 here: the farther end of the A/A
  // pair's interval.
  double NoiseFloor() const;

  // Enters cost(numerator) / cost(denominator) as `name`, `name`_low and `name`_high, the noise
  // floor as `name`_noise, and the fewest undisturbed repetitions of the two as `name`_repetitions.
  void Enter(const std::string& name, const std::string& numerator, const std::string& denominator,
             Evidence& evidence) const;

  // Enters all costs, each arm's as PREFIXARM_UNIT, its parts' as PREFIXARM_PART_UNIT.
  void EnterCosts(const std::string& prefix, const std::string& unit, Evidence& evidence) const;

 private:
  // The repetitions that count.
  std::vector<double> Costs(const std::string& arm) const;
  std::uint64_t Undisturbed(const std::string& arm) const;

  std::map<std::string, std::vector<Cost>> costs_;
  std::string first_arm_;
};

// A point of a chart.
Point PointAt(double x, const Estimate& estimate);

// Where a ratio that Enter left lies, its interval widened by the noise floor; undecided with fewer
// than three undisturbed repetitions of each.
enum class Side { kBelow, kAbove, kUndecided };
Side SideOf(const Evidence& evidence, const std::string& name, double criterion);

// "3.1x [2.9 3.3], noise 4 %", with ", disturbed" behind it where that keeps it from deciding.
std::string RatioText(const Evidence& evidence, const std::string& name);

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
