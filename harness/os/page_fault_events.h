// The page faults of programs, one by one: where, when, and whether to write (trace events of the
// kernel).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace faultline::os {

struct PageFaultEvent {
  std::uint64_t time_ns = 0;  // since 1970
  std::uint32_t thread = 0;
  std::uint64_t address = 0;  // of the byte that was accessed
  bool write = false;
};

// Faults of threads and of all processes that they start from now on, also those that the system's
// calls run into on their behalf. What is mapped beforehand, or around another fault, faults no
// more, and is not seen. One thread at a time.
class PageFaultEvents {
 public:
  // Why they can't be watched here (another processor's kernel, missing rights), or "".
  static std::string WhyUnavailable();

  // Without `threads` of the calling one. Throws UnsupportedError with that reason.
  explicit PageFaultEvents(const std::vector<std::uint32_t>& threads = {});
  ~PageFaultEvents();

  // Appends what came since the last time, each processor's faults in order. To be called every few
  // milliseconds: there is room for some 20,000 faults of each processor.
  void Take(std::vector<PageFaultEvent>& into);

  std::uint64_t lost() const;  // so far, as there was no room

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace faultline::os
