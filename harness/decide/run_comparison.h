// Compares two runs, trial by trial: a pure function of two loaded documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/decide/comparability.h"
#include "harness/document/comparison.h"
#include "harness/document/run.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/estimate.h"

namespace faultline {

using document::ChangeWord;

struct CompareOptions {
  // What is judged, and decides the exit code: "accepted", "durable", "steady", or a counter that
  // is a total, such as "minor_faults".
  std::vector<std::string> metrics = {"accepted", "durable"};
  // Changes up to these shares don't matter: 0.05 for 5 %.
  double tolerance = 0.05;     // of times: they are tied
  double count_tolerance = 0;  // of counts
};

// A time of both sides. Two runs have no rounds in common, so the repetitions of each side are a
// sample (verdict::Unpaired); all times of a comparison are judged together, as one card.
struct TimeChange {
  std::string figure;              // "accepted", "durable", "steady"
  std::string_view figure_name;    // in run documents
  std::optional<Estimate> before;  // ns per operation
  std::optional<Estimate> after;
  std::uint64_t repetitions_before = 0;  // usable ones
  std::uint64_t repetitions_after = 0;
  verdict::Comparison comparison;  // of after (the strategy) with before (the baseline)
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
  std::optional<verdict::Verdict> verdict;  // where it is one of the metrics
  std::string reason;                       // why it is inconclusive, or ""
};
inline constexpr EnumNames<CountChange::Kind> kCountChangeNames{"same", "more", "fewer", "varies"};

// A trial that both runs have.
struct TrialComparison {
  std::string id;
  std::string group;                     // the title of its group before
  std::vector<std::string> differences;  // what its two sides differ in, and were compared anyway
  std::string problem_before;            // why its figures count for nothing, or ""
  std::string problem_after;
  bool stores = true;
  std::vector<TimeChange> times;    // empty with a problem
  std::vector<CountChange> counts;  // those that both sides have; empty with a problem
};

struct RunComparison {
  std::string before;  // the documents' names
  std::string after;
  double tolerance = 0;
  double count_tolerance = 0;
  Comparability comparability;
  std::vector<std::string> warnings;  // what the verdicts lack
  std::vector<TrialComparison> trials;
  std::vector<std::string> only_before;  // ids
  std::vector<std::string> only_after;

  std::uint64_t Count(verdict::Verdict verdict) const;  // figures with that verdict
  std::uint64_t Failed() const;                         // trials with a problem after

  // Whether a figure got worse, or a trial failed or was not verified after.
  bool GotWorse() const { return Count(verdict::Verdict::kSlower) + Failed() > 0; }
};

// Compares all trials with equal ids, whether their runs are comparable or not: that is said, and
// for the caller to act on. Throws UsageError for an unknown metric, and for runs without a trial
// in common.
RunComparison CompareRuns(const document::Run& before, const document::Run& after,
                          const CompareOptions& options);

}  // namespace faultline
