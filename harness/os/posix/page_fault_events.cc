// Page faults by the kernel's trace events exceptions:page_fault_user and …_kernel, read through
// perf_event_open(2). The events' numbers are in tracefs, which is mounted without a name for a
// moment: no other process sees it, and nothing is left of it.
#include "harness/os/page_fault_events.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <optional>
#include <string_view>

#include "faultline/system_error.h"
#include "harness/os/file_mapping.h"
#include "harness/os/posix/system_call.h"

#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif

namespace faultline::os {

// One kind of event: its number, and where its fields are.
struct EventFormat {
  std::uint64_t id = 0;
  std::size_t address = 0;
  std::size_t error = 0;
};

namespace {

constexpr std::size_t kBufferBytes = std::size_t{2} << 20;  // a power of two, in whole pages
constexpr std::size_t kErrorIsWrite = 2;                    // bit of the processor's error code
constexpr int kConfigCreate = 6;                            // FSCONFIG_CMD_CREATE
constexpr const char* kEvents[] = {"page_fault_user", "page_fault_kernel"};

Descriptor MountTracefs() {
  const Descriptor context(static_cast<int>(::syscall(SYS_fsopen, "tracefs", 1)));
  if (context.get() < 0) return Descriptor();
  if (::syscall(SYS_fsconfig, context.get(), kConfigCreate, nullptr, nullptr, 0) != 0) {
    return Descriptor();
  }
  return Descriptor(static_cast<int>(::syscall(SYS_fsmount, context.get(), 1, 0)));
}

std::optional<std::string> ReadBelow(const Descriptor& root, const std::string& path) {
  const Descriptor file(::openat(root.get(), path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[4096];
  const ssize_t count =
      file.get() < 0 ? -1 : RetryInterrupted([&] { return ::read(file.get(), text, sizeof text); });
  if (count <= 0) return std::nullopt;
  return std::string(text, static_cast<std::size_t>(count));
}

std::optional<std::uint64_t> NumberBehind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const char* const begin = text.data() + at + mark.size();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  return error == std::errc() && end != begin ? std::optional(number) : std::nullopt;
}

// Where a field of 8 bytes is in the event's data.
std::optional<std::size_t> OffsetOf(std::string_view format, std::string_view field) {
  const std::size_t at = format.find(fmt::format("unsigned long {};", field));
  if (at == std::string_view::npos) return std::nullopt;
  return NumberBehind(format.substr(at), "offset:");
}

// The kinds of events; empty, with errno, where they can't be found.
std::vector<EventFormat> FindEvents() {
  const Descriptor root = MountTracefs();
  if (root.get() < 0) return {};
  std::vector<EventFormat> formats;
  for (const char* const name : kEvents) {
    const auto text = ReadBelow(root, fmt::format("events/exceptions/{}/format", name));
    if (!text) return {};
    const auto id = NumberBehind(*text, "ID: ");
    const auto address = OffsetOf(*text, "address");
    const auto error = OffsetOf(*text, "error_code");
    if (!id || !address || !error) {
      errno = ENOENT;
      return {};
    }
    formats.push_back({*id, *address, *error});
  }
  return formats;
}

// Of the calling thread and those to come, on one processor.
int OpenEvent(const EventFormat& format, int processor) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_TRACEPOINT;
  attributes.config = format.id;
  attributes.sample_period = 1;
  attributes.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
  attributes.inherit = 1;
  attributes.use_clockid = 1;
  attributes.clockid = CLOCK_MONOTONIC;  // 1970's clock is not allowed here
  return static_cast<int>(::syscall(SYS_perf_event_open, &attributes, 0, processor, -1,
                                    static_cast<unsigned long>(PERF_FLAG_FD_CLOEXEC)));
}

std::uint64_t Nanoseconds(clockid_t clock) {
  timespec now = {};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::string CauseOf(int code) {
  if (code == ENOENT) return "this kernel has no trace events of page faults";
  if (code == EPERM || code == EACCES) return "watching page faults one by one needs root";
  if (code == ENOSYS || code == ENODEV || code == EINVAL) {
    return "this kernel has no trace events, or a container forbids them";
  }
  return SystemError("watch", "page faults", code).what();
}

}  // namespace

struct PageFaultEvents::State {
  struct Processor {
    Descriptor events[2];
    unsigned char* memory = nullptr;  // a page of positions, then the buffer
  };

  ~State() {
    for (const Processor& processor : processors) {
      if (processor.memory != nullptr) ::munmap(processor.memory, PageSize() + kBufferBytes);
    }
  }

  // Starts watching on one processor; returns 0 or the system's error.
  int Watch(int number);
  void Take(const Processor& processor, std::vector<PageFaultEvent>& into);
  void TakeSample(const unsigned char* sample, std::size_t bytes,
                  std::vector<PageFaultEvent>& into) const;

  std::vector<EventFormat> formats;
  std::vector<Processor> processors;
  std::vector<unsigned char> record;
  std::uint64_t epoch_ns = 0;  // what the events' clock is behind 1970's
  std::uint64_t lost = 0;
};

int PageFaultEvents::State::Watch(int number) {
  Processor processor;
  for (std::size_t kind = 0; kind < 2; ++kind) {
    processor.events[kind] = Descriptor(OpenEvent(formats[kind], number));
    if (processor.events[kind].get() < 0) return errno;
  }
  void* const memory = ::mmap(nullptr, PageSize() + kBufferBytes, PROT_READ | PROT_WRITE,
                              MAP_SHARED, processor.events[0].get(), 0);
  if (memory == MAP_FAILED) return errno;
  processor.memory = static_cast<unsigned char*>(memory);
  const int output = processor.events[0].get();
  const bool shared = ::ioctl(processor.events[1].get(), PERF_EVENT_IOC_SET_OUTPUT, output) == 0;
  const int code = shared ? 0 : errno;
  processors.push_back(std::move(processor));
  return code;
}

void PageFaultEvents::State::Take(const Processor& processor, std::vector<PageFaultEvent>& into) {
  auto* const positions = reinterpret_cast<perf_event_mmap_page*>(processor.memory);
  const unsigned char* const buffer = processor.memory + PageSize();
  const std::uint64_t head =
      std::atomic_ref<__u64>(positions->data_head).load(std::memory_order_acquire);
  std::uint64_t tail = positions->data_tail;
  auto copy = [&](std::uint64_t from, void* to, std::size_t bytes) {
    const std::size_t at = from % kBufferBytes;
    const std::size_t first = std::min(bytes, kBufferBytes - at);
    std::memcpy(to, buffer + at, first);
    std::memcpy(static_cast<unsigned char*>(to) + first, buffer, bytes - first);
  };
  while (tail < head) {
    perf_event_header header;
    copy(tail, &header, sizeof header);
    if (header.size < sizeof header) break;
    record.resize(header.size);
    copy(tail, record.data(), header.size);
    tail += header.size;
    if (header.type == PERF_RECORD_SAMPLE) {
      TakeSample(record.data() + sizeof header, record.size() - sizeof header, into);
    } else if (header.type == PERF_RECORD_LOST && record.size() >= sizeof header + 16) {
      std::uint64_t count = 0;
      std::memcpy(&count, record.data() + sizeof header + 8, sizeof count);
      lost += count;
    }
  }
  std::atomic_ref<__u64>(positions->data_tail).store(tail, std::memory_order_release);
}

// Process and thread, time, then the event's own data with its size before it.
void PageFaultEvents::State::TakeSample(const unsigned char* sample, std::size_t bytes,
                                        std::vector<PageFaultEvent>& into) const {
  constexpr std::size_t kHead = 20;
  if (bytes < kHead) return;
  const unsigned char* const data = sample + kHead;
  PageFaultEvent event;
  std::memcpy(&event.thread, sample + 4, sizeof event.thread);
  std::memcpy(&event.time_ns, sample + 8, sizeof event.time_ns);
  std::uint16_t id = 0;
  if (bytes < kHead + sizeof id) return;
  std::memcpy(&id, data, sizeof id);
  for (const EventFormat& format : formats) {
    if (format.id != id || bytes < kHead + std::max(format.address, format.error) + 8) continue;
    std::uint64_t error = 0;
    std::memcpy(&event.address, data + format.address, sizeof event.address);
    std::memcpy(&error, data + format.error, sizeof error);
    event.write = (error & kErrorIsWrite) != 0;
    event.time_ns += epoch_ns;
    into.push_back(event);
  }
}

std::string PageFaultEvents::WhyUnavailable() {
  const std::vector<EventFormat> formats = FindEvents();
  if (formats.empty()) return CauseOf(errno);
  const Descriptor event(OpenEvent(formats[0], 0));
  return event.get() < 0 ? CauseOf(errno) : "";
}

PageFaultEvents::PageFaultEvents() : state_(std::make_unique<State>()) {
  state_->formats = FindEvents();
  if (state_->formats.empty()) throw UnsupportedError(CauseOf(errno));
  state_->epoch_ns = Nanoseconds(CLOCK_REALTIME) - Nanoseconds(CLOCK_MONOTONIC);
  const long processors = ::sysconf(_SC_NPROCESSORS_CONF);
  int failure = 0;
  for (long number = 0; number < processors; ++number) {
    // A processor that is switched off has no events.
    if (const int code = state_->Watch(static_cast<int>(number)); code != 0) failure = code;
  }
  if (state_->processors.empty()) throw UnsupportedError(CauseOf(failure));
}

PageFaultEvents::~PageFaultEvents() = default;

void PageFaultEvents::Take(std::vector<PageFaultEvent>& into) {
  for (const State::Processor& processor : state_->processors) state_->Take(processor, into);
}

std::uint64_t PageFaultEvents::lost() const { return state_->lost; }

}  // namespace faultline::os
