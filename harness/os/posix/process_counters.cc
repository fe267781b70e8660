// What the kernel counts for the calling process: getrusage, /proc/self/io, /proc/self/smaps and
// /proc/self/status (those two of other processes as well).
#include "harness/os/process_counters.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <mutex>
#include <string_view>

#include "harness/os/posix/kernel_text.h"
#include "harness/os/posix/region_lines.h"

namespace faultline::os {
namespace {

std::uint64_t Nanoseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_usec) * 1'000;
}

// The reads by which ReadProcessIo itself reads. A child starts counting anew, while it inherits
// this record: so it says whose it is.
struct OwnReads {
  std::mutex mutex;
  pid_t process_id = 0;
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
};

OwnReads& TheOwnReads() {
  static OwnReads own;
  return own;
}

void Subtract(Counter& counter, std::uint64_t amount) {
  if (counter) *counter -= std::min(*counter, amount);
}

ProcessIo ParseProcessIo(std::string_view text) {
  ProcessIo io;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view key = TakeWord(line);
    const Counter value = TakeNumber(line);
    if (key == "syscr:") io.read_calls = value;
    if (key == "syscw:") io.write_calls = value;
    if (key == "rchar:") io.asked_read_bytes = value;
    if (key == "wchar:") io.asked_write_bytes = value;
    if (key == "read_bytes:") io.read_bytes = value;
    if (key == "write_bytes:") io.write_bytes = value;
    if (key == "cancelled_write_bytes:") io.cancelled_write_bytes = value;
  }
  return io;
}

void AddRegion(const RegionLines& region, ProcessMemory& memory) {
  *memory.resident_bytes += region.resident;
  *memory.proportional_bytes += region.proportional;
  if (region.IsMemoryObject()) {
    *memory.anonymous_bytes += region.resident;
    return;
  }
  const std::uint64_t anonymous = std::min(region.anonymous, region.resident);
  *memory.anonymous_bytes += anonymous;
  *memory.file_dirty_bytes += region.FileDirty();
  *memory.file_clean_bytes += region.resident - anonymous - region.FileDirty();
}

void ReadRegions(std::int64_t process_id, ProcessMemory& memory) {
  RegionReader reader(ProcessFile(process_id, "smaps").c_str());
  RegionLines region;
  if (!reader.Next(region)) return;
  for (Counter* counter :
       {&memory.resident_bytes, &memory.proportional_bytes, &memory.anonymous_bytes,
        &memory.file_clean_bytes, &memory.file_dirty_bytes}) {
    *counter = 0;
  }
  do {
    AddRegion(region, memory);
  } while (reader.Next(region));
}

}  // namespace

ProcessUsage ReadProcessUsage() {
  rusage usage = {};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return {};
  return {.minor_faults = static_cast<std::uint64_t>(usage.ru_minflt),
          .major_faults = static_cast<std::uint64_t>(usage.ru_majflt),
          .voluntary_switches = static_cast<std::uint64_t>(usage.ru_nvcsw),
          .involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw),
          .user_ns = Nanoseconds(usage.ru_utime),
          .system_ns = Nanoseconds(usage.ru_stime)};
}

Counter MajorFaultsOf(std::int64_t process_id) {
  KernelLines lines(fmt::format("/proc/{}/stat", process_id).c_str());
  std::string_view line;
  if (!lines.Next(line)) return std::nullopt;
  // The name, in brackets, may hold anything. Behind it the faults are the tenth field.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  line.remove_prefix(name_end + 1);
  for (int field = 0; field < 9; ++field) TakeWord(line);
  return TakeNumber(line);
}

ProcessIo ReadProcessIo() {
  const int handle = ::open("/proc/self/io", O_RDONLY | O_CLOEXEC);
  if (handle < 0) return {};
  OwnReads& own = TheOwnReads();
  const std::lock_guard lock(own.mutex);
  if (own.process_id != ::getpid()) {
    own.process_id = ::getpid();
    own.calls = 0;
    own.bytes = 0;
  }
  // One call, since each is itself counted, after the text for it was made.
  char buffer[1024];
  ssize_t got;
  do {
    got = ::read(handle, buffer, sizeof buffer);
  } while (got < 0 && errno == EINTR);
  ::close(handle);
  if (got <= 0) return {};
  ProcessIo io = ParseProcessIo({buffer, static_cast<std::size_t>(got)});
  Subtract(io.read_calls, own.calls);
  Subtract(io.asked_read_bytes, own.bytes);
  own.calls += 1;
  own.bytes += static_cast<std::uint64_t>(got);
  return io;
}

ProcessMemory ReadProcessMemory(std::int64_t process_id) {
  ProcessMemory memory;
  ReadRegions(process_id, memory);
  KernelLines lines(ProcessFile(process_id, "status").c_str());
  std::string_view line;
  while (lines.Next(line)) {
    const std::string_view key = TakeWord(line);
    Counter* const figure = key == "VmSize:"  ? &memory.virtual_bytes
                            : key == "VmHWM:" ? &memory.peak_resident_bytes
                            : key == "VmPTE:" ? &memory.page_table_bytes
                                              : nullptr;
    if (figure == nullptr) continue;
    if (const Counter kilobytes = TakeNumber(line)) *figure = *kilobytes * 1024;
  }
  // The kernel keeps its resident figure per processor and folds it together now and then, so the
  // peak may lag behind what the page tables show.
  if (memory.peak_resident_bytes && memory.resident_bytes) {
    memory.peak_resident_bytes = std::max(*memory.peak_resident_bytes, *memory.resident_bytes);
  }
  return memory;
}

bool ResetPeakResident() { return WriteControl("/proc/self/clear_refs", "5") == 0; }

}  // namespace faultline::os
