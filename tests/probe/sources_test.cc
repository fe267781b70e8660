// The real sources: that a phase's figures are of what the phase did.
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "harness/os/machine_counters.h"
#include "harness/os/page_cache.h"
#include "harness/os/process_counters.h"
#include "harness/os/scheduling.h"
#include "harness/probe/probe.h"
#include "tests/os/support.h"

namespace faultline {
namespace {

using os::testing::Forked;

constexpr std::uint64_t kMebibyte = 1 << 20;

template <class Phase>
Counters Measure(const os::File& file, Phase phase) {
  ProbeSet probes({.data_file = &file});
  Counters counters;
  probes.Begin();
  phase();
  probes.End(counters);
  return counters;
}

TEST_CASE("an empty phase transferred nothing", "[probe]") {
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  ProbeSet probes({.data_file = &file});
  Counters counters;
  for (int stretch = 0; stretch < 5; ++stretch) {
    probes.Begin();
    probes.End(counters);
  }
  if (!counters.at("read_calls")) {
    WARN("SKIPPED: this kernel doesn't count a process's transfers");
    return;
  }
  for (const char* name : {"read_calls", "write_calls", "asked_read_bytes", "asked_write_bytes",
                           "read_bytes", "write_bytes"}) {
    CAPTURE(name);
    CHECK(counters.at(name) == 0u);
  }
}

TEST_CASE("fresh pages of a phase are its minor faults and its peak", "[probe]") {
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  constexpr std::size_t kSize = 32 * kMebibyte;
  const auto touch = [&] {
    void* memory =
        ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    ::madvise(memory, kSize, MADV_NOHUGEPAGE);
    for (std::size_t at = 0; at < kSize; at += page) static_cast<volatile char*>(memory)[at] = 1;
    ::munmap(memory, kSize);
  };
  const Counters touched = Measure(file, touch);
  CHECK(*touched.at("minor_faults") >= kSize / page);
  // AddressSanitizer has one shadow byte for this many of memory.
  constexpr std::size_t kShadow = testing::kAddressSanitizer ? 8 : kSize;
  CHECK(*touched.at("minor_faults") < kSize / page + kSize / kShadow / page + 1000);
  CHECK(*touched.at("peak_resident_bytes") >= kSize / 2);
  // What the process began with is no cost of the phase.
  const Counters idle = Measure(file, [] {});
  CHECK(*idle.at("peak_resident_bytes") < kSize / 8);
  if (touched.at("event_page_faults")) CHECK(*touched.at("event_page_faults") >= kSize / page);
}

TEST_CASE("the transfers of a phase are counted to the byte", "[probe]") {
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  std::vector<std::byte> block(12'345);
  const Counters counters = Measure(file, [&] {
    file.WriteAt(0, block);
    file.WriteAt(12'345, block);
    file.ReadExactlyAt(0, block);
  });
  if (!counters.at("read_calls")) {
    WARN("SKIPPED: this kernel doesn't count a process's transfers");
    return;
  }
  CHECK(counters.at("read_calls") == 1u);
  CHECK(counters.at("write_calls") == 2u);
  CHECK(counters.at("asked_read_bytes") == 12'345u);
  CHECK(counters.at("asked_write_bytes") == 24'690u);
}

TEST_CASE("cached pages are those of the data file at the phase's end", "[probe]") {
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  file.WriteAt(0, std::vector<std::byte>(100 * page, std::byte{1}));
  if (os::DeviceOf(file).empty()) {
    WARN("SKIPPED: the temporary directory's files can't leave memory");
    return;
  }
  REQUIRE(os::Evict(file).cached_pages == 0);
  const Counters filled = Measure(file, [&] { os::FillByReading(file, 10 * page, false); });
  CHECK(filled.at("cached_pages") == 100u);
  CHECK(*filled.at("device_read_bytes") >= 100 * page);
  CHECK(*filled.at("device_read_requests") >= 1);
  CHECK(Measure(file, [&] { os::Evict(file); }).at("cached_pages") == 0u);
}

TEST_CASE("what a phase makes durable shows at the device", "[probe]") {
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  if (os::DeviceOf(file).empty()) {
    WARN("SKIPPED: the temporary directory is on no block device");
    return;
  }
  const Counters counters = Measure(file, [&] {
    file.WriteAt(0, std::vector<std::byte>(4 * kMebibyte, std::byte{1}));
    file.SyncData();
  });
  CHECK(*counters.at("device_write_bytes") >= 4 * kMebibyte);
  CHECK(*counters.at("device_write_requests") >= 1);
  CHECK(*counters.at("write_bytes") >= 4 * kMebibyte);
  if (counters.at("dirty_pages")) CHECK(counters.at("dirty_pages") == 0u);
}

TEST_CASE("a phase's wait for a processor that another process holds is counted", "[probe]") {
  if (!os::RunQueue().ReadDelayNs()) {
    WARN("SKIPPED: this kernel doesn't count the time in the run queue");
    return;
  }
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  cpu_set_t before;
  REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
  std::uint64_t waited = 0;
  Counters counters;
  {
    const Forked hog([]() -> int {
      for (volatile std::uint64_t sink = 0;;) sink = sink + 1;
    });
    counters = Measure(file, [&] {
      os::RunQueue queue;
      const std::uint64_t begin = *queue.ReadDelayNs();
      const std::uint64_t user_ns = *os::ReadProcessUsage().user_ns;
      volatile std::uint64_t sink = 0;
      while (waited == 0 && *os::ReadProcessUsage().user_ns - user_ns < 10'000'000'000) {
        for (int i = 0; i < 1'000'000; ++i) sink = sink + 1;
        waited = *queue.ReadDelayNs() - begin;
      }
    });
  }
  ::sched_setaffinity(0, sizeof before, &before);
  CHECK(waited > 0);
  CHECK(*counters.at("run_delay_ns") >= waited);
}

}  // namespace
}  // namespace faultline
