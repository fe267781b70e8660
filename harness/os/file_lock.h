// Keeping two runs from using one directory at the same time.
#pragma once

#include <cstdint>
#include <filesystem>

#include "harness/os/error.h"

namespace faultline::os {

// An exclusive lock on a file that exists for nothing else; held until destruction or the process's
// end, also a sudden one. Move-only.
class FileLock {
 public:
  FileLock() = default;
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  // Creates the file if need be. Returns a lock that is not held when somebody else holds it;
  // throws SystemError when the file can't be opened.
  static FileLock TryAcquire(const std::filesystem::path& path);

  bool held() const { return handle_ != -1; }

 private:
  std::intptr_t handle_ = -1;
};

}  // namespace faultline::os
