// Mounted file systems, for the sources of this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/file.h"

namespace faultline::os {

// One line of the kernel's list of mounts.
struct Mount {
  std::uint64_t id = 0;
  std::string root;           // the part of the file system that is mounted, a path in it
  std::string point;          // where
  std::string options;        // of the mount: "rw,relatime"
  std::string kind;           // "ext4", "cgroup2"
  std::string source;         // "/dev/vda1", or any word
  std::string super_options;  // of the file system: "rw,memory"
};

// Absent for a line that isn't one. Blanks in names, which the kernel writes as octal escapes, come
// as blanks.
std::optional<Mount> ParseMount(std::string_view line);

// All mounts that this process sees, in the order in which they were made; `list` is for tests.
std::vector<Mount> Mounts(const std::string& list = "/proc/self/mountinfo");

// The mount through which `file` was opened; absent where the system doesn't say.
std::optional<Mount> MountOf(const File& file);

// The mount that holds an existing path, which is the last one made over the longest part of it.
std::optional<Mount> MountOf(const std::filesystem::path& path);

}  // namespace faultline::os
