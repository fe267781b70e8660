// The advice document, as `faultline advise --format json` prints it. docs/documents.md says what
// each field is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/document/judged_groups.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/estimate.h"

namespace faultline::document {

inline constexpr const char* kAdviceSchema = "faultline-advice/2";

struct AdviceReason {
  std::string strategy;
  std::string why;
};

struct AdviceContender {
  std::string strategy;
  Estimate ns_per_operation;
  std::optional<Estimate> peak_resident_bytes;
  std::optional<Estimate> limited_peak_bytes;
  std::optional<Estimate> device_bytes_written_per_byte_changed;
};

struct AdviceElsewhere {
  std::string where;
  std::string outcome;  // "holds", "flips", "inconclusive"
  std::string best;
  std::optional<verdict::Comparison::Ratio> ratio;
};

struct AdviceProgram {
  double run_seconds = 0;
  bool recorded = false;
  double io_seconds = 0;
  Estimate saved_seconds;
};

struct AdviceAnswer {
  std::string need;  // "reads", "returned", "flushed at the end", "durable every", "own flushes"
  std::optional<std::uint64_t> every;  // updates, of "durable every"
  std::string group;
  std::string regime;
  std::string best;  // "" where nothing is advised
  std::vector<std::string> tied;
  std::string runner_up;  // or ""
  std::vector<AdviceReason> inconclusive;
  std::optional<GroupedComparison> lead;
  std::string baseline;         // or ""
  std::string baseline_stands;  // "leads", "tied", "slower", …
  std::uint64_t baseline_repetitions = 0;
  std::optional<GroupedComparison> gain;
  std::optional<AdviceProgram> program;
  std::vector<AdviceContender> ranked;
  std::vector<AdviceElsewhere> elsewhere;
};

struct AdviceWorkload {
  std::string workload;
  std::vector<AdviceAnswer> answers;
  std::vector<std::string> keeps_storage;
  std::optional<std::map<std::string, std::string>> replay;  // of a replayed trace
  std::vector<AdviceReason> left_out;
};

struct RunAdvice {
  std::string run;
  std::string machine;
  std::string baseline;      // or ""
  std::string baseline_why;  // or ""
  bool judged_anew = false;
  std::vector<std::string> warnings;
  std::vector<AdviceWorkload> workloads;
  std::vector<AdviceReason> not_candidates;
  std::vector<std::string> choices;
  std::vector<std::string> not_tested;
};

// One line, with a line break.
std::string ToText(const RunAdvice& advice);

// Throws UsageError, one line with `name` and field.
RunAdvice ParseAdvice(const std::string& name, const std::string& text);

}  // namespace faultline::document
