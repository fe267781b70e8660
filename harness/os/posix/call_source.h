// Where CallEvents has calls from: for the sources of this folder, and their tests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/os/call_events.h"

namespace faultline::os {

class CallSource {
 public:
  virtual ~CallSource() = default;

  // As of CallEvents.
  virtual void LeaveOut(std::int64_t process_id) = 0;
  virtual void Take(std::vector<CallEvent>& into) = 0;
  virtual std::uint64_t lost() const = 0;
  virtual std::uint64_t foreign() const = 0;
};

// Programs in the kernel that write one record for each call. They see all processes, and choose
// what the calling thread starts. Throws UnsupportedError.
std::unique_ptr<CallSource> MakeBpfCalls();

// Two trace events of each call, which those processes inherit that the calling thread starts.
// Throws UnsupportedError.
std::unique_ptr<CallSource> MakePerfCalls();

// Why one of them can't be had, as far as it can be told at little cost; or "".
std::string WhyNoBpfCalls();
std::string WhyNoPerfCalls();

// Whether this process's numbers of processes are the kernel's own.
bool InFirstPidNamespace();

}  // namespace faultline::os
