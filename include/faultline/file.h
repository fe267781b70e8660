// Files: opening, positioned and sequential transfers, size, durability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "faultline/system_error.h"

namespace faultline::os {

enum class FileAccess { kRead, kReadWrite };

// Hints to the system about the coming accesses to a range of a file.
enum class FileAdvice { kNormal, kRandom, kSequential, kWillNeed };

// An open file; move-only; closed without flushing by the destructor. Positioned calls may be made
// from several threads at once; Seek, Read and Write share one position and may not. Transfers are
// complete or throw SystemError: interrupted and short calls are continued, and an end of file in a
// Read…Exactly is an error that says so.
class File {
 public:
  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  // Opens what is there; a symbolic link at the end of `path` is refused (kInvalid) unless
  // `follow_links`.
  static File Open(const std::filesystem::path& path, FileAccess access, bool follow_links = false);

  // Opens what is there, as above, for transfers that go past the system's cache. Their offsets,
  // lengths and addresses must be multiples of DirectAlignment(). Throws UnsupportedError where the
  // file system has no such transfers.
  static File OpenDirect(const std::filesystem::path& path, FileAccess access);

  // Creates a file that did not exist, for reading and writing; kExists if anything has that name.
  static File Create(const std::filesystem::path& path);

  // A file without a name in `directory`, gone when closed.
  static File CreateTemporary(const std::filesystem::path& directory);

  // One that was opened elsewhere: by another process, or with flags that Open doesn't have. This
  // object owns `handle` from now on.
  static File FromHandle(std::intptr_t handle) { return {handle, "a file passed on"}; }

  bool is_open() const { return handle_ != -1; }
  const std::filesystem::path& path() const { return path_; }

  // The system's handle, for calls that this class doesn't have and for libraries that a strategy
  // wraps.
  std::intptr_t handle() const { return handle_; }

  // Bytes read, fewer than asked only at the end of the file.
  std::size_t ReadAt(std::uint64_t offset, std::span<std::byte> into) const;
  void ReadExactlyAt(std::uint64_t offset, std::span<std::byte> into) const;
  void WriteAt(std::uint64_t offset, std::span<const std::byte> from) const;

  // One range of the file, from or to several places in memory, in one call for each
  // kMaximumParts of them.
  static constexpr std::size_t kMaximumParts = 1024;
  void ReadExactlyAt(std::uint64_t offset, std::span<const std::span<std::byte>> into) const;
  void WriteAt(std::uint64_t offset, std::span<const std::span<std::byte>> from) const;

  void Seek(std::uint64_t offset) const;
  void ReadExactly(std::span<std::byte> into) const;
  void Write(std::span<const std::byte> from) const;

  // What transfers past the cache are aligned to, in bytes, a power of two; 0 where the file system
  // has none.
  std::uint64_t DirectAlignment() const;

  std::uint64_t Size() const;
  void Resize(std::uint64_t size_bytes) const;  // grows with a hole, or cuts

  // Makes every byte of [offset, offset + length) zero; the file system takes back those of its
  // blocks that lie wholly in the range, and the size stays. Maps of the file show it at once. The
  // range lies in the file, length > 0. Throws UnsupportedError where the file system has no holes.
  void Discard(std::uint64_t offset, std::uint64_t length) const;

  // Gives a file of CreateTemporary a name, with everything that was written to it so far; kExists
  // if anything is called so already. Where the file system can't do that the file is copied.
  void GiveName(const std::filesystem::path& path) const;

  // Returns when the contents (and with SyncAll also times and the like) are on stable storage.
  // File systems that live in memory return at once.
  void SyncData() const;
  void SyncAll() const;

  // Applies to the whole file through this handle. Throws if the system refuses.
  void Advise(FileAdvice advice) const;

  void Close();  // throws what the system reports; the file is closed all the same

 private:
  File(std::intptr_t handle, std::filesystem::path path)
      : handle_(handle), path_(std::move(path)) {}

  std::intptr_t handle_ = -1;
  std::filesystem::path path_;
};

}  // namespace faultline::os
