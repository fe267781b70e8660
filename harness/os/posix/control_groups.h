// Control groups in either version: where those of a controller are, and how ours, which limit
// memory, are named, made, read and removed. Directories are parameters throughout, so that a test
// can make up its own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/memory_limit.h"
#include "harness/os/posix/mounts.h"

namespace faultline::os {

// A mounted hierarchy that has a controller. Directories without a slash at the end.
struct GroupHierarchy {
  int version = 0;  // 1 or 2
  std::string root;
  std::string
      own;  // of the group that the calling process is in; root, when that can't be seen from here
};

// The hierarchy of that version; absent when there is none, or the controller belongs to the other
// version. `memberships` are the lines of /proc/self/cgroup.
std::optional<GroupHierarchy> FindHierarchy(int version, std::span<const Mount> mounts,
                                            std::span<const std::string> memberships,
                                            std::string_view controller = "memory");

// The same from what /proc says of this process.
std::optional<GroupHierarchy> FindHierarchy(int version, std::string_view controller = "memory");

// The process's own group and those above it, up to the hierarchy's root.
std::vector<std::string> GroupsUpwards(const GroupHierarchy& hierarchy);

// How long a group's limit kept it from processors, from its cpu.stat of either version; absent
// where that says nothing of it.
std::optional<std::uint64_t> ThrottledNs(const std::string& cpu_stat);

// The process that made a group, as the group's name tells: "faultline-PROCESS-START-NUMBER", where
// the start is in the kernel's ticks, so that another process that got the same number later is not
// taken for it.
struct GroupMaker {
  std::uint64_t process_id = 0;
  std::uint64_t start_ticks = 0;

  bool operator==(const GroupMaker&) const = default;
};
std::string GroupName(const GroupMaker& maker, std::uint64_t number);
std::optional<GroupMaker> ParseGroupName(
    std::string_view name);  // absent for a name that isn't ours

// The start of a running process, from the text of /proc/PROCESS/stat; absent for a process that
// isn't there.
std::optional<std::uint64_t> ParseStartTicks(std::string_view stat_text);
std::optional<std::uint64_t> StartTicks(std::uint64_t process_id);

// Makes a group called `name` with this limit: below the process's own group, or else below the
// nearest group above it where that is permitted. Returns its directory, or "" with the reasons
// added to `refusals`; then nothing is left.
std::string MakeLimitedGroup(const GroupHierarchy& hierarchy, const std::string& name,
                             std::uint64_t limit_bytes, std::vector<std::string>& refusals);

// Limits the memory of the group's processes, and keeps them from getting round it by swap space
// where that can be done. Returns 0 or the system's error.
int SetGroupLimit(int version, const std::string& directory, std::uint64_t limit_bytes);

// What the group's files say. Figures that a version doesn't have are absent; a kernel without a
// peak reports what is held now.
LimitedMemory ReadGroup(int version, const std::string& directory);

// The processes in the group; 0 stands for one that can't be seen from this process's namespace.
std::vector<std::uint64_t> GroupMembers(const std::string& directory);

// Kills the group's processes, waits for their end, and removes it. False when it is still there
// after two seconds. The calling process is never killed.
bool RemoveGroup(const std::string& directory);

// Directories of all groups under the hierarchy's root whose maker is gone.
std::vector<std::string> AbandonedGroups(const GroupHierarchy& hierarchy);

}  // namespace faultline::os
