// A program that writes a report about what it does, or has done, to a pipe, while its standard
// streams stay the user's: a tracer with the command that it traces.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/child_process.h"

namespace faultline::os {

// A running program with all that it started, in a process group of its own; the terminal is its as
// long as it runs. Not to be moved. The destructor kills and awaits what still runs.
class WatchedProgram {
 public:
  // Runs the arguments of `command(report)`, where `report` is a path that the program can open for
  // writing. Throws SystemError, also when the program can't be started.
  explicit WatchedProgram(
      const std::function<std::vector<std::string>(const std::string& report)>& command);
  WatchedProgram(const WatchedProgram&) = delete;
  WatchedProgram& operator=(const WatchedProgram&) = delete;
  ~WatchedProgram();

  std::int64_t id() const { return id_; }  // of the program's process; 0 when it was awaited

  enum class Result { kData, kEnd, kInterrupted, kTimedOut };

  // The next piece of the report, valid until the next call. kEnd when no writer is left;
  // kInterrupted when the user asked to stop (interruption.h), every time from then on when nothing
  // came within `timeout`; kTimedOut likewise without that. Throws SystemError.
  Result Read(std::string_view& piece, std::chrono::milliseconds timeout);

  void AskToEnd();  // SIGTERM to the program and all that it started
  void Kill();      // likewise, by SIGKILL

  // Awaits the program's end; what it started and left in its group is killed.
  ChildEnd Wait();

 private:
  bool HasEnded() const;
  void TakeTerminalBack();

  std::int64_t id_ = 0;
  int reader_ = -1;
  int writer_ = -1;  // kept until the program has opened the pipe
  bool has_terminal_ = false;
  std::vector<char> buffer_;
};

// Where a shell would find the program of that name, or "".
std::string FindProgram(const std::string& name);

}  // namespace faultline::os
