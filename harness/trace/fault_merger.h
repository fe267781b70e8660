// Page faults among the calls of a trace: each held until the calls before it are known, which say
// what was mapped where it struck.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/os/page_fault_events.h"
#include "harness/trace/strace_import.h"

namespace faultline {

// Where page faults can't be watched it does nothing, and says why.
class FaultMerger {
 public:
  // Watches what the calling thread starts from now on. `importer` outlives this.
  FaultMerger(StraceImporter& importer, TraceBuilder& builder);

  // To be called every few milliseconds. `idle` says that no call is waiting to be read: faults
  // that are old enough need not wait for a later one then.
  void Poll(bool idle);

  // After the last call.
  void Finish();

 private:
  // Hands all faults before that time on.
  void Release(std::uint64_t before_ns);

  StraceImporter& importer_;
  TraceBuilder& builder_;
  std::string why_not_;
  std::optional<os::PageFaultEvents> events_;
  std::vector<os::PageFaultEvent> waiting_;  // by time
  std::size_t released_ = 0;                 // of them
};

}  // namespace faultline
