// Page faults by the kernel's trace events exceptions:page_fault_user and …_kernel.
#include "harness/os/page_fault_events.h"

#include "harness/os/posix/kernel_events.h"

namespace faultline::os {
namespace {

constexpr std::size_t kFaultBufferBytes = std::size_t{2} << 20;
constexpr std::uint64_t kErrorIsWrite = 2;  // bit of the processor's error code
constexpr const char* kFaults = "page faults";

std::vector<KernelEventKind> FaultKinds() {
  return {{"exceptions", "page_fault_user", {"address", "error_code"}},
          {"exceptions", "page_fault_kernel", {"address", "error_code"}}};
}

}  // namespace

struct PageFaultEvents::State {
  explicit State(const std::vector<std::uint32_t>& threads)
      : events(FaultKinds(), kFaults, kFaultBufferBytes, threads) {}

  KernelEvents events;
};

std::string PageFaultEvents::WhyUnavailable() {
  return KernelEvents::WhyUnavailable(FaultKinds(), kFaults);
}

PageFaultEvents::PageFaultEvents(const std::vector<std::uint32_t>& threads)
    : state_(std::make_unique<State>(threads)) {}

PageFaultEvents::~PageFaultEvents() = default;

void PageFaultEvents::Take(std::vector<PageFaultEvent>& into) {
  state_->events.Take([&](const KernelEvent& event) {
    into.push_back({.time_ns = event.time_ns,
                    .thread = event.thread,
                    .address = event.Number(0),
                    .write = (event.Number(1) & kErrorIsWrite) != 0});
  });
}

std::uint64_t PageFaultEvents::lost() const { return state_->events.lost(); }

}  // namespace faultline::os
