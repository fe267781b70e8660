// Google Benchmark as runs use it: one call a repetition, since the order of rounds is Faultline's;
// its flags, behind "--" on the command line; and its JSON, for its compare.py.
#pragma once

#include <benchmark/benchmark.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/suite/settings.h"

namespace faultline {

// Keeps what Google Benchmark reports: it is called once a repetition, and its JSON is written
// once, from all of them. Its console output describes the library (Debian's build calls itself a
// debug build); the table takes its place.
class CollectingReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) runs_[run.benchmark_name()].push_back(run);
  }

  // As the library itself writes it, the repetitions of a benchmark one after another.
  std::string Json() const;

 private:
  std::map<std::string, std::vector<Run>> runs_;
};

// The name that Google Benchmark makes of a trial.
std::string BenchmarkName(const TrialSpec& spec);

// An extended regular expression that matches `name` and nothing else.
std::string ExactFilter(const std::string& name);

// Takes the flags of Google Benchmark's own output out of the arguments, since Faultline writes its
// JSON, from all repetitions; sets where that goes if they say so. Throws UsageError for another
// format.
void TakeOutputFlags(std::vector<std::string>& arguments, std::filesystem::path& output);

// Throws UsageError for a flag that the library doesn't know.
void InitializeBenchmark(const std::vector<std::string>& arguments);

// Whether the library is to list its benchmarks instead of running them. It has no function that
// tells.
bool WantsNames(const std::vector<std::string>& arguments);

// The trials whose name passes the library's filter: a regular expression to be found in it, or not
// to be found if it begins with '-'. Throws UsageError for no expression, and where none passes.
std::vector<PlannedTrial> Filtered(std::vector<PlannedTrial> trials);

}  // namespace faultline
