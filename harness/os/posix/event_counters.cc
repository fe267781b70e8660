// Events counted by the kernel and the processor: perf_event_open(2).
#include "harness/os/event_counters.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <fmt/format.h>
#include <utility>

#include "faultline/system_error.h"
#include "harness/os/posix/kernel_text.h"

namespace faultline::os {
namespace {

struct EventCode {
  std::uint32_t type;
  std::uint64_t config;
  bool in_user_mode;  // still meaningful when only what happens in user mode is counted
};

EventCode CodeOf(Event event) {
  switch (event) {
    case Event::kPageFaults:
      return {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, true};
    case Event::kContextSwitches:
      return {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, false};
    case Event::kMigrations:
      return {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, false};
    case Event::kTaskClockNs:
      return {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, true};
    case Event::kCycles:
      return {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, true};
    case Event::kInstructions:
      return {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, true};
    case Event::kCacheMisses:
      return {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES, true};
    case Event::kDataTlbLoadMisses:
      return {PERF_TYPE_HW_CACHE,
              PERF_COUNT_HW_CACHE_DTLB | PERF_COUNT_HW_CACHE_OP_READ << 8 |
                  PERF_COUNT_HW_CACHE_RESULT_MISS << 16,
              true};
  }
  throw Error("an event that no counter is known for");
}

int Open(const EventCode& code, bool user_mode_only, bool threads_only) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = code.type;
  attributes.config = code.config;
  attributes.inherit = 1;
  attributes.inherit_thread = threads_only ? 1 : 0;
  attributes.exclude_hv = 1;
  attributes.exclude_kernel = user_mode_only ? 1 : 0;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  const long handle = ::syscall(SYS_perf_event_open, &attributes, /*process=*/0, /*processor=*/-1,
                                /*group=*/-1, static_cast<unsigned long>(PERF_FLAG_FD_CLOEXEC));
  return static_cast<int>(handle);
}

// Child processes count for themselves; kernels before 5.13 can't leave them out.
int OpenForThreads(const EventCode& code, bool user_mode_only) {
  const int handle = Open(code, user_mode_only, /*threads_only=*/true);
  if (handle >= 0 || errno != EINVAL) return handle;
  return Open(code, user_mode_only, /*threads_only=*/false);
}

std::string LikelyCause(int code, const EventCode& event) {
  if (code == EACCES || code == EPERM) {
    const auto level = FirstLine("/proc/sys/kernel/perf_event_paranoid");
    return fmt::format(
        "counting events is forbidden here (kernel.perf_event_paranoid is {}; a container may "
        "forbid it too); try 'sysctl kernel.perf_event_paranoid=1' as root",
        level.value_or("unknown"));
  }
  if (code == ENOSYS) return "this kernel has no event counters, or a filter forbids the call";
  if (code == ENOENT || code == EOPNOTSUPP || code == ENODEV || code == EINVAL) {
    if (event.type == PERF_TYPE_SOFTWARE) return "this kernel doesn't count this event";
    return "the processor offers no such counter here; virtual machines often hide them";
  }
  if (code == EMFILE) return "too many open files; see 'ulimit -n'";
  return SystemError("start counting", "an event", code).what();
}

}  // namespace

EventCounter::EventCounter(EventCounter&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)) {}

EventCounter& EventCounter::operator=(EventCounter&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

EventCounter::~EventCounter() {
  if (handle_ >= 0) ::close(static_cast<int>(handle_));
}

EventCounter EventCounter::Start(Event event, std::string& why) {
  why.clear();
  const EventCode code = CodeOf(event);
  EventCounter counter;
  counter.handle_ = OpenForThreads(code, /*user_mode_only=*/false);
  if (counter.handle_ >= 0) return counter;
  const int refusal = errno;
  why = LikelyCause(refusal, code);
  if ((refusal == EACCES || refusal == EPERM) && code.in_user_mode) {
    counter.handle_ = OpenForThreads(code, /*user_mode_only=*/true);
    if (counter.handle_ >= 0)
      why = fmt::format("only what happens in user mode is counted: {}", why);
  }
  return counter;
}

Counter EventCounter::Read() const {
  struct {
    std::uint64_t value;
    std::uint64_t enabled_ns;
    std::uint64_t running_ns;
  } figures;
  if (handle_ < 0) return std::nullopt;
  ssize_t got;
  do {
    got = ::read(static_cast<int>(handle_), &figures, sizeof figures);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof figures)) return std::nullopt;
  if (figures.running_ns == figures.enabled_ns) return figures.value;
  // The processor had fewer counters than were asked for, and gave this one a part of the time.
  if (figures.running_ns == 0) return std::nullopt;
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(figures.value) *
                                    figures.enabled_ns / figures.running_ns);
}

}  // namespace faultline::os
