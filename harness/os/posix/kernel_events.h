// Trace events of the kernel, one by one, through perf_event_open(2): for the sources of this
// folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/posix/event_formats.h"

namespace faultline::os {

// One event, valid while it is handed on.
struct KernelEvent {
  std::size_t kind = 0;  // which of the kinds that were asked for
  std::uint32_t thread = 0;
  std::uint64_t time_ns = 0;  // since 1970
  bool foreign_mode = false;  // the thread runs a program of 32 bits on a kernel of 64

  // The value of a field by its place in KernelEventKind::fields, or an item of its list.
  std::uint64_t Number(std::size_t field, std::size_t item = 0) const {
    std::uint64_t number = 0;
    const std::size_t at = (*offsets)[field] + item * sizeof number;
    if (at + sizeof number <= data.size()) std::memcpy(&number, data.data() + at, sizeof number);
    return number;
  }

  std::span<const unsigned char> data;
  const std::vector<std::size_t>* offsets = nullptr;
};

// Events of threads, and of all that they start from now on. One thread at a time.
class KernelEvents {
 public:
  // Why they can't be watched here, or "". `what` names what they tell, as in "page faults".
  static std::string WhyUnavailable(const std::vector<KernelEventKind>& kinds,
                                    std::string_view what);

  // `buffer_bytes` of each processor, a power of two in whole pages. Without `threads` of the
  // calling one. Throws UnsupportedError with that reason.
  KernelEvents(const std::vector<KernelEventKind>& kinds, std::string_view what,
               std::size_t buffer_bytes, const std::vector<std::uint32_t>& threads = {});
  ~KernelEvents();

  // Lets only those through from now on that match an expression on the kind's fields, as
  // tracefs has it; once for each kind. Throws SystemError.
  void SetFilter(std::size_t kind, const std::string& filter);

  // Hands on what came since the last time, each processor's events in order.
  void Take(const std::function<void(const KernelEvent& event)>& taken);

  std::uint64_t lost() const;  // so far, as there was no room

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace faultline::os
