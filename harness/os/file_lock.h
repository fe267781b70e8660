// Locks on files, which keep processes from doing the same thing at the same time.
#pragma once

#include <cstdint>
#include <filesystem>

#include "faultline/system_error.h"

namespace faultline::os {

// An exclusive lock on a file; held until destruction or the process's
// end, also a sudden one. Move-only.
class FileLock {
 public:
  FileLock() = default;
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  // Creates the file if need be. Returns a lock that is not held when another holder has it; throws
  // SystemError when the file can't be opened.
  static FileLock TryAcquire(const std::filesystem::path& path);

  // The same on a file that is there for something else, which is left as it is; waits for another
  // holder. Such a lock keeps out other locks only, not readers and writers.
  static FileLock AcquireExisting(const std::filesystem::path& path);

  bool held() const { return handle_ != -1; }

 private:
  std::intptr_t handle_ = -1;
};

}  // namespace faultline::os
