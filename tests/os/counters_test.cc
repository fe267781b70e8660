// Counters of the process, of events, of the machine and of devices: that they count what was done,
// and only that.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "harness/os/event_counters.h"
#include "harness/os/machine_counters.h"
#include "harness/os/process_counters.h"
#include "harness/os/system_info.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;

constexpr std::uint64_t kMebibyte = 1 << 20;

// What AddressSanitizer keeps of the most that a test touches, an eighth of 16 MiB, in memory of
// its own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FAULTLINE_SHADOW_BYTES (2 * kMebibyte)
#endif
#endif
#if !defined(FAULTLINE_SHADOW_BYTES)
#define FAULTLINE_SHADOW_BYTES 0
#endif
constexpr std::uint64_t kShadowBytes = FAULTLINE_SHADOW_BYTES;

// Memory of small pages, unmapped at its end.
class Mapped {
 public:
  Mapped(std::uint64_t size, int flags, const File* file = nullptr) : size_(size) {
    const int handle = file == nullptr ? -1 : static_cast<int>(file->handle());
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, handle, 0);
    REQUIRE(memory != MAP_FAILED);
    ::madvise(memory, size, MADV_NOHUGEPAGE);
    data_ = static_cast<volatile char*>(memory);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { ::munmap(const_cast<char*>(data_), size_); }

  void Write() {
    for (std::uint64_t at = 0; at < size_; at += 4096) data_[at] = 1;
  }
  void Read() {
    for (std::uint64_t at = 0; at < size_; at += 4096) static_cast<void>(data_[at]);
  }

 private:
  volatile char* data_;
  std::uint64_t size_;
};

Mapped Anonymous(std::uint64_t size) { return {size, MAP_PRIVATE | MAP_ANONYMOUS}; }

std::uint64_t Pages(std::uint64_t bytes) {
  return bytes / static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Whether the figure lies within a mebibyte of what was expected; the rest of the process moves a
// little too.
bool Near(std::uint64_t after, std::uint64_t before, std::uint64_t growth) {
  const std::uint64_t most = growth + kShadowBytes + kMebibyte;
  return after + kMebibyte >= before + growth && after <= before + most;
}

TEST_CASE("every fresh page that is touched is a minor fault", "[counters]") {
  Mapped memory = Anonymous(4 * kMebibyte);
  const ProcessUsage before = ReadProcessUsage();
  memory.Write();
  const ProcessUsage after = ReadProcessUsage();
  CHECK(*after.minor_faults - *before.minor_faults >= Pages(4 * kMebibyte));
  CHECK(*after.minor_faults - *before.minor_faults < 2 * Pages(4 * kMebibyte));
}

TEST_CASE("giving the processor up is a voluntary switch", "[counters]") {
  const ProcessUsage before = ReadProcessUsage();
  for (int i = 0; i < 5; ++i) ::usleep(1000);
  CHECK(*ReadProcessUsage().voluntary_switches - *before.voluntary_switches >= 5);
  CHECK(before.involuntary_switches.has_value());
}

TEST_CASE("time in this program and time in the system are counted apart", "[counters]") {
  const ProcessUsage before = ReadProcessUsage();
  const MachineActivity machine_before = ReadMachineActivity();
  volatile std::uint64_t sink = 0;
  while (*ReadProcessUsage().user_ns - *before.user_ns < 200'000'000) {
    for (int i = 0; i < 1'000'000; ++i) sink = sink + 1;
  }
  const ProcessUsage after = ReadProcessUsage();
  CHECK(*after.user_ns - *before.user_ns > *after.system_ns - *before.system_ns);
  // The machine counts in ticks, and this process's part is in it.
  CHECK(*ReadMachineActivity().busy_user_ns - *machine_before.busy_user_ns >= 100'000'000);
}

TEST_CASE("two readings of the process's transfers with nothing between are equal", "[counters]") {
  const ProcessIo before = ReadProcessIo();
  if (!before.read_calls) {
    WARN("SKIPPED: this kernel doesn't count a process's transfers");
    return;
  }
  for (int i = 0; i < 20; ++i) {
    const ProcessIo after = ReadProcessIo();
    CHECK(after.read_calls == before.read_calls);
    CHECK(after.asked_read_bytes == before.asked_read_bytes);
    CHECK(after.write_calls == before.write_calls);
  }
}

TEST_CASE("transfers are counted call by call and byte by byte", "[counters]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  if (!ReadProcessIo().read_calls) {
    WARN("SKIPPED: this kernel doesn't count a process's transfers");
    return;
  }
  std::vector<std::byte> block(5000);
  const ProcessIo before = ReadProcessIo();
  for (std::uint64_t i = 0; i < 3; ++i) file.WriteAt(i * 5000, block);
  for (std::uint64_t i = 0; i < 2; ++i) file.ReadExactlyAt(i * 5000, block);
  const ProcessIo after = ReadProcessIo();
  CHECK(*after.write_calls - *before.write_calls == 3);
  CHECK(*after.asked_write_bytes - *before.asked_write_bytes == 15000);
  CHECK(*after.read_calls - *before.read_calls == 2);
  CHECK(*after.asked_read_bytes - *before.asked_read_bytes == 10000);
  if (!DeviceOf(file).empty()) {
    CHECK(*after.write_bytes - *before.write_bytes >= 15000);
    CHECK(after.read_bytes == before.read_bytes);
  }
}

TEST_CASE("a child's transfers begin at nothing whatever its parent has read", "[counters]") {
  if (!ReadProcessIo().read_calls) {
    WARN("SKIPPED: this kernel doesn't count a process's transfers");
    return;
  }
  for (int i = 0; i < 10; ++i) ReadProcessIo();
  Forked child([] {
    const ProcessIo first = ReadProcessIo();
    char byte;
    const int zero = ::open("/dev/zero", O_RDONLY);
    const bool read = ::read(zero, &byte, 1) == 1;
    const ProcessIo second = ReadProcessIo();
    return read && *second.read_calls == *first.read_calls + 1 &&
                   *second.asked_read_bytes == *first.asked_read_bytes + 1
               ? 0
               : 1;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("anonymous memory is resident and anonymous and no file's", "[counters]") {
  Mapped memory = Anonymous(16 * kMebibyte);
  const ProcessMemory before = ReadProcessMemory();
  memory.Write();
  const ProcessMemory after = ReadProcessMemory();
  CHECK(Near(*after.resident_bytes, *before.resident_bytes, 16 * kMebibyte));
  CHECK(Near(*after.anonymous_bytes, *before.anonymous_bytes, 16 * kMebibyte));
  CHECK(Near(*after.proportional_bytes, *before.proportional_bytes, 16 * kMebibyte));
  CHECK(Near(*after.file_clean_bytes, *before.file_clean_bytes, 0));
  CHECK(Near(*after.file_dirty_bytes, *before.file_dirty_bytes, 0));
  CHECK(*after.resident_bytes ==
        *after.anonymous_bytes + *after.file_clean_bytes + *after.file_dirty_bytes);
  // 8 bytes for each page of 4 KiB.
  CHECK(*after.page_table_bytes >= *before.page_table_bytes + 16 * kMebibyte / 512 - 4096);
}

TEST_CASE("pages of a file are clean when read and dirty when stored to", "[counters]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  file.WriteAt(0, std::vector<std::byte>(16 * kMebibyte, std::byte{1}));
  file.SyncData();
  if (DeviceOf(file).empty()) {
    WARN("SKIPPED: pages of the temporary directory's files are never clean");
    return;
  }
  const ProcessMemory before = ReadProcessMemory();
  Mapped view(16 * kMebibyte, MAP_SHARED, &file);
  view.Read();
  const ProcessMemory read = ReadProcessMemory();
  CHECK(Near(*read.file_clean_bytes, *before.file_clean_bytes, 16 * kMebibyte));
  CHECK(Near(*read.file_dirty_bytes, *before.file_dirty_bytes, 0));
  view.Write();
  const ProcessMemory stored = ReadProcessMemory();
  CHECK(Near(*stored.file_dirty_bytes, *before.file_dirty_bytes, 16 * kMebibyte));
  CHECK(Near(*stored.file_clean_bytes, *before.file_clean_bytes, 0));
  CHECK(Near(*stored.anonymous_bytes, *before.anonymous_bytes, 0));
}

TEST_CASE("private copies of a file's pages are anonymous and not the file's", "[counters]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  file.WriteAt(0, std::vector<std::byte>(16 * kMebibyte, std::byte{1}));
  file.SyncData();
  const ProcessMemory before = ReadProcessMemory();
  Mapped view(16 * kMebibyte, MAP_PRIVATE, &file);
  view.Write();
  const ProcessMemory after = ReadProcessMemory();
  CHECK(Near(*after.anonymous_bytes, *before.anonymous_bytes, 16 * kMebibyte));
  CHECK(Near(*after.file_dirty_bytes, *before.file_dirty_bytes, 0));
}

TEST_CASE("shared memory of no file counts as anonymous", "[counters]") {
  const ProcessMemory before = ReadProcessMemory();
  Mapped memory(16 * kMebibyte, MAP_SHARED | MAP_ANONYMOUS);
  memory.Write();
  const ProcessMemory after = ReadProcessMemory();
  CHECK(Near(*after.anonymous_bytes, *before.anonymous_bytes, 16 * kMebibyte));
  CHECK(Near(*after.file_dirty_bytes, *before.file_dirty_bytes, 0));
}

TEST_CASE("the peak starts again when it is reset", "[counters]") {
  {
    Mapped memory = Anonymous(64 * kMebibyte);
    memory.Write();
  }
  const ProcessMemory high = ReadProcessMemory();
  CHECK(*high.peak_resident_bytes >= *high.resident_bytes + 60 * kMebibyte);
  REQUIRE(ResetPeakResident());
  const ProcessMemory low = ReadProcessMemory();
  CHECK(*low.peak_resident_bytes < *low.resident_bytes + 16 * kMebibyte);
}

TEST_CASE("event counters count from their start on and threads too", "[counters]") {
  std::string why;
  EventCounter counter = EventCounter::Start(Event::kPageFaults, why);
  if (!counter.Read()) {
    CHECK_FALSE(why.empty());
    WARN("SKIPPED: " << why);
    return;
  }
  Mapped memory = Anonymous(4 * kMebibyte);
  Mapped of_thread = Anonymous(8 * kMebibyte);
  const std::uint64_t begin = *counter.Read();
  memory.Write();
  const std::uint64_t middle = *counter.Read();
  std::thread([&] { of_thread.Write(); }).join();
  CHECK(middle - begin >= Pages(4 * kMebibyte));
  CHECK(*counter.Read() - middle >= Pages(8 * kMebibyte));
  CHECK_FALSE(EventCounter().Read().has_value());
}

TEST_CASE("event counters leave child processes to themselves", "[counters]") {
  std::string why;
  const EventCounter counter = EventCounter::Start(Event::kPageFaults, why);
  if (!counter.Read()) {
    WARN("SKIPPED: " << why);
    return;
  }
  const std::uint64_t begin = *counter.Read();
  Forked child([] {
    Mapped memory = Anonymous(64 * kMebibyte);
    memory.Write();
    return 0;
  });
  CHECK(child.ExitCode() == 0);
  CHECK(*counter.Read() - begin < Pages(64 * kMebibyte) / 2);
}

TEST_CASE("an event that can't be counted says why and one that can does not", "[counters]") {
  for (const Event event :
       {Event::kPageFaults, Event::kContextSwitches, Event::kMigrations, Event::kTaskClockNs,
        Event::kCycles, Event::kInstructions, Event::kCacheMisses, Event::kDataTlbLoadMisses}) {
    std::string why = "left over";
    EventCounter counter = EventCounter::Start(event, why);
    CHECK(why != "left over");
    if (!counter.Read()) CHECK_FALSE(why.empty());
    EventCounter moved = std::move(counter);
    if (why.empty()) CHECK(moved.Read().has_value());
  }
}

TEST_CASE("a synced file reaches its device", "[counters]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  const std::string device = DeviceOf(file);
  if (device.empty()) {
    WARN("SKIPPED: the temporary directory is on no block device");
    return;
  }
  CHECK(std::filesystem::exists("/sys/class/block/" + device));
  const DeviceTraffic before = ReadDeviceTraffic(device);
  file.WriteAt(0, std::vector<std::byte>(8 * kMebibyte, std::byte{3}));
  file.SyncData();
  const DeviceTraffic after = ReadDeviceTraffic(device);
  CHECK(*after.write_bytes - *before.write_bytes >= 8 * kMebibyte);
  // Another process may write too, but not as much as a wrong unit would show.
  CHECK(*after.write_bytes - *before.write_bytes < 2000 * kMebibyte);
  CHECK(*after.write_requests > *before.write_requests);
  CHECK(*after.read_bytes >= *before.read_bytes);
  CHECK(after.read_requests.has_value());
}

TEST_CASE("a file without a device has no traffic rather than none", "[counters]") {
  const File file = File::Open("/proc/self/status", FileAccess::kRead);
  CHECK(DeviceOf(file).empty());
  CHECK_FALSE(ReadDeviceTraffic("").read_bytes.has_value());
  CHECK_FALSE(ReadDeviceTraffic("no-such-device").write_bytes.has_value());
}

TEST_CASE("machine counters are there exactly where the system has them", "[counters]") {
  // A quarter of a gibibyte, so that what others do meanwhile is small beside it.
  constexpr std::uint64_t kBytes = 256 * kMebibyte;
  const Counter committed = CommittedBytes();
  void* const promised =
      ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(promised != MAP_FAILED);
  const Counter more = CommittedBytes();
  ::munmap(promised, kBytes);
  REQUIRE((committed && more));
  CHECK(*more > *committed + kBytes / 2);

  const MachineActivity activity = ReadMachineActivity();
  const bool tlb = ReadText("/proc/interrupts").find("TLB:") != std::string::npos;
  CHECK(activity.tlb_shootdowns.has_value() == tlb);
  CHECK(activity.swapped_in_pages.has_value());
  CHECK(activity.swapped_out_pages.has_value());
  CHECK(activity.stolen_ns.has_value());
}

// Two processors that this process may use; fewer where there are no two.
std::vector<int> TwoProcessors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> found;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return found;
  for (int cpu = 0; cpu < CPU_SETSIZE && found.size() < 2; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) found.push_back(cpu);
  }
  return found;
}

void RunOn(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  CHECK(::sched_setaffinity(0, sizeof one, &one) == 0);
}

TEST_CASE("processors that must forget translations are counted", "[counters]") {
  const std::vector<int> processors = TwoProcessors();
  if (processors.size() < 2 || !ReadMachineActivity().tlb_shootdowns) {
    WARN("SKIPPED: it takes two processors whose shootdowns are counted");
    return;
  }
  const std::uint64_t before = *ReadMachineActivity().tlb_shootdowns;
  std::atomic<bool> stop = false;
  // A processor of its own for each thread: on a busy machine they would share one most of the
  // time.
  std::thread other([&] {
    RunOn(processors[1]);
    while (!stop) {
    }
  });
  RunOn(processors[0]);
  // Whether both threads run at once is the scheduler's decision: so this goes on until they did.
  // Where no processor was ever interrupted for it, they broadcast the request instead (INVLPGB).
  const auto patience = std::chrono::seconds(before == 0 ? 1 : 60);
  const auto end = std::chrono::steady_clock::now() + patience;
  std::uint64_t now = before;
  for (int attempt = 0; now == before && std::chrono::steady_clock::now() < end; ++attempt) {
    void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *static_cast<volatile char*>(page) = 1;
    ::mprotect(page, 4096, PROT_READ);
    ::munmap(page, 4096);
    if (attempt % 100 == 0) now = *ReadMachineActivity().tlb_shootdowns;
  }
  stop = true;
  other.join();
  if (now == before) {
    WARN("SKIPPED: both threads never ran at once, or no processor is interrupted here");
  }
}

}  // namespace
}  // namespace faultline::os
