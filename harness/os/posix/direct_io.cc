// Files whose transfers go past the page cache.
#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "faultline/file.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

// What any device of today can do, for systems that don't tell (before Linux 6.1).
constexpr std::uint64_t kUsualAlignment = 4096;

UnsupportedError NoDirectTransfers(const std::filesystem::path& path) {
  return UnsupportedError(
      fmt::format("the file system of '{}' has no transfers past its cache; try another directory",
                  path.string()));
}

}  // namespace

File File::OpenDirect(const std::filesystem::path& path, FileAccess access) {
  const int flags =
      (access == FileAccess::kRead ? O_RDONLY : O_RDWR) | O_DIRECT | O_CLOEXEC | O_NOFOLLOW;
  const int fd = RetryInterrupted([&] { return ::open(path.c_str(), flags); });
  if (fd == -1 && errno == EINVAL) throw NoDirectTransfers(path);
  if (fd == -1) ThrowLastError("open for direct transfers", path.native());
  File file(fd, path);
  if (file.DirectAlignment() == 0) throw NoDirectTransfers(path);
  return file;
}

std::uint64_t File::DirectAlignment() const {
#ifdef STATX_DIOALIGN
  // The C library's structure of this name may be older than the kernel's.
  struct ::statx status = {};
  if (::syscall(SYS_statx, static_cast<int>(handle_), "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) ==
          0 &&
      (status.stx_mask & STATX_DIOALIGN) != 0) {
    return std::max(status.stx_dio_mem_align, status.stx_dio_offset_align);
  }
#endif
  return kUsualAlignment;
}

}  // namespace faultline::os
