// What the memory controller's two versions do differently: setting a limit, and telling what is
// held under it.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/base/text.h"
#include "harness/os/posix/control_groups.h"
#include "harness/os/posix/kernel_text.h"

namespace faultline::os {
namespace {

// The files of one version, and the keys in them.
struct GroupFiles {
  const char* limit;
  const char* swap;
  const char* current;
  const char* peak;
  const char* anonymous_key;  // in memory.stat, as is the next
  const char* file_key;
  const char* given_up_key;
  const char* kills;
};

constexpr GroupFiles kVersion1 = {.limit = "/memory.limit_in_bytes",
                                  .swap = "/memory.swappiness",
                                  .current = "/memory.usage_in_bytes",
                                  .peak = "/memory.max_usage_in_bytes",
                                  .anonymous_key = "rss",
                                  .file_key = "cache",
                                  .given_up_key = "pgpgout",
                                  .kills = "/memory.oom_control"};
constexpr GroupFiles kVersion2 = {.limit = "/memory.max",
                                  .swap = "/memory.swap.max",
                                  .current = "/memory.current",
                                  .peak = "/memory.peak",
                                  .anonymous_key = "anon",
                                  .file_key = "file",
                                  .given_up_key = "pgsteal",
                                  .kills = "/memory.events"};

const GroupFiles& FilesOf(int version) { return version == 2 ? kVersion2 : kVersion1; }

// In version 2 a group has the controller only if the group above hands it down.
bool HandsDownMemory(const std::string& parent) {
  const std::vector<std::string> words =
      Split(FirstLine(parent + "/cgroup.subtree_control").value_or(""), ' ');
  return std::find(words.begin(), words.end(), "memory") != words.end();
}

// Whether the group was made in `parent`; otherwise the reason is added and nothing is left.
bool MakeIn(int version, const std::string& parent, const std::string& directory,
            std::uint64_t limit_bytes, std::vector<std::string>& refusals) {
  if (::mkdir(directory.c_str(), 0755) != 0) {
    refusals.emplace_back(SystemError("make a group in", parent, errno).what());
    return false;
  }
  const int code = SetGroupLimit(version, directory, limit_bytes);
  if (code != 0) {
    refusals.emplace_back(SystemError("set a memory limit in", directory, code).what());
    ::rmdir(directory.c_str());
    return false;
  }
  return true;
}

}  // namespace

int SetGroupLimit(int version, const std::string& directory, std::uint64_t limit_bytes) {
  const GroupFiles& files = FilesOf(version);
  const int code = WriteControl(directory + files.limit, std::to_string(limit_bytes));
  if (code != 0) return code;
  // What is over the limit must be reclaimed from the page cache, not moved out of sight. In
  // version 1 that is asked by a group's inclination to swap: a limit on memory and swap space
  // together would be refused at first, and such refusals are not counted. Machines without swap
  // space may lack these files.
  WriteControl(directory + files.swap, "0");
  return 0;
}

std::string MakeLimitedGroup(const GroupHierarchy& hierarchy, const std::string& name,
                             std::uint64_t limit_bytes, std::vector<std::string>& refusals) {
  std::vector<std::string> parents = {hierarchy.own};
  while (parents.back().size() > hierarchy.root.size()) {
    parents.push_back(parents.back().substr(0, parents.back().rfind('/')));
  }
  // First without changing any setting of a group that isn't ours, then, in version 2, by asking
  // for the controller.
  for (const bool ask : {false, true}) {
    if (ask && hierarchy.version == 1) break;
    for (const std::string& parent : parents) {
      if (hierarchy.version == 2 && HandsDownMemory(parent) == ask) continue;
      if (ask) {
        const int code = WriteControl(parent + "/cgroup.subtree_control", "+memory");
        if (code != 0) {
          refusals.emplace_back(
              SystemError("ask for the memory controller in", parent, code).what());
          continue;
        }
      }
      const std::string directory = parent + "/" + name;
      if (MakeIn(hierarchy.version, parent, directory, limit_bytes, refusals)) return directory;
    }
  }
  return {};
}

LimitedMemory ReadGroup(int version, const std::string& directory) {
  const GroupFiles& files = FilesOf(version);
  LimitedMemory memory;
  memory.limit_bytes = FirstNumber(directory + files.limit).value_or(0);
  memory.current_bytes = FirstNumber(directory + files.current).value_or(0);
  memory.peak_bytes = FirstNumber(directory + files.peak).value_or(memory.current_bytes);
  memory.anonymous_bytes = FindNumber(directory + "/memory.stat", files.anonymous_key);
  memory.file_bytes = FindNumber(directory + "/memory.stat", files.file_key);
  memory.limit_hits = version == 2 ? FindNumber(directory + "/memory.events", "max")
                                   : FirstNumber(directory + "/memory.failcnt");
  memory.given_up_pages = FindNumber(directory + "/memory.stat", files.given_up_key);
  memory.kills = FindNumber(directory + files.kills, "oom_kill");
  return memory;
}

}  // namespace faultline::os
