// Recording what a program does to files, while it runs: strace watches it, and where the kernel
// lets it the kernel's own trace events, which don't stop the program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/enum_names.h"

namespace faultline {

// What tells of calls.
enum class CallRecorder {
  kAuto,    // kEvents where that can be
  kStrace,  // strace, which stops the program at each that matters
  // Of calls that say all in numbers, among them transfers, trace events of the kernel; strace of
  // those that have names in them.
  kEvents,
};
inline constexpr EnumNames<CallRecorder> kCallRecorderNames{"auto", "strace", "events"};

struct RecordRequest {
  std::vector<std::string> command;
  std::int64_t process = 0;       // one that runs already, instead of a command
  std::optional<double> seconds;  // for which that is watched; else to its end
  CallRecorder calls = CallRecorder::kAuto;
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
  std::uint64_t bytes = 0;       // of the trace
  std::string calls_by;          // "strace" or "strace and trace events"
  std::string why_strace_alone;  // why kAuto took no trace events, or ""
  double recorded_seconds = 0;   // that the command took
  std::optional<double> plain_seconds;
  int plain_exit_code = 0;  // of the execution without tracing; like exit_code
  std::vector<std::string> notes;
};

// Runs the command to its end, with this process's standard streams; or watches the process until
// it ends, its seconds are over, or the user asks to stop, and leaves it as it is. Memory: what is
// open and mapped, the table of files, and events that wait for strace's text. Throws UsageError
// for a command or a process that can't be found and an output that exists, UnsupportedError
// without strace, where it may not trace, and where calls shall be recorded by events that can't
// be; and Error when strace was killed: the command is killed then, too, and nothing is written.
RecordResult Record(const RecordRequest& request);

}  // namespace faultline
