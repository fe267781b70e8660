// Controls the process that executes a strategy until the power is cut.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/os/child_process.h"
#include "harness/powercut/powercut.h"
#include "harness/powercut/run_log.h"

namespace faultline {

// How many of a run's operations, the first ones, its cuts lie within. The others are not begun
// during a run that is cut, so that a cut that comes late, as on a busy machine, still lies in it.
// 0 is 1.
constexpr std::uint64_t OperationsWithCuts(std::uint64_t operations) {
  return std::max<std::uint64_t>(operations - operations / 20, 1);
}

// One run, from the opened strategy on. The destructor kills the process. All throw
// UnsupportedError when the strategy finds that it can't run here, and Error, saying in which step,
// when it fails, crashes, or takes longer than the spec's time limit.
class RunningStrategy {
 public:
  // Starts the process, on the dataset in `directory`, and waits until the strategy is open. With
  // Instant::kDuring the updates will take the spec's time at least, else as long as they take.
  RunningStrategy(const PowerCutSpec& spec, const std::filesystem::path& directory,
                  const RunLog& log);

  // Lets it do a step ("run", "flush", "close") to its end.
  void Do(const std::string& step);

  // Lets it begin the run, and goes on.
  void BeginRun();

  // Waits until `operations` are issued. False when the run was over before this call.
  bool AwaitIssued(const RunLog& log, std::uint64_t operations);

  void Pause();  // wherever it is; returns when it stands still
  void Resume();
  void End();  // by itself
  void Kill();

 private:
  void Await(const std::string& step);
  [[noreturn]] void ThrowCrashed(const std::string& step);

  double timeout_seconds_;
  os::ChildProcess child_;
  bool run_over_ = false;
};

}  // namespace faultline
