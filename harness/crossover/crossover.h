// faultline crossover: where the best strategy changes as a parameter does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/crossover/point.h"
#include "harness/suite/settings.h"

namespace faultline::crossover {

struct CrossoverRequest {
  std::string x;  // PARAMETER=LOW..HIGH, as ParseAxis takes it
  std::string y;  // the same, or ""
  // Of all trials: two strategies or more, at most one workload. "repetitions": rounds at a point
  // before it is judged again.
  Settings settings;
  Figure by = Figure::kAccepted;
  bool quick = false;               // less data, fewer points and rounds
  double budget_seconds = 0;        // no trial begins after them
  std::filesystem::path directory;  // of the data files
  std::filesystem::path output;     // of crossover.json, policy.json and policy.h
  bool json = false;
  bool quiet = false;
};

// What is used unless the user says otherwise, in seconds.
double DefaultBudgetSeconds(bool quick);

// Searches, prints what was found and writes the document after every step. Throws UsageError,
// UnsupportedError and Error for what prevents it as a whole; a strategy that fails at a point is a
// row there, and never its winner. Returns an exit code: done, failed when some trial did, not
// possible when none could be run, interrupted.
int RunCrossover(const CrossoverRequest& request);

}  // namespace faultline::crossover
