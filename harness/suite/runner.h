// Running many trials: rounds of repetitions, each a benchmark of Google Benchmark's, go into the
// run document until the judge has what it needs or the budget is spent.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/report/group.h"
#include "harness/suite/settings.h"

namespace faultline {

enum class Format {
  kNone,
  kTable,
  kJson,
  kCsv
};  // kNone prints nothing: for what reads the document

struct RunRequest {
  std::string suite;  // its name, or "command line"
  std::vector<PlannedTrial> trials;
  std::string baseline = kUsualBaseline;  // the strategy that others are compared with
  std::filesystem::path directory;        // of the data files
  std::filesystem::path output;           // of run.json and benchmark.json; made if need be
  Format format = Format::kTable;
  // For trials of the same work: a pilot repetition of the first, not part of the document unless
  // it fails, shows what to expect, and repetitions that are far behind (CutOffPolicy) are cut off.
  bool cut_off = false;
  bool quiet = false;    // no progress, and nothing on standard error but errors
  bool verbose = false;  // more in the table (TableStyle)
  std::vector<std::string> benchmark_arguments;  // for Google Benchmark
  std::filesystem::path benchmark_output;        // of its JSON; set by Run
};

// Runs all trials and prints the results on standard output. Throws UsageError, UnsupportedError
// and Error for what prevents the run as a whole; whatever happens to a single repetition is a row
// of the result. Returns an exit code (exit_code.h): done, failed when some trial did, not possible
// when none could run, interrupted. Once per process.
int Run(const RunRequest& request);

}  // namespace faultline
