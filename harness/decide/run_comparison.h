// Two runs held against each other, trial by trial: a pure function of two loaded documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/decide/comparability.h"
#include "harness/decide/loaded_run.h"
#include "harness/decide/time_change.h"

namespace faultline {

struct CompareOptions {
  // What is judged, and decides the exit code: "accepted", "durable", "steady", or a counter that
  // is a total, such as "minor_faults".
  std::vector<std::string> metrics = {"accepted", "durable"};
  double tolerance = 0;  // a change up to this share is never a verdict: 0.05 for 5 %
};

struct NamedTimeChange {
  std::string figure;  // "accepted", "durable", "steady"
  TimeChange change;   // ns per operation
};

// The least and the most of a trial's repetitions.
struct CountRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0;

  bool exact() const { return least == most; }
};

struct CountChange {
  enum class Kind {
    kSame,    // one and the same in all repetitions of both runs
    kMore,    // every repetition after has more than each before
    kFewer,   // the other way round
    kVaries,  // by itself: the ranges overlap
  };

  std::string counter;
  std::string unit;  // "bytes", or ""
  CountRange before;
  CountRange after;
  Kind kind = Kind::kSame;
  std::optional<Change> change;  // its verdict, where it is one of the metrics
};

// A trial that both runs have.
struct TrialComparison {
  std::string id;
  std::vector<std::string> differences;  // what its two sides differ in, and were compared anyway
  std::string problem_before;            // why its figures count for nothing, or ""
  std::string problem_after;
  bool stores = true;
  std::vector<NamedTimeChange> times;  // empty with a problem
  std::vector<CountChange> counts;     // those that both sides have; empty with a problem
};

struct RunComparison {
  std::string before;  // the documents' names
  std::string after;
  double tolerance = 0;
  double allowed = 1;  // ratios up to this are noise: the larger floor, or 1 + tolerance
  Comparability comparability;
  std::vector<std::string> warnings;  // what the verdicts lack: unknown floors, interruptions
  std::vector<TrialComparison> trials;
  std::vector<std::string> only_before;  // ids
  std::vector<std::string> only_after;

  std::uint64_t Count(Change change) const;  // figures with that verdict
  std::uint64_t Failed() const;              // trials with a problem after

  // Whether a figure got worse, or a trial failed or was not verified after.
  bool GotWorse() const { return Count(Change::kWorse) + Failed() > 0; }
};

// Compares all trials with equal ids, whether their runs are comparable or not: that is said, and
// for the caller to act on. Throws UsageError for an unknown metric, and for runs without a trial
// in common.
RunComparison CompareRuns(const LoadedRun& before, const LoadedRun& after,
                          const CompareOptions& options);

}  // namespace faultline
