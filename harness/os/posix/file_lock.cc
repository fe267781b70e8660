// File locks over flock, which the system releases with the process.
#include "harness/os/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "harness/os/posix/system_call.h"

namespace faultline::os {

FileLock::FileLock(FileLock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

FileLock::~FileLock() {
  if (handle_ != -1) CloseQuietly(handle_);
}

FileLock FileLock::TryAcquire(const std::filesystem::path& path) {
  Descriptor fd(RetryInterrupted(
      [&path] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644); }));
  if (fd.get() == -1) ThrowLastError("lock", path.native());
  FileLock lock;
  if (RetryInterrupted([&fd] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) == 0) {
    lock.handle_ = fd.Release();
  } else if (errno != EWOULDBLOCK) {
    ThrowLastError("lock", path.native());
  }
  return lock;
}

FileLock FileLock::AcquireExisting(const std::filesystem::path& path) {
  Descriptor fd(RetryInterrupted([&path] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (fd.get() == -1 || RetryInterrupted([&fd] { return ::flock(fd.get(), LOCK_EX); }) != 0) {
    ThrowLastError("lock", path.native());
  }
  FileLock lock;
  lock.handle_ = fd.Release();
  return lock;
}

}  // namespace faultline::os
