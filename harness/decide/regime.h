// Regimes: trials that differ in nothing but their strategy, and so may be compared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/decide/loaded_run.h"

namespace faultline {

// One workload with one set of parameters, whatever section its trials are in.
struct Regime {
  std::string workload;
  // In the run's order, one or more, each of another strategy: trials of the same one, such as an
  // A/A pair, are one trial with the repetitions of both.
  std::vector<LoadedTrial> trials;

  const LoadedTrial& first() const { return trials.front(); }
};

// The regimes of a run in its order.
std::vector<Regime> RegimesOf(const LoadedRun& run);

// "1,000,000 records of 125 bytes (119 MiB), 100,000 operations in each of 2 passes, 1 thread,
// cache paged, no memory limit".
std::string RegimeText(const LoadedTrial& trial);

// What `other` has differently, in words, such as "cache streamed, 2 threads"; "" for nothing.
std::string RegimeDifference(const LoadedTrial& trial, const LoadedTrial& other);

// What the run holds constant, in words, each a thing that nothing can be said about.
std::vector<std::string> NeverVaried(const LoadedRun& run);

}  // namespace faultline
