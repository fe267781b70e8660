#include "harness/os/posix/kernel_events.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>

#include "faultline/system_error.h"
#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

// Of a thread, 0 for the calling one, and those that it starts, on one processor.
int OpenEvent(const EventFormat& format, std::uint32_t thread, int processor) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_TRACEPOINT;
  attributes.config = format.id;
  attributes.sample_period = 1;
  attributes.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
  if (format.with_mode) {
    // What a register was is of no interest, but what it is a register of stands before it.
    attributes.sample_type |= PERF_SAMPLE_REGS_USER;
    attributes.sample_regs_user = 1;
  }
  attributes.inherit = 1;
  attributes.use_clockid = 1;
  attributes.clockid = CLOCK_MONOTONIC;  // 1970's clock is not allowed here
  return static_cast<int>(::syscall(SYS_perf_event_open, &attributes, static_cast<pid_t>(thread),
                                    processor, -1,
                                    static_cast<unsigned long>(PERF_FLAG_FD_CLOEXEC)));
}

}  // namespace

struct KernelEvents::State {
  struct Processor {
    std::vector<Descriptor> events;   // of each thread one of each kind
    unsigned char* memory = nullptr;  // a page of positions, then the buffer
  };

  ~State() {
    for (const Processor& processor : processors) {
      if (processor.memory != nullptr) ::munmap(processor.memory, PageSize() + buffer_bytes);
    }
  }

  // Starts watching on one processor; returns 0 or the system's error.
  int Watch(int number);
  // Likewise one thread; its events go to the processor's buffer.
  int WatchThread(std::uint32_t thread, int number, Processor& processor) const;
  void Take(const Processor& processor, const std::function<void(const KernelEvent&)>& taken);
  void TakeSample(std::span<const unsigned char> sample,
                  const std::function<void(const KernelEvent&)>& taken) const;

  std::vector<EventFormat> formats;
  std::vector<std::uint32_t> threads;
  std::size_t buffer_bytes = 0;
  std::vector<Processor> processors;
  std::vector<unsigned char> record;
  std::uint64_t epoch_ns = 0;  // what the events' clock is behind 1970's
  std::uint64_t lost = 0;
};

int KernelEvents::State::Watch(int number) {
  Processor processor;
  int code = ESRCH;
  for (const std::uint32_t thread : threads) {
    code = WatchThread(thread, number, processor);
    if (code != 0 && code != ESRCH) break;  // a thread may have ended meanwhile
  }
  if (processor.memory == nullptr) return code;
  processors.push_back(std::move(processor));
  return code == ESRCH ? 0 : code;
}

int KernelEvents::State::WatchThread(std::uint32_t thread, int number, Processor& processor) const {
  for (const EventFormat& format : formats) {
    Descriptor event(OpenEvent(format, thread, number));
    if (event.get() < 0) return errno;
    if (processor.memory == nullptr) {
      void* const memory = ::mmap(nullptr, PageSize() + buffer_bytes, PROT_READ | PROT_WRITE,
                                  MAP_SHARED, event.get(), 0);
      if (memory == MAP_FAILED) return errno;
      processor.memory = static_cast<unsigned char*>(memory);
    } else if (::ioctl(event.get(), PERF_EVENT_IOC_SET_OUTPUT, processor.events.front().get()) !=
               0) {
      return errno;
    }
    processor.events.push_back(std::move(event));
  }
  return 0;
}

void KernelEvents::State::Take(const Processor& processor,
                               const std::function<void(const KernelEvent&)>& taken) {
  auto* const positions = reinterpret_cast<perf_event_mmap_page*>(processor.memory);
  const unsigned char* const buffer = processor.memory + PageSize();
  const std::uint64_t head =
      std::atomic_ref<__u64>(positions->data_head).load(std::memory_order_acquire);
  std::uint64_t tail = positions->data_tail;
  auto copy = [&](std::uint64_t from, void* to, std::size_t bytes) {
    const std::size_t at = from % buffer_bytes;
    const std::size_t first = std::min(bytes, buffer_bytes - at);
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
      TakeSample(std::span(record).subspan(sizeof header), taken);
    } else if (header.type == PERF_RECORD_LOST && record.size() >= sizeof header + 16) {
      std::uint64_t count = 0;
      std::memcpy(&count, record.data() + sizeof header + 8, sizeof count);
      lost += count;
    }
  }
  std::atomic_ref<__u64>(positions->data_tail).store(tail, std::memory_order_release);
}

// Process and thread, time, the event's own data with its size before it, then the mode.
void KernelEvents::State::TakeSample(std::span<const unsigned char> sample,
                                     const std::function<void(const KernelEvent&)>& taken) const {
  constexpr std::size_t kHead = 20;
  std::uint32_t bytes = 0;
  if (sample.size() < kHead) return;
  std::memcpy(&bytes, sample.data() + kHead - sizeof bytes, sizeof bytes);
  std::uint16_t id = 0;
  if (bytes < sizeof id || sample.size() - kHead < bytes) return;
  KernelEvent event;
  event.data = sample.subspan(kHead, bytes);
  std::memcpy(&id, event.data.data(), sizeof id);
  std::memcpy(&event.thread, sample.data() + 4, sizeof event.thread);
  std::memcpy(&event.time_ns, sample.data() + 8, sizeof event.time_ns);
  event.time_ns += epoch_ns;
  for (event.kind = 0; event.kind < formats.size(); ++event.kind) {
    const EventFormat& format = formats[event.kind];
    if (format.id != id) continue;
    std::uint64_t mode = 0;
    if (format.with_mode && sample.size() >= kHead + bytes + sizeof mode) {
      std::memcpy(&mode, sample.data() + kHead + bytes, sizeof mode);
    }
    event.foreign_mode = sizeof(long) == sizeof mode && mode == PERF_SAMPLE_REGS_ABI_32;
    event.offsets = &format.offsets;
    taken(event);
    return;
  }
}

std::string KernelEvents::WhyUnavailable(const std::vector<KernelEventKind>& kinds,
                                         std::string_view what) {
  const std::vector<EventFormat> formats = FindEventFormats(kinds);
  if (formats.empty()) return WhyNoEvents(errno, what);
  for (const EventFormat& format : formats) {
    const Descriptor event(OpenEvent(format, 0, 0));
    if (event.get() < 0) return WhyNoEvents(errno, what);
  }
  return {};
}

KernelEvents::KernelEvents(const std::vector<KernelEventKind>& kinds, std::string_view what,
                           std::size_t buffer_bytes, const std::vector<std::uint32_t>& threads)
    : state_(std::make_unique<State>()) {
  state_->formats = FindEventFormats(kinds);
  if (state_->formats.empty()) throw UnsupportedError(WhyNoEvents(errno, what));
  state_->threads = threads.empty() ? std::vector<std::uint32_t>{0} : threads;
  state_->buffer_bytes = buffer_bytes;
  state_->epoch_ns = SteadyEpochNs();
  const long processors = ::sysconf(_SC_NPROCESSORS_CONF);
  int failure = 0;
  for (long number = 0; number < processors; ++number) {
    // A processor that is switched off has no events.
    if (const int code = state_->Watch(static_cast<int>(number)); code != 0) failure = code;
  }
  if (state_->processors.empty()) throw UnsupportedError(WhyNoEvents(failure, what));
}

KernelEvents::~KernelEvents() = default;

void KernelEvents::SetFilter(std::size_t kind, const std::string& filter) {
  for (const State::Processor& processor : state_->processors) {
    for (std::size_t at = kind; at < processor.events.size(); at += state_->formats.size()) {
      if (::ioctl(processor.events[at].get(), PERF_EVENT_IOC_SET_FILTER, filter.c_str()) != 0) {
        const int code = errno;
        throw SystemError("filter", "trace events of the kernel", code);
      }
    }
  }
}

void KernelEvents::Take(const std::function<void(const KernelEvent& event)>& taken) {
  for (const State::Processor& processor : state_->processors) state_->Take(processor, taken);
}

std::uint64_t KernelEvents::lost() const { return state_->lost; }

}  // namespace faultline::os
