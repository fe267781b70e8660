// What is done to files and directories by name, in one go.
#include "harness/os/whole_file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fmt/format.h>

#include "faultline/file.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {

void SyncDirectory(const std::filesystem::path& directory) {
  const Descriptor fd(RetryInterrupted(
      [&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (fd.get() == -1) ThrowLastError("open directory", directory.native());
  if (RetryInterrupted([&] { return ::fsync(fd.get()); }) != 0) {
    ThrowLastError("make durable the names in", directory.native());
  }
}

void ReplaceFile(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path beside =
      path.parent_path() / fmt::format(".{}.{}.new", path.filename().native(), ::getpid());
  // One left behind by a killed process that had the same id.
  ::unlink(beside.c_str());
  try {
    File file = File::Create(beside);
    file.Write(std::as_bytes(std::span(text)));
    file.Close();
    if (std::rename(beside.c_str(), path.c_str()) != 0) ThrowLastError("replace", path.native());
  } catch (const SystemError& error) {
    ::unlink(beside.c_str());
    throw SystemError("replace", path.native(), error.code());
  }
}

std::string ReadText(const std::filesystem::path& path) {
  // Links and pipes are welcome here, unlike for data files: a user may well give /dev/stdin.
  const File file = File::Open(path, FileAccess::kRead, /*follow_links=*/true);
  std::string text;
  std::array<char, 16384> block;
  while (true) {
    const ssize_t count = RetryInterrupted(
        [&] { return ::read(static_cast<int>(file.handle()), block.data(), block.size()); });
    if (count == -1) ThrowLastError("read", path.native());
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

std::uint64_t FreeBytes(const std::filesystem::path& path) {
  struct statvfs status;
  if (RetryInterrupted([&] { return ::statvfs(path.c_str(), &status); }) != 0) {
    ThrowLastError("find out the free space at", path.native());
  }
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace faultline::os
