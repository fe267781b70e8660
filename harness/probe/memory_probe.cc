// The resident set of this process, split by what its pages are, and the page tables that describe
// it. A trial's process is a copy of the program, whose pages it begins with; how many these are
// depends on how long the run has been going on. So a peak is what came on top of them.
#include <algorithm>
#include <optional>

#include "harness/os/process_counters.h"
#include "harness/probe/probe.h"

namespace faultline::memory_probe {
namespace {

class MemoryProbe final : public Probe {
 public:
  // Without the reset the peak is that of the process's whole life, which says nothing of a phase.
  void BeginPhase() override {
    if (!begun_with_) begun_with_ = os::ReadProcessMemory().resident_bytes;
    peak_was_reset_ = os::ResetPeakResident();
  }

  std::vector<CounterValue> Read() override {
    const os::ProcessMemory memory = os::ReadProcessMemory();
    return {memory.resident_bytes,   Peak(memory),           memory.file_clean_bytes,
            memory.file_dirty_bytes, memory.anonymous_bytes, memory.proportional_bytes,
            memory.page_table_bytes};
  }

  std::string WhyAbsent() const override {
    return "no /proc/self/smaps or clear_refs: the kernel was built without page monitoring, or "
           "/proc is hidden";
  }

 private:
  CounterValue Peak(const os::ProcessMemory& memory) const {
    if (!peak_was_reset_ || !begun_with_ || !memory.peak_resident_bytes) return std::nullopt;
    return *memory.peak_resident_bytes - std::min(*memory.peak_resident_bytes, *begun_with_);
  }

  CounterValue begun_with_;  // bytes resident before the first phase
  bool peak_was_reset_ = false;
};

const Registration<ProbeInfo> kRegistered{{
    .name = "memory",
    .summary = "the process's resident set and page tables (/proc/self/smaps and status)",
    .counters =
        {
            {.name = "resident_bytes",
             .unit = "bytes",
             .summary = "memory in the process's page tables",
             .kind = CounterKind::kLevel},
            {.name = "peak_resident_bytes",
             .unit = "bytes",
             .summary = "the most that was resident since the phase began, beyond what the process "
                        "began with",
             .kind = CounterKind::kPeak},
            {.name = "file_clean_bytes",
             .unit = "bytes",
             .summary = "resident pages of files, as on storage",
             .kind = CounterKind::kLevel},
            {.name = "file_dirty_bytes",
             .unit = "bytes",
             .summary = "resident pages of files that still have to be written",
             .kind = CounterKind::kLevel},
            {.name = "anonymous_bytes",
             .unit = "bytes",
             .summary = "resident pages of no file, private or shared",
             .kind = CounterKind::kLevel},
            {.name = "proportional_bytes",
             .unit = "bytes",
             .summary = "resident pages, each divided by the processes that share it",
             .kind = CounterKind::kLevel},
            {.name = "page_table_bytes",
             .unit = "bytes",
             .summary = "memory that the page tables take",
             .kind = CounterKind::kLevel},
        },
    .make = [](const ProbeSubject&) { return std::make_unique<MemoryProbe>(); },
}};

}  // namespace
}  // namespace faultline::memory_probe
