// What the kernel counts for the machine (/proc/interrupts, /proc/vmstat, /proc/stat) and for a
// block device (/sys).
#include "harness/os/machine_counters.h"

#include <unistd.h>

#include <fmt/format.h>
#include <string_view>

#include "harness/os/file_status.h"
#include "harness/os/posix/block_device.h"
#include "harness/os/posix/kernel_text.h"
#include "harness/os/posix/mounts.h"

namespace faultline::os {
namespace {

Counter CountTlbShootdowns() {
  KernelLines lines("/proc/interrupts");
  std::string_view line;
  while (lines.Next(line)) {
    if (TakeWord(line) != "TLB:") continue;
    std::uint64_t sum = 0;
    while (const Counter of_one_processor = TakeNumber(line)) sum += *of_one_processor;
    return sum;
  }
  return std::nullopt;
}

}  // namespace

std::string DeviceOf(const File& file) {
  return BlockDeviceUnder(IdentityOf(file).device, MountOf(file));
}

DeviceTraffic ReadDeviceTraffic(const std::string& device) {
  // The unit of this file, whatever the device's own sectors are.
  constexpr std::uint64_t kSectorBytes = 512;
  if (device.empty()) return {};
  KernelLines lines(fmt::format("/sys/class/block/{}/stat", device).c_str());
  std::string_view line;
  if (!lines.Next(line)) return {};
  // Requests, merged requests, sectors and milliseconds: first of reads, then of writes.
  Counter fields[8];
  for (Counter& field : fields) field = TakeNumber(line);
  DeviceTraffic traffic;
  traffic.read_requests = fields[0];
  if (fields[2]) traffic.read_bytes = *fields[2] * kSectorBytes;
  traffic.write_requests = fields[4];
  if (fields[6]) traffic.write_bytes = *fields[6] * kSectorBytes;
  return traffic;
}

MachineActivity ReadMachineActivity() {
  MachineActivity activity;
  activity.tlb_shootdowns = CountTlbShootdowns();
  std::string_view line;

  KernelLines memory("/proc/vmstat");
  while (memory.Next(line)) {
    const std::string_view key = TakeWord(line);
    if (key == "pswpin") activity.swapped_in_pages = TakeNumber(line);
    if (key == "pswpout") activity.swapped_out_pages = TakeNumber(line);
    if (key == "pgsteal_kswapd" || key == "pgsteal_direct") {
      if (const Counter pages = TakeNumber(line)) {
        activity.reclaimed_pages = activity.reclaimed_pages.value_or(0) + *pages;
      }
    }
  }

  KernelLines processors("/proc/stat");
  const long ticks_per_second = ::sysconf(_SC_CLK_TCK);
  if (ticks_per_second <= 0 || !processors.Next(line) || TakeWord(line) != "cpu") return activity;
  const std::uint64_t tick_ns = 1'000'000'000 / static_cast<std::uint64_t>(ticks_per_second);
  // User, nice, system, idle, waiting for I/O, interrupts, soft interrupts, stolen.
  Counter ticks[8];
  for (Counter& field : ticks) field = TakeNumber(line);
  if (ticks[0] && ticks[1]) activity.busy_user_ns = (*ticks[0] + *ticks[1]) * tick_ns;
  if (ticks[7]) activity.stolen_ns = *ticks[7] * tick_ns;
  return activity;
}

Counter CommittedBytes() {
  KernelLines lines("/proc/meminfo");
  std::string_view line;
  while (lines.Next(line)) {
    if (TakeWord(line) != "Committed_AS:") continue;
    const Counter kilobytes = TakeNumber(line);
    return kilobytes ? Counter(*kilobytes * 1024) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace faultline::os
