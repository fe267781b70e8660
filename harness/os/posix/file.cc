// Files over the POSIX calls.
#include "faultline/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

constexpr mode_t kNewFileMode = 0644;

off_t AsOffset(std::uint64_t offset) { return static_cast<off_t>(offset); }

[[noreturn, gnu::cold]] void ThrowTransfer(std::string_view verb, std::uint64_t length,
                                           std::uint64_t offset, const std::string& path) {
  const int code = errno;
  throw SystemError(fmt::format("{} {} bytes at offset {} of", verb, length, offset), path, code);
}

[[noreturn, gnu::cold]] void ThrowEndOfFile(std::uint64_t length, std::uint64_t offset,
                                            std::uint64_t file_size, const std::string& path) {
  throw Error(
      fmt::format("cannot read {} bytes at offset {} of {}: the file ends at {}; another program "
                  "may have cut it",
                  length, offset, path, file_size));
}

// For file systems that know no nameless files. The name is gone before it could be used.
int OpenNameless(const std::filesystem::path& directory) {
  std::string name = (directory / ".faultline-XXXXXX").native();
  const int fd = RetryInterrupted([&] { return ::mkostemp(name.data(), O_CLOEXEC); });
  if (fd != -1) ::unlink(name.c_str());
  return fd;
}

}  // namespace

File::File(File&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  File moved(std::move(other));  // closes the old file at the end of this function
  std::swap(handle_, moved.handle_);
  std::swap(path_, moved.path_);
  return *this;
}

File::~File() { CloseQuietly(handle_); }

File File::Open(const std::filesystem::path& path, FileAccess access, bool follow_links) {
  const int flags = (access == FileAccess::kRead ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOCTTY |
                    (follow_links ? 0 : O_NOFOLLOW);
  const int fd = RetryInterrupted([&] { return ::open(path.c_str(), flags); });
  if (fd == -1) ThrowLastError("open", path.native());
  return File(fd, path);
}

File File::Create(const std::filesystem::path& path) {
  const int fd = RetryInterrupted(
      [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode); });
  if (fd == -1) ThrowLastError("create", path.native());
  return File(fd, path);
}

File File::CreateTemporary(const std::filesystem::path& directory) {
  int fd = -1;
#ifdef O_TMPFILE
  fd = RetryInterrupted(
      [&] { return ::open(directory.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600); });
  // EISDIR is the answer of a kernel that has never heard of the flag.
  const bool unknown = fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR);
#else
  const bool unknown = true;
#endif
  if (unknown) fd = OpenNameless(directory);
  if (fd == -1) ThrowLastError("create a temporary file in", directory.native());
  return File(fd, directory / "(temporary file)");
}

void File::GiveName(const std::filesystem::path& path) const {
  const int fd = static_cast<int>(handle_);
  ::fchmod(fd, kNewFileMode);
  const std::string link = fmt::format("/proc/self/fd/{}", fd);
  if (::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0) return;
  if (errno == EEXIST) ThrowLastError("create", path.native());
  const File copy = Create(path);
  try {
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    std::uint64_t offset = 0;
    while (const std::size_t count = ReadAt(offset, buffer)) {
      copy.WriteAt(offset, std::span(buffer).first(count));
      offset += count;
    }
  } catch (const Error&) {
    ::unlink(path.c_str());
    throw;
  }
}

std::size_t File::ReadAt(std::uint64_t offset, std::span<std::byte> into) const {
  const int fd = static_cast<int>(handle_);
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count =
        ::pread(fd, into.data() + done, into.size() - done, AsOffset(offset + done));
    if (count == 0) break;
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      ThrowTransfer("read", into.size(), offset, path_.native());
    }
  }
  return done;
}

void File::ReadExactlyAt(std::uint64_t offset, std::span<std::byte> into) const {
  if (ReadAt(offset, into) != into.size()) {
    ThrowEndOfFile(into.size(), offset, Size(), path_.native());
  }
}

void File::WriteAt(std::uint64_t offset, std::span<const std::byte> from) const {
  const int fd = static_cast<int>(handle_);
  std::size_t done = 0;
  while (done < from.size()) {
    const ssize_t count =
        ::pwrite(fd, from.data() + done, from.size() - done, AsOffset(offset + done));
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      ThrowTransfer("write", from.size(), offset, path_.native());
    }
  }
}

void File::Seek(std::uint64_t offset) const {
  if (::lseek(static_cast<int>(handle_), AsOffset(offset), SEEK_SET) == -1) {
    const int code = errno;
    throw SystemError(fmt::format("seek to offset {} of", offset), path_.native(), code);
  }
}

void File::ReadExactly(std::span<std::byte> into) const {
  const int fd = static_cast<int>(handle_);
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count = ::read(fd, into.data() + done, into.size() - done);
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (count == 0) {
      const auto position = static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_CUR));
      ThrowEndOfFile(into.size(), position - done, Size(), path_.native());
    } else if (errno != EINTR) {
      const int code = errno;
      throw SystemError(fmt::format("read {} bytes of", into.size()), path_.native(), code);
    }
  }
}

void File::Write(std::span<const std::byte> from) const {
  const int fd = static_cast<int>(handle_);
  std::size_t done = 0;
  while (done < from.size()) {
    const ssize_t count = ::write(fd, from.data() + done, from.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      const int code = errno;
      throw SystemError(fmt::format("write {} bytes to", from.size()), path_.native(), code);
    }
  }
}

std::uint64_t File::Size() const {
  struct stat status;
  if (::fstat(static_cast<int>(handle_), &status) != 0) ThrowLastError("inspect", path_.native());
  return static_cast<std::uint64_t>(status.st_size);
}

void File::Resize(std::uint64_t size_bytes) const {
  const int result = RetryInterrupted(
      [&] { return ::ftruncate(static_cast<int>(handle_), AsOffset(size_bytes)); });
  if (result != 0) {
    const int code = errno;
    throw SystemError(fmt::format("set the size to {} bytes of", size_bytes), path_.native(), code);
  }
}

void File::Discard(std::uint64_t offset, std::uint64_t length) const {
  const int result = RetryInterrupted([&] {
    return ::fallocate(static_cast<int>(handle_), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                       AsOffset(offset), AsOffset(length));
  });
  if (result == 0) return;
  if (errno == EOPNOTSUPP || errno == ENOSYS) {
    throw UnsupportedError(fmt::format(
        "the file system of '{}' can't give back a part of a file; try another directory",
        path_.native()));
  }
  ThrowTransfer("discard", length, offset, path_.native());
}

void File::SyncData() const {
  if (RetryInterrupted([&] { return ::fdatasync(static_cast<int>(handle_)); }) != 0) {
    ThrowLastError("make durable the data of", path_.native());
  }
}

void File::SyncAll() const {
  if (RetryInterrupted([&] { return ::fsync(static_cast<int>(handle_)); }) != 0) {
    ThrowLastError("make durable", path_.native());
  }
}

void File::Advise(FileAdvice advice) const {
  int system_advice = POSIX_FADV_NORMAL;
  switch (advice) {
    case FileAdvice::kNormal:
      break;
    case FileAdvice::kRandom:
      system_advice = POSIX_FADV_RANDOM;
      break;
    case FileAdvice::kSequential:
      system_advice = POSIX_FADV_SEQUENTIAL;
      break;
    case FileAdvice::kWillNeed:
      system_advice = POSIX_FADV_WILLNEED;
      break;
  }
  const int code = ::posix_fadvise(static_cast<int>(handle_), 0, 0, system_advice);
  if (code != 0) throw SystemError("give advice on", path_.native(), code);
}

void File::Close() {
  const int fd = static_cast<int>(std::exchange(handle_, -1));
  if (fd != -1 && ::close(fd) != 0 && errno != EINTR) ThrowLastError("close", path_.native());
}

}  // namespace faultline::os
