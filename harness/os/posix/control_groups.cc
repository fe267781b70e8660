// Finding, naming and removing control groups: what does not depend on what a group limits.
#include "harness/os/posix/control_groups.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/os/posix/kernel_text.h"

namespace faultline::os {
namespace {

constexpr std::string_view kNamePrefix = "faultline-";

bool HasWord(std::string_view words, char separator, std::string_view word) {
  const std::vector<std::string> parts = Split(words, separator);
  return std::find(parts.begin(), parts.end(), word) != parts.end();
}

// The path in the hierarchy of the process's own group: the third part of "4:memory:/path" (version
// 1) or "0::/path".
std::optional<std::string> OwnPath(int version, std::string_view controller,
                                   std::span<const std::string> memberships) {
  for (const std::string& line : memberships) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool found = version == 2 ? line.starts_with("0:") && controllers.empty()
                                    : HasWord(controllers, ',', controller);
    if (found) return line.substr(second + 1);
  }
  return std::nullopt;
}

bool HasController(int version, std::string_view controller, const Mount& mount) {
  if (version == 1) return mount.kind == "cgroup" && HasWord(mount.super_options, ',', controller);
  return mount.kind == "cgroup2" &&
         HasWord(FirstLine(mount.point + "/cgroup.controllers").value_or(""), ' ', controller);
}

// Where the group `path` of a hierarchy is, when the hierarchy's part `mount.root` is mounted at
// `mount.point`.
std::string DirectoryOf(const Mount& mount, std::string path) {
  if (mount.root != "/") {
    const bool below = path.starts_with(mount.root) &&
                       (path.size() == mount.root.size() || path[mount.root.size()] == '/');
    path = below ? path.substr(mount.root.size()) : "";
  }
  // A process outside its namespace's part of the hierarchy sees itself at "/../…".
  if (path == "/" || path.starts_with("/..")) path.clear();
  return mount.point + path;
}

}  // namespace

std::optional<GroupHierarchy> FindHierarchy(int version, std::span<const Mount> mounts,
                                            std::span<const std::string> memberships,
                                            std::string_view controller) {
  const std::optional<std::string> path = OwnPath(version, controller, memberships);
  if (!path) return std::nullopt;
  for (const Mount& mount : mounts) {
    if (!HasController(version, controller, mount)) continue;
    GroupHierarchy hierarchy{
        .version = version, .root = mount.point, .own = DirectoryOf(mount, *path)};
    std::error_code error;
    if (!std::filesystem::is_directory(hierarchy.own, error)) hierarchy.own = hierarchy.root;
    return hierarchy;
  }
  return std::nullopt;
}

std::optional<GroupHierarchy> FindHierarchy(int version, std::string_view controller) {
  std::vector<std::string> memberships;
  KernelLines lines("/proc/self/cgroup");
  std::string_view line;
  while (lines.Next(line)) memberships.emplace_back(line);
  return FindHierarchy(version, Mounts(), memberships, controller);
}

std::vector<std::string> GroupsUpwards(const GroupHierarchy& hierarchy) {
  std::vector<std::string> groups = {hierarchy.own};
  while (groups.back().size() > hierarchy.root.size()) {
    groups.push_back(groups.back().substr(0, groups.back().rfind('/')));
  }
  return groups;
}

std::optional<std::uint64_t> ThrottledNs(const std::string& cpu_stat) {
  if (const auto ns = FindNumber(cpu_stat, "throttled_time")) return ns;
  const auto microseconds = FindNumber(cpu_stat, "throttled_usec");
  return microseconds ? std::optional(*microseconds * 1000) : std::nullopt;
}

std::string GroupName(const GroupMaker& maker, std::uint64_t number) {
  return fmt::format("{}{}-{}-{}", kNamePrefix, maker.process_id, maker.start_ticks, number);
}

std::optional<GroupMaker> ParseGroupName(std::string_view name) {
  if (!name.starts_with(kNamePrefix)) return std::nullopt;
  name.remove_prefix(kNamePrefix.size());
  std::uint64_t numbers[3];
  for (int part = 0; part < 3; ++part) {
    if (part > 0) {
      if (!name.starts_with('-')) return std::nullopt;
      name.remove_prefix(1);
    }
    const auto number = TakeNumber(name);
    if (!number) return std::nullopt;
    numbers[part] = *number;
  }
  if (!name.empty()) return std::nullopt;
  return GroupMaker{.process_id = numbers[0], .start_ticks = numbers[1]};
}

std::optional<std::uint64_t> ParseStartTicks(std::string_view stat_text) {
  // The second field is the program's name in brackets, and may itself hold blanks and brackets.
  const std::size_t name_end = stat_text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  stat_text.remove_prefix(name_end + 1);
  constexpr int kFieldsBetween = 19;  // the third to the twenty-first
  for (int field = 0; field < kFieldsBetween; ++field) TakeWord(stat_text);
  return TakeNumber(stat_text);
}

std::optional<std::uint64_t> StartTicks(std::uint64_t process_id) {
  const auto text = FirstLine(fmt::format("/proc/{}/stat", process_id));
  return text ? ParseStartTicks(*text) : std::nullopt;
}

std::vector<std::uint64_t> GroupMembers(const std::string& directory) {
  std::vector<std::uint64_t> members;
  KernelLines lines((directory + "/cgroup.procs").c_str());
  std::string_view line;
  while (lines.Next(line)) {
    if (const auto id = TakeNumber(line)) members.push_back(*id);
  }
  return members;
}

bool RemoveGroup(const std::string& directory) {
  constexpr int kAttempts = 200;
  constexpr timespec kPause = {.tv_sec = 0, .tv_nsec = 10'000'000};
  const auto self = static_cast<std::uint64_t>(::getpid());
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) ::nanosleep(&kPause, nullptr);
    for (const std::uint64_t member : GroupMembers(directory)) {
      if (member == self) return false;
      if (member != 0) ::kill(static_cast<pid_t>(member), SIGKILL);
    }
    // Refused as busy until the last process is gone and its memory given back.
    if (::rmdir(directory.c_str()) == 0 || errno == ENOENT) return true;
  }
  return false;
}

std::vector<std::string> AbandonedGroups(const GroupHierarchy& hierarchy) {
  namespace fs = std::filesystem;
  std::vector<std::string> abandoned;
  std::error_code error;
  fs::recursive_directory_iterator entry(hierarchy.root,
                                         fs::directory_options::skip_permission_denied, error);
  // A group that goes away while this looks around ends the iteration with an error; the next run
  // sees the rest.
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone)) continue;
    const auto maker = ParseGroupName(entry->path().filename().string());
    if (!maker || StartTicks(maker->process_id) == maker->start_ticks) continue;
    const std::vector<std::uint64_t> members = GroupMembers(entry->path().string());
    // Members that can't be seen live in another namespace, and so may the maker.
    if (std::find(members.begin(), members.end(), 0u) != members.end()) continue;
    abandoned.push_back(entry->path().string());
  }
  return abandoned;
}

}  // namespace faultline::os
