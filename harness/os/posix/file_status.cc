// What the kernel's calls tell of an open file.
#include "harness/os/file_status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace faultline::os {
namespace {

struct stat StatusOf(const File& file) {
  struct stat status;
  if (::fstat(static_cast<int>(file.handle()), &status) != 0) {
    ThrowLastError("inspect", file.path().native());
  }
  return status;
}

std::uint64_t BirthTime(int fd) {
  struct statx status;
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &status) != 0) return 0;
  if ((status.stx_mask & STATX_BTIME) == 0) return 0;
  return static_cast<std::uint64_t>(status.stx_btime.tv_sec) * 1'000'000'000 +
         status.stx_btime.tv_nsec;
}

// The next data or hole, with the file's position as it was: lseek can't look without moving.
std::uint64_t FindExtent(const File& file, std::uint64_t from, int whence) {
  const int fd = static_cast<int>(file.handle());
  const off_t position = ::lseek(fd, 0, SEEK_CUR);
  const off_t found = ::lseek(fd, static_cast<off_t>(from), whence);
  const int code = errno;
  if (position != -1) ::lseek(fd, position, SEEK_SET);
  if (found != -1) return static_cast<std::uint64_t>(found);
  if (code == ENXIO) return file.Size();
  throw SystemError("look for data and holes in", file.path().native(), code);
}

}  // namespace

FileIdentity IdentityOf(const File& file) {
  const struct stat status = StatusOf(file);
  return {.device = status.st_dev,
          .number = status.st_ino,
          .born_ns = BirthTime(static_cast<int>(file.handle())),
          .regular = S_ISREG(status.st_mode),
          .links = status.st_nlink};
}

std::uint64_t AllocatedBytes(const File& file) {
  constexpr std::uint64_t kStatusBlockBytes = 512;  // st_blocks's unit, whatever the file system's
  return static_cast<std::uint64_t>(StatusOf(file).st_blocks) * kStatusBlockBytes;
}

std::uint64_t NextData(const File& file, std::uint64_t from) {
  return FindExtent(file, from, SEEK_DATA);
}

std::uint64_t NextHole(const File& file, std::uint64_t from) {
  return FindExtent(file, from, SEEK_HOLE);
}

}  // namespace faultline::os
