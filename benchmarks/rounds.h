// Arms that take turns: each runs once in every round, in random order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/comparison.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"

namespace faultline::peers {

struct Contender {
  std::string name;
  std::function<double()> ns_per_operation;
};

// Of each contender the time of an operation in ns, a value per round.
using Times = std::map<std::string, std::vector<double>>;

// Runs the rounds of the setting; `title` is for its progress.
Times TakeTurns(const Setting& setting, const std::string& title,
                std::vector<Contender> contenders);

// What the two took, by their names.
Finding Against(const std::string& name, const std::string& above, const std::string& below,
                const Times& times, Target target = {});

// A trial of the dataset in the setting's directory, with the cache state of all comparisons unless
// the caller changes it.
TrialSpec TrialOn(const Setting& setting, const Dataset& dataset, const std::string& strategy,
                  const std::string& workload);

// Runs it once. A repetition with interference counts too: rounds in random order spread it over
// all arms. Throws Error when the trial fails, UnsupportedError where it can't be run or its cache
// state can't be reached.
Measurement RunUndaunted(const TrialSpec& spec, const Dataset& dataset);

}  // namespace faultline::peers
