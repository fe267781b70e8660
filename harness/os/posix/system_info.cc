// Facts about the machine: kernel, processor, memory, and the settings that decide how file pages
// are cached.
#include "harness/os/system_info.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include <algorithm>
#include <string_view>

#include "harness/base/text.h"
#include "harness/os/posix/control_groups.h"
#include "harness/os/posix/kernel_text.h"

namespace faultline::os {
namespace {

using Fact = std::optional<std::string>;

// What follows the first of `separators` on the first line that begins with `key`, as "model name :
// …".
Fact FindText(const std::string& path, std::string_view key, char separator) {
  KernelLines lines(path.c_str());
  std::string_view line;
  while (lines.Next(line)) {
    if (!line.starts_with(key)) continue;
    const std::size_t found = line.find(separator, key.size());
    if (found == std::string_view::npos) continue;
    std::string_view text = Trim(line.substr(found + 1));
    if (text.size() >= 2 && text.starts_with('"')) text = text.substr(1, text.size() - 2);
    if (!text.empty()) return std::string(text);
  }
  return std::nullopt;
}

Fact Choice(const std::string& path) {
  const Fact line = FirstLine(path);
  return line ? Fact(ChoiceIn(*line)) : std::nullopt;
}

Fact Kilobytes(std::string_view key) {
  const auto kilobytes = FindNumber("/proc/meminfo", key);
  if (!kilobytes) return std::nullopt;
  return std::to_string(*kilobytes * 1024);
}

// A threshold of dirty memory: the setting in bytes rules when it isn't 0, and else the one in
// percent does.
Fact DirtyThreshold(const std::string& setting) {
  const auto bytes = FirstNumber(fmt::format("/proc/sys/vm/{}_bytes", setting));
  if (bytes && *bytes != 0) return fmt::format("{} bytes", *bytes);
  const auto percent = FirstNumber(fmt::format("/proc/sys/vm/{}_ratio", setting));
  if (!percent) return std::nullopt;
  return fmt::format("{} %", *percent);
}

Fact Centiseconds(const std::string& path) {
  const auto value = FirstNumber(path);
  if (!value) return std::nullopt;
  return fmt::format("{} ms", *value * 10);
}

Fact Virtualization() {
  const Fact flags = FindText("/proc/cpuinfo", "flags", ':');
  if (!flags) return std::nullopt;
  const std::vector<std::string> words = Split(*flags, ' ');
  if (std::find(words.begin(), words.end(), "hypervisor") == words.end()) return "none";
  const Fact vendor = FirstLine("/sys/class/dmi/id/sys_vendor");
  const Fact product = FirstLine("/sys/class/dmi/id/product_name");
  if (!vendor && !product) return "virtual machine";
  return fmt::format("virtual machine ({})",
                     Trim(fmt::format("{} {}", vendor.value_or(""), product.value_or(""))));
}

// The tightest limit among the groups that this process is in, or "none".
Fact MemoryLimitInForce() {
  std::optional<std::uint64_t> limit;
  bool known = false;
  if (const auto version2 = FindHierarchy(2)) {
    known = true;
    for (std::string group = version2->own; group.size() >= version2->root.size();
         group.resize(group.rfind('/'))) {
      const auto own = FirstNumber(group + "/memory.max");
      if (own) limit = std::min(*own, limit.value_or(*own));
    }
  }
  if (const auto version1 = FindHierarchy(1)) {
    known = true;
    limit = FindNumber(version1->own + "/memory.stat", "hierarchical_memory_limit");
  }
  if (!known) return std::nullopt;
  // Version 1 writes "no limit" as a number that no machine reaches.
  if (!limit || *limit >= PhysicalMemoryBytes()) return "none";
  return std::to_string(*limit);
}

Fact CLibrary() {
#ifdef __GLIBC__
  return fmt::format("glibc {}", ::gnu_get_libc_version());
#else
  return std::nullopt;
#endif
}

}  // namespace

Facts MachineFacts() {
  Facts facts;
  utsname names = {};
  const bool named = ::uname(&names) == 0;
  facts["architecture"] = named ? Fact(names.machine) : std::nullopt;
  facts["c_library"] = CLibrary();
  facts["dirty_background_ratio"] = DirtyThreshold("dirty_background");
  facts["dirty_expire"] = Centiseconds("/proc/sys/vm/dirty_expire_centisecs");
  facts["dirty_ratio"] = DirtyThreshold("dirty");
  facts["dirty_writeback"] = Centiseconds("/proc/sys/vm/dirty_writeback_centisecs");
  facts["kernel"] = named ? Fact(fmt::format("{} {}", names.sysname, names.release)) : std::nullopt;
  facts["memory_bytes"] = Kilobytes("MemTotal:");
  facts["memory_limit_in_force"] = MemoryLimitInForce();
  facts["multi_generational_reclaim"] = FirstLine("/sys/kernel/mm/lru_gen/enabled");
  facts["overcommit"] = FirstLine("/proc/sys/vm/overcommit_memory");
  facts["page_size"] = std::to_string(::sysconf(_SC_PAGESIZE));
  facts["processor"] = FindText("/proc/cpuinfo", "model name", ':');
  facts["processors"] = std::to_string(ProcessorCount());
  facts["swap_bytes"] = Kilobytes("SwapTotal:");
  facts["swappiness"] = FirstLine("/proc/sys/vm/swappiness");
  facts["system"] = FindText("/etc/os-release", "PRETTY_NAME", '=');
  facts["transparent_huge_pages"] = Choice("/sys/kernel/mm/transparent_hugepage/enabled");
  facts["transparent_huge_pages_shared"] =
      Choice("/sys/kernel/mm/transparent_hugepage/shmem_enabled");
  facts["virtualization"] = Virtualization();
  return facts;
}

std::uint64_t ProcessorCount() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return static_cast<std::uint64_t>(CPU_COUNT(&allowed));
  }
  // More processors than the set has room for.
  return static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

std::uint64_t PhysicalMemoryBytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool RunningAsRoot() { return ::geteuid() == 0; }

std::int64_t ProcessId() { return ::getpid(); }

}  // namespace faultline::os
