#include "harness/trace/fault_merger.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <limits>

#include "faultline/error.h"
#include "harness/base/clock.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

// More than a call's line takes from the tracer to here.
constexpr std::uint64_t kLateNs = 200'000'000;
// Faults that wait at most: 80 MB.
constexpr std::size_t kMostWaiting = std::size_t{1} << 21;

// The clock of the trace's times, unlike all others here.
std::uint64_t NowNs() {
  return static_cast<std::uint64_t>(
      Nanoseconds(std::chrono::system_clock::now().time_since_epoch()));
}

}  // namespace

FaultMerger::FaultMerger(StraceImporter& importer, TraceBuilder& builder)
    : importer_(importer), builder_(builder) {
  try {
    events_.emplace();
    importer_.OnTime([this](std::uint64_t time_ns) { Release(time_ns); });
  } catch (const Error& error) {
    why_not_ = error.what();
  }
}

void FaultMerger::Poll(bool idle) {
  if (!events_) return;
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(released_));
  released_ = 0;
  events_->Take(waiting_);
  std::sort(waiting_.begin(), waiting_.end(),
            [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
  if (idle) Release(NowNs() - kLateNs);
  if (waiting_.size() > kMostWaiting) Release(waiting_[waiting_.size() / 2].time_ns);
}

void FaultMerger::Release(std::uint64_t before_ns) {
  while (released_ < waiting_.size() && waiting_[released_].time_ns < before_ns) {
    const os::PageFaultEvent& event = waiting_[released_++];
    importer_.PageFault(event.thread, event.time_ns, event.address, event.write);
  }
}

void FaultMerger::Finish() {
  if (!events_) {
    builder_.Note(fmt::format("accesses to mapped ranges are not recorded: {}", why_not_));
    return;
  }
  builder_.SetFaultsRecorded();
  if (events_->lost() > 0) {
    builder_.Note(fmt::format("{} page faults came too fast to be recorded, and are missing",
                              FormatCount(events_->lost())));
  }
}

}  // namespace faultline
