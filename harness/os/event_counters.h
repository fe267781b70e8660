// Counters of events by the kernel and the processor for this process and the threads it starts
// later (perf events on Linux).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/process_counters.h"

namespace faultline::os {

enum class Event {
  kPageFaults,
  kContextSwitches,
  kMigrations,
  kTaskClockNs,  // software
  kCycles,
  kInstructions,
  kCacheMisses,
  kDataTlbLoadMisses,  // hardware
};

// One running counter. Move-only.
class EventCounter {
 public:
  EventCounter() = default;
  EventCounter(EventCounter&& other) noexcept;
  EventCounter& operator=(EventCounter&& other) noexcept;
  ~EventCounter();

  // Starts counting at once. Where that can't be done here the counter reads as absent and `why`
  // says the likely cause; where only what happens in user mode may be counted, it counts that and
  // `why` says so. Else `why` is "".
  static EventCounter Start(Event event, std::string& why);

  // The count since Start, scaled up when the processor had to share its counters out. Absent if it
  // could not start.
  Counter Read() const;

 private:
  std::intptr_t handle_ = -1;
};

}  // namespace faultline::os
