// Calls by the kernel's trace events raw_syscalls:sys_enter and sys_exit, and of fcntl by its own.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fmt/format.h>

#include "faultline/system_error.h"
#include "harness/os/posix/call_source.h"
#include "harness/os/posix/call_words.h"
#include "harness/os/posix/kernel_events.h"
#include "harness/os/posix/number_filter.h"

namespace faultline::os {
namespace {

constexpr const char* kCalls = "system calls";

// Kinds of events, by their places in CallKinds(); those from kFcntlBeginnings on may be missing.
constexpr std::size_t kBeginnings = 0;
constexpr std::size_t kEnds = 1;
constexpr std::size_t kFcntlBeginnings = 2;
constexpr std::size_t kFcntlEnds = 3;

std::vector<KernelEventKind> FcntlKinds() {
  return {{.group = "syscalls", .name = "sys_enter_fcntl", .fields = {"fd", "cmd", "arg"}},
          {.group = "syscalls", .name = "sys_exit_fcntl", .fields = {"ret"}}};
}

// Programs that lock files call fcntl more often than anything else. Events of its own, where the
// kernel has them, can be chosen by its command.
std::vector<KernelEventKind> CallKinds() {
  std::vector<KernelEventKind> kinds = {
      {.group = "raw_syscalls", .name = "sys_enter", .fields = {"id", "args"}, .with_mode = true},
      {.group = "raw_syscalls", .name = "sys_exit", .fields = {"id", "ret"}}};
  if (KernelEvents::WhyUnavailable(FcntlKinds(), kCalls).empty()) {
    for (KernelEventKind& kind : FcntlKinds()) kinds.push_back(std::move(kind));
  }
  return kinds;
}

// Of all processors together they take no more than 256 MiB.
std::size_t CallBufferBytes() {
  constexpr std::size_t kMost = std::size_t{16} << 20;
  constexpr std::size_t kTogether = std::size_t{256} << 20;
  constexpr std::size_t kLeast = std::size_t{1} << 20;
  const auto processors = static_cast<std::size_t>(std::max(::sysconf(_SC_NPROCESSORS_CONF), 1L));
  std::size_t bytes = kMost;
  while (bytes > kLeast && bytes * processors > kTogether) bytes /= 2;
  return bytes;
}

// Of a command that changes a descriptor the end isn't told: it fails only where there is none.
bool EndsUntold(std::uint64_t command) { return command == F_SETFD || command == F_SETFL; }

// What is closed or unmapped may be in use for something else before the call ends.
bool Releases(std::int32_t number) { return number == SYS_close || number == SYS_munmap; }

bool IsOpening(std::int64_t number) {
  return std::binary_search(OpeningCalls().begin(), OpeningCalls().end(), number);
}

// Of the calls that are told by events of that kind, kBeginnings or kEnds.
std::string CallFilter(std::size_t kind, bool with_fcntl) {
  std::vector<std::int64_t> numbers;
  for (const NumericCall& call : NumericCalls()) {
    if (call.number == SYS_fcntl && !with_fcntl) continue;
    if (kind == kEnds && Releases(call.number)) continue;
    numbers.push_back(call.number);
  }
  if (kind == kEnds) {
    numbers.insert(numbers.end(), OpeningCalls().begin(), OpeningCalls().end());
    std::sort(numbers.begin(), numbers.end());
  }
  return NumberFilter("id", numbers);
}

class PerfCalls final : public CallSource {
 public:
  void LeaveOut(std::int64_t process_id) override {
    std::string others;
    // The kernel knows processes by their numbers outside of all containers.
    if (InFirstPidNamespace()) {
      others = fmt::format(" && common_pid != {} && common_pid != {}", ::gettid(), process_id);
    }
    for (const std::size_t kind : {kBeginnings, kEnds}) {
      events_.SetFilter(kind, CallFilter(kind, !HasFcntl()) + others);
    }
    if (!HasFcntl()) return;
    events_.SetFilter(kFcntlBeginnings, NumberFilter("cmd", kToldFcntlCommands) + others);
    // Locks return 0, descriptors and flags are more.
    events_.SetFilter(kFcntlEnds, "(ret > 0)" + others);
  }

  void Take(std::vector<CallEvent>& into) override {
    events_.Take([&](const KernelEvent& event) {
      if (event.kind >= kFcntlBeginnings) {
        TakeFcntl(event, into);
      } else {
        TakeCall(event, into);
      }
    });
  }

  // Two events of each call.
  std::uint64_t lost() const override { return (events_.lost() + 1) / 2; }
  std::uint64_t foreign() const override { return foreign_; }

 private:
  bool HasFcntl() const { return kinds_.size() > kFcntlBeginnings; }

  void TakeCall(const KernelEvent& event, std::vector<CallEvent>& into) {
    CallEvent call;
    call.time_ns = event.time_ns;
    call.thread = event.thread;
    call.number = static_cast<std::int32_t>(event.Number(0));
    if (call.number == SYS_fcntl && HasFcntl()) return;
    const bool opening = IsOpening(call.number);
    if (event.kind == kEnds) {
      if (Releases(call.number)) return;
      call.part = opening ? CallEvent::Part::kOpened : CallEvent::Part::kEnd;
      call.result = static_cast<std::int64_t>(event.Number(1));
    } else if (event.foreign_mode) {
      ++foreign_;
      return;
    } else {
      for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        call.arguments[i] = event.Number(1, i);
      }
      if (Releases(call.number)) call.part = CallEvent::Part::kWhole;
    }
    const bool told = opening ? event.kind == kEnds : FindNumericCall(call.number) != nullptr;
    if (told) into.push_back(call);
  }

  static void TakeFcntl(const KernelEvent& event, std::vector<CallEvent>& into) {
    CallEvent call;
    call.time_ns = event.time_ns;
    call.thread = event.thread;
    call.number = SYS_fcntl;
    if (event.kind == kFcntlEnds) {
      call.part = CallEvent::Part::kEnd;
      call.result = static_cast<std::int64_t>(event.Number(0));
    } else {
      for (std::size_t i = 0; i < 3; ++i) call.arguments[i] = event.Number(i);
      if (EndsUntold(call.arguments[1])) call.part = CallEvent::Part::kWhole;
    }
    into.push_back(call);
  }

  std::vector<KernelEventKind> kinds_ = CallKinds();
  KernelEvents events_ = KernelEvents(kinds_, kCalls, CallBufferBytes());
  std::uint64_t foreign_ = 0;
};

}  // namespace

std::string WhyNoPerfCalls() {
  try {
    PerfCalls probe;  // whether there are room and filters is known only then
    probe.LeaveOut(0);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::unique_ptr<CallSource> MakePerfCalls() { return std::make_unique<PerfCalls>(); }

}  // namespace faultline::os
