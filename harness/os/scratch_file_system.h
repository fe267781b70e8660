// Private file systems for an experiment: no other process sees them, and they vanish with this
// one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/system_error.h"

namespace faultline::os {

// From now on what this process and its later children mount is seen by them alone, and is
// unmounted at the latest when the last of them ends, however it ends. Returns an empty directory
// in memory, likewise theirs alone: it covers one for shared memory (or for temporary files), whose
// content they no longer see. Throws UnsupportedError where this process may not do so. To be
// called once. REQUIRES: a single-threaded process.
std::filesystem::path EnterPrivateMounts();

// The kinds of file systems that can be made: "ext4", "xfs", "btrfs".
std::vector<std::string> FileSystemKinds();

// The size in bytes of a device on which a file system of that kind, with a journal of its own, has
// room for `data_bytes` of files. Throws UsageError for an unknown kind.
std::uint64_t DeviceBytesFor(std::string_view kind, std::uint64_t data_bytes);

// Makes an empty file system on a device; nothing of it is left to be written later. Throws
// UnsupportedError when the program that makes that kind is not installed, Error when it fails.
void MakeFileSystem(std::string_view kind, const std::filesystem::path& device);

// A mounted file system; move-only; unmounted by the destructor, or as soon as it is unused.
class MountedFileSystem {
 public:
  MountedFileSystem() = default;
  MountedFileSystem(MountedFileSystem&& other) noexcept;
  MountedFileSystem& operator=(MountedFileSystem&& other) noexcept;
  ~MountedFileSystem();

  // Mounts what is on `device` for reading and writing on the existing directory `point`, after the
  // file system has put itself in order if it was not unmounted properly. Throws UnsupportedError
  // where this kernel doesn't know the kind, SystemError when the device holds no such file system.
  static MountedFileSystem Mount(std::string_view kind, const std::filesystem::path& device,
                                 const std::filesystem::path& point);

  const std::filesystem::path& point() const { return point_; }

  void Sync() const;  // returns when all of it is on the device; throws SystemError
  void Unmount();     // throws SystemError when a process uses it; it stays mounted then

 private:
  std::string kind_;
  std::filesystem::path device_;
  std::filesystem::path point_;
};

}  // namespace faultline::os
