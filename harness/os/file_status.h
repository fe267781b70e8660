// What the file system knows of an open file: which one it is, the space that it takes, where it
// has data and holes. All throw SystemError.
#pragma once

#include <cstdint>

#include "faultline/file.h"

namespace faultline::os {

// What makes a file itself, whatever its name: tells our own files from foreign ones.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t number = 0;   // inode or file index, unique on its device while the file lives
  std::uint64_t born_ns = 0;  // when it was created, since 1970; 0 where that isn't kept
  bool regular = false;       // neither a directory, nor a link, nor a device
  std::uint64_t links = 0;    // names that the file has

  bool operator==(const FileIdentity&) const = default;
};

FileIdentity IdentityOf(const File& file);

// Bytes of the space that the file system has given it.
std::uint64_t AllocatedBytes(const File& file);

// First offset ≥ `from` that has data (or a hole); the file's size if there is none. The file's
// position stays.
std::uint64_t NextData(const File& file, std::uint64_t from);
std::uint64_t NextHole(const File& file, std::uint64_t from);

}  // namespace faultline::os
