// What kept the calling process from running while it was ready to. Every figure that can't be had
// is absent, never 0.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/process_counters.h"

namespace faultline::os {

// How long the threads of this process were ready to run while no processor ran them, all added up.
// The kernel keeps this for each thread and drops it with the thread; so what is known of a thread
// that has ended is what the last ReadDelayNs found. Not thread-safe.
class RunQueue {
 public:
  // `tasks` has a folder for each thread; a parameter for tests.
  explicit RunQueue(std::string tasks = "/proc/self/task");

  // Never less than the time before. Absent where the kernel keeps no such figure.
  Counter ReadDelayNs();

 private:
  const std::string tasks_;
  std::map<std::string, std::uint64_t> delay_ns_;  // of the threads that the last call found
  std::uint64_t of_ended_ns_ = 0;
};

// The second number of "RUN-NS DELAY-NS SLICES", which is what the kernel says of a thread.
Counter ParseDelayNs(std::string_view schedstat);

// How long the kernel kept the process's control groups from processors because they had used up
// their share: the group that the process was in when this was made, and those above it that can be
// seen from here, all processors added up.
class ProcessorLimits {
 public:
  ProcessorLimits();

  // Absent where no group has a controller that could limit it.
  Counter ReadThrottledNs() const;

 private:
  std::vector<std::string> files_;
};

}  // namespace faultline::os
