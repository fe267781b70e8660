#include "harness/trace/event_merger.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/clock.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

// More than a call's line takes from the tracer to here: of page faults, which are told for what is
// mapped, and of calls, which are told for what is open.
constexpr std::uint64_t kLateFaultNs = 200'000'000;
constexpr std::uint64_t kLateCallNs = 2'000'000'000;
// Events that wait at most: 50 MB of faults, 180 MB of calls.
constexpr std::size_t kMostWaiting = std::size_t{1} << 21;
// Times that a thread opened something and the tracer has not told: of one line, but for lost ones.
constexpr std::size_t kMostOpened = 1024;

}  // namespace

EventMerger::EventMerger(StraceImporter& importer, TraceBuilder& builder, bool calls,
                         const std::vector<std::uint32_t>& threads)
    : importer_(importer), builder_(builder) {
  try {
    fault_events_.emplace(threads);
  } catch (const Error& error) {
    why_no_faults_ = error.what();
  }
  if (calls) call_events_.emplace();
  importer_.Heed(*this);
}

void EventMerger::LeaveOut(std::int64_t process_id) {
  if (call_events_) call_events_->LeaveOut(process_id);
}

void EventMerger::Poll(bool idle) {
  Fetch();
  if (idle) Release(SystemNowNs() - (call_events_ ? kLateCallNs : kLateFaultNs));
  if (const auto middle = TooManyBefore()) Release(*middle);
}

void EventMerger::Fetch() {
  fetched_faults_.clear();
  fetched_calls_.clear();
  if (fault_events_) fault_events_->Take(fetched_faults_);
  if (call_events_) call_events_->Take(fetched_calls_);
  for (const os::CallEvent& event : fetched_calls_) {
    if (event.part != os::CallEvent::Part::kOpened || event.result < 0) continue;
    std::deque<std::uint64_t>& times = opened_[event.thread];
    if (times.size() >= kMostOpened) times.pop_front();
    times.push_back(event.time_ns);
  }
  std::erase_if(fetched_calls_, [](const os::CallEvent& event) {
    return event.part == os::CallEvent::Part::kOpened;
  });
  faults_.Add(fetched_faults_);
  calls_.Add(fetched_calls_);
}

std::optional<std::uint64_t> EventMerger::OpenedAt(std::uint32_t thread, std::uint64_t from_ns,
                                                   std::uint64_t to_ns) {
  const auto found = opened_.find(thread);
  if (found == opened_.end()) return std::nullopt;
  std::deque<std::uint64_t>& times = found->second;
  while (!times.empty() && times.front() < from_ns) times.pop_front();
  std::optional<std::uint64_t> opened;
  if (!times.empty() && times.front() <= to_ns) {
    opened = times.front();
    times.pop_front();
  }
  if (times.empty()) opened_.erase(found);
  return opened;
}

std::optional<std::uint64_t> EventMerger::TooManyBefore() const {
  std::optional<std::uint64_t> middle;
  if (faults_.size() > kMostWaiting) middle = faults_.MiddleTime();
  if (calls_.size() > kMostWaiting) middle = std::max(middle.value_or(0), calls_.MiddleTime());
  return middle;
}

void EventMerger::Release(std::uint64_t before_ns) {
  while (true) {
    const std::uint64_t fault_ns = faults_.NextTime();
    const std::uint64_t call_ns = calls_.NextTime();
    if (std::min(fault_ns, call_ns) >= before_ns) return;
    if (fault_ns < call_ns) {
      const os::PageFaultEvent& fault = faults_.Take();
      importer_.PageFault(fault.thread, fault.time_ns, fault.address, fault.write);
    } else {
      Take(calls_.Take());
    }
  }
}

void EventMerger::Take(const os::CallEvent& event) {
  switch (event.part) {
    case os::CallEvent::Part::kWhole:
      return Tell(event, event.result);
    case os::CallEvent::Part::kBeginning:
      begun_[event.thread] = event;
      return;
    case os::CallEvent::Part::kOpened:
      return;
    case os::CallEvent::Part::kEnd:
      break;
  }
  const auto begun = begun_.find(event.thread);
  if (begun == begun_.end()) return;
  const os::CallEvent beginning = begun->second;
  begun_.erase(begun);
  // Otherwise its end, or this one's beginning, was lost.
  if (beginning.number == event.number) Tell(beginning, event.result);
}

void EventMerger::Tell(const os::CallEvent& call, std::int64_t result) {
  os::CallEvents::Describe(call, result, words_);
  call_.name = words_.name;
  call_.arguments.assign(words_.arguments.begin(), words_.arguments.end());
  call_.result = words_.result;
  importer_.TakeTold(call.thread, call.time_ns, call_);
}

void EventMerger::Finish() {
  if (importer_.maps()) {
    if (fault_events_) {
      builder_.SetFaultsRecorded();
    } else {
      builder_.Note(fmt::format("accesses to mapped ranges are not recorded: {}", why_no_faults_));
    }
    if (fault_events_ && fault_events_->lost() > 0) {
      builder_.Note(
          fmt::format("{} missing, which came too fast to be recorded",
                      CountOf(fault_events_->lost(), "page fault is", "page faults are")));
    }
  }
  if (!call_events_) return;
  if (const std::uint64_t lost = call_events_->lost(); lost > 0) {
    builder_.counts().unread_transfers += lost;
    builder_.Note(fmt::format(
        "{} came too fast to be recorded, and may be missing: record with --recorder strace",
        CountOf(lost, "call")));
  }
  if (const std::uint64_t foreign = call_events_->foreign(); foreign > 0) {
    builder_.counts().unread_transfers += foreign;
    builder_.Note(fmt::format(
        "{} missing: record with --recorder strace",
        CountOf(foreign, "call of a program of 32 bits is", "calls of programs of 32 bits are")));
  }
}

}  // namespace faultline
