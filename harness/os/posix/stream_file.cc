// The C library's streams over descriptors.
#include "harness/os/stream_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "faultline/system_error.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {

std::FILE* OpenStream(const std::filesystem::path& path) {
  Descriptor fd(RetryInterrupted(
      [&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY); }));
  if (fd.get() == -1) ThrowLastError("open", path.native());
  std::FILE* const stream = ::fdopen(fd.get(), "r+b");
  if (stream == nullptr) ThrowLastError("open a stream on", path.native());
  fd.Release();
  return stream;
}

bool SeekStream(std::FILE* stream, std::uint64_t offset) {
  return ::fseeko(stream, static_cast<off_t>(offset), SEEK_SET) == 0;
}

void SyncStream(std::FILE* stream, const std::filesystem::path& path) {
  if (std::fflush(stream) != 0) ThrowLastError("write the buffer of", path.native());
  if (RetryInterrupted([&] { return ::fdatasync(::fileno(stream)); }) != 0) {
    ThrowLastError("make durable the data of", path.native());
  }
}

}  // namespace faultline::os
