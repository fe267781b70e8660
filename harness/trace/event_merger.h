// What the kernel tells of a program, among what its tracer tells: each event held until the calls
// before it are known, which say what was open and mapped where it happened.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/os/call_events.h"
#include "harness/os/page_fault_events.h"
#include "harness/trace/event_queue.h"
#include "harness/trace/strace_import.h"

namespace faultline {

// Page faults, and calls if they are asked for. Where page faults can't be watched there are none,
// and Finish says why.
class EventMerger final : public ToldEvents {
 public:
  // Watches what the calling thread starts from now on; or the page faults of `threads`, and of
  // what they start. `importer` and `builder` outlive this. Throws what os::CallEvents throws, if
  // `calls`.
  EventMerger(StraceImporter& importer, TraceBuilder& builder, bool calls,
              const std::vector<std::uint32_t>& threads = {});

  // That process is the tracer.
  void LeaveOut(std::int64_t process_id);

  // To be called every few milliseconds, when all of the tracer's text has been read that is there,
  // and before it is handed on. `idle` says that there was none.
  void Poll(bool idle);

  // After the last call.
  void Finish();

 private:
  // Hands all events before that time on.
  void Release(std::uint64_t before_ns);
  // Fetches what the kernel told meanwhile.
  void Fetch();
  void Take(const os::CallEvent& event);
  void Tell(const os::CallEvent& call, std::int64_t result);
  void TellBefore(std::uint64_t time_ns) override { Release(time_ns); }
  std::optional<std::uint64_t> OpenedAt(std::uint32_t thread, std::uint64_t from_ns,
                                        std::uint64_t to_ns) override;
  // The time of the event in the middle of those that wait, if they are too many.
  std::optional<std::uint64_t> TooManyBefore() const;

  StraceImporter& importer_;
  TraceBuilder& builder_;
  std::string why_no_faults_;
  std::optional<os::PageFaultEvents> fault_events_;
  std::optional<os::CallEvents> call_events_;

  EventQueue<os::PageFaultEvent> faults_;
  EventQueue<os::CallEvent> calls_;

  std::unordered_map<std::uint32_t, os::CallEvent> begun_;  // calls that have not ended, by thread
  // Likewise the times of calls that made descriptors and of which the tracer has not told yet.
  std::unordered_map<std::uint32_t, std::deque<std::uint64_t>> opened_;
  std::vector<os::PageFaultEvent> fetched_faults_;
  std::vector<os::CallEvent> fetched_calls_;
  os::CallWords words_;
  StraceCall call_;
};

}  // namespace faultline
