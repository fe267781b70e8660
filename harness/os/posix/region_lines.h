// The kernel's list of a process's ranges (/proc/PID/smaps), read without allocating.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/os/posix/kernel_text.h"

namespace faultline::os {

// "/proc/self/NAME" for 0, or "/proc/ID/NAME".
std::string ProcessFile(std::int64_t process_id, std::string_view name);

// One section of the list. Bytes.
struct RegionLines {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  char rights[4] = {'-', '-', '-', '-'};  // "rw-p": the last is p for private, s for shared
  std::uint64_t offset = 0;
  std::uint64_t inode = 0;
  char name[4096] = {};  // cut at its size; ends in 0
  std::uint64_t resident = 0;
  std::uint64_t proportional = 0;
  std::uint64_t dirty = 0;
  std::uint64_t anonymous = 0;
  std::uint64_t discardable = 0;  // anonymous and clean, since the program gave it up

  // Whether it is shared memory behind a name that is no file's.
  bool IsMemoryObject() const;

  // Dirty pages are told without saying of which sort. An anonymous page is dirty from its first
  // store on, so what is dirty beyond the anonymous ones belongs to the file; taken range by range
  // this is exact unless a private view of a file holds copies that were swapped out and came back
  // unchanged.
  std::uint64_t FileDirty() const;
};

// The sections in order. Allocates nothing and maps nothing.
class RegionReader {
 public:
  // `path` of the list; one that can't be opened has no sections.
  explicit RegionReader(const char* path) : lines_(path) {}

  bool is_open() const { return lines_.is_open(); }

  // The next section into `region`; false at the end.
  bool Next(RegionLines& region);

 private:
  KernelLines lines_;
  std::string_view first_line_;  // of the section to come
  bool started_ = false;
};

}  // namespace faultline::os
