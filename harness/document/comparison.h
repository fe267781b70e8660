// The comparison document: two runs, trial by trial, as `faultline compare --format json` prints
// them. docs/documents.md says what each field is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/document/judged_groups.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/estimate.h"

namespace faultline::document {

inline constexpr const char* kComparisonSchema = "faultline-comparison/2";

// What may be said of a change. Less is better in all that is compared.
//   faster        "better"
//   slower        "worse"
//   tied          "tied": any change is smaller than matters
//   inconclusive  "inconclusive": neither
std::string_view ChangeWord(verdict::Verdict verdict);

struct ComparedTime {
  std::string figure;  // "accepted", "durable", "steady"
  verdict::Verdict change = verdict::Verdict::kInconclusive;
  GroupedComparison comparison;  // of "after" with "before"
  std::optional<Estimate> before_ns;
  std::optional<Estimate> after_ns;
  std::uint64_t repetitions_before = 0;
  std::uint64_t repetitions_after = 0;
};

struct ComparedCount {
  std::string counter;
  std::string unit;
  std::pair<std::uint64_t, std::uint64_t> before;  // the least and the most of its repetitions
  std::pair<std::uint64_t, std::uint64_t> after;
  std::string change;  // "same", "more", "fewer", "varies"
  std::optional<verdict::Verdict> verdict;
  std::string reason;  // why it is inconclusive, or ""
};

struct ComparedTrial {
  std::string id;
  std::vector<std::string> differences;
  std::string problem_before;  // or ""
  std::string problem_after;
  std::vector<ComparedTime> times;
  std::vector<ComparedCount> counts;
};

// How many figures have the verdict, and how many trials failed.
struct ComparedVerdicts {
  std::uint64_t worse = 0;
  std::uint64_t better = 0;
  std::uint64_t tied = 0;
  std::uint64_t inconclusive = 0;
  std::uint64_t failed = 0;
};

struct ComparedRuns {
  std::string before;
  std::string after;
  double tolerance = 0;
  double count_tolerance = 0;
  bool got_worse = false;
  ComparedVerdicts verdicts;
  std::vector<std::string> differences;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  std::vector<std::string> only_before;
  std::vector<std::string> only_after;
  std::vector<ComparedTrial> trials;
};

// One line, with a line break.
std::string ToText(const ComparedRuns& runs);

// Throws UsageError, one line with `name` and field.
ComparedRuns ParseComparison(const std::string& name, const std::string& text);

}  // namespace faultline::document
