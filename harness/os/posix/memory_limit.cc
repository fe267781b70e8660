// Memory limits by the memory controller of control groups, version 2 where it is in use and else
// version 1.
#include "harness/os/memory_limit.h"

#include <unistd.h>

#include <atomic>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/os/posix/control_groups.h"
#include "harness/os/posix/kernel_text.h"

namespace faultline::os {
namespace {

constexpr std::string_view kMechanismStart = "memory controller, version ";

std::string NextName() {
  static std::atomic<std::uint64_t> number = 0;
  const auto process_id = static_cast<std::uint64_t>(::getpid());
  return GroupName({.process_id = process_id, .start_ticks = StartTicks(process_id).value_or(0)},
                   number++);
}

int VersionOf(const std::string& mechanism) { return mechanism.ends_with('2') ? 2 : 1; }

}  // namespace

MemoryLimit::MemoryLimit(MemoryLimit&& other) noexcept
    : group_(std::exchange(other.group_, {})), mechanism_(std::exchange(other.mechanism_, {})) {}

MemoryLimit& MemoryLimit::operator=(MemoryLimit&& other) noexcept {
  MemoryLimit old(std::move(*this));
  group_ = std::exchange(other.group_, {});
  mechanism_ = std::exchange(other.mechanism_, {});
  return *this;
}

MemoryLimit::~MemoryLimit() {
  if (!group_.empty()) RemoveGroup(group_);
}

MemoryLimit MemoryLimit::Create(std::uint64_t limit_bytes) {
  constexpr std::uint64_t kMinimumBytes = std::uint64_t{4} << 20;
  if (limit_bytes < kMinimumBytes) {
    throw UsageError(
        fmt::format("a memory limit of {} leaves no room for a process; give at least {}",
                    FormatSize(limit_bytes), FormatSize(kMinimumBytes)));
  }
  std::vector<std::string> refusals;
  for (const int version : {2, 1}) {
    const std::optional<GroupHierarchy> hierarchy = FindHierarchy(version);
    if (!hierarchy) {
      refusals.push_back(
          fmt::format("version {}: not mounted with the memory controller", version));
      continue;
    }
    std::vector<std::string> reasons;
    MemoryLimit limit;
    limit.group_ = MakeLimitedGroup(*hierarchy, NextName(), limit_bytes, reasons);
    if (!limit.group_.empty()) {
      limit.mechanism_ = fmt::format("{}{}", kMechanismStart, version);
      return limit;
    }
    refusals.push_back(fmt::format("version {}: {}", version, Join(reasons, ", ")));
  }
  throw UnsupportedError(fmt::format(
      "can't limit memory on this machine ({}); run as root, or in a control group that is yours",
      Join(refusals, "; ")));
}

std::string MemoryLimit::WhyUnavailable() {
  constexpr std::uint64_t kProbeBytes = std::uint64_t{64} << 20;
  try {
    Create(kProbeBytes);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

void MemoryLimit::RemoveAbandoned() {
  for (const int version : {2, 1}) {
    const std::optional<GroupHierarchy> hierarchy = FindHierarchy(version);
    if (!hierarchy) continue;
    for (const std::string& group : AbandonedGroups(*hierarchy)) RemoveGroup(group);
  }
}

void MemoryLimit::Admit(std::int64_t process_id) const {
  const int code = WriteControl(group_ + "/cgroup.procs", std::to_string(process_id));
  if (code != 0) throw SystemError(fmt::format("put process {} under", process_id), group_, code);
}

LimitedMemory MemoryLimit::Usage() const { return ReadGroup(VersionOf(mechanism_), group_); }

}  // namespace faultline::os
