// Recording what a command does to files: strace watches it, and its text becomes a trace while the
// command runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace faultline {

struct RecordRequest {
  std::vector<std::string> command;
  std::vector<std::string> patterns;  // FilePatterns
  std::filesystem::path output;
  std::string recorder;       // what goes before the tracer's name in the trace's header
  bool measure_cost = false;  // run the command once more, before, without tracing
};

struct RecordResult {
  int exit_code = 0;         // the command's, or 128 + the signal that ended it
  bool interrupted = false;  // by the user: nothing was written
  std::uint64_t events = 0;  // 0: nothing was written
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;      // of the trace
  double recorded_seconds = 0;  // that the command took
  std::optional<double> plain_seconds;
  int plain_exit_code = 0;  // of the execution without tracing; like exit_code
  std::vector<std::string> notes;
};

// Runs the command to its end, with this process's standard streams. Memory: what is open and
// mapped, and the table of files. Throws UsageError for a command that can't be found and an output
// that exists, UnsupportedError without strace or where it may not trace, and Error when strace was
// killed: the command is killed then, too, and nothing is written.
RecordResult Record(const RecordRequest& request);

}  // namespace faultline
