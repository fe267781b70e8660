// The small text files by which the kernel tells and takes figures (/proc, /sys, control groups),
// for the sources of this folder. Reading counters must not change what they count, so lines come
// through a fixed buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::os {

// The lines of one file, in order. Allocates nothing and maps nothing.
class KernelLines {
 public:
  // A file that can't be opened has no lines.
  explicit KernelLines(const char* path);
  KernelLines(const KernelLines&) = delete;
  KernelLines& operator=(const KernelLines&) = delete;
  ~KernelLines();

  bool is_open() const { return handle_ >= 0; }

  // The next line without its break, valid until the next call; false at the end. A line that is
  // longer than the buffer (16 KiB) comes in pieces.
  bool Next(std::string_view& line);

 private:
  bool Refill();

  int handle_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  char buffer_[16384];
};

// Takes blanks and then a decimal number off the front of `text`. Absent, and `text` without its
// blanks, where there is no number.
std::optional<std::uint64_t> TakeNumber(std::string_view& text);

// Takes blanks and then everything up to the next blank off the front of `text`; "" at the end.
std::string_view TakeWord(std::string_view& text);

// The number after `key` on the line that starts with it: of "VmHWM:  2192 kB" for "VmHWM:" it is
// 2192.
std::optional<std::uint64_t> FindNumber(const std::string& path, std::string_view key);

// A file's first line without blanks around it; absent where the file can't be read or the line is
// empty.
std::optional<std::string> FirstLine(const std::string& path);

// A file's first line as a number; absent where it isn't one.
std::optional<std::uint64_t> FirstNumber(const std::string& path);

// Of "always [madvise] never" the choice in brackets; a text without brackets as it is.
std::string ChoiceIn(const std::string& line);

// Writes `text` in one call to an existing file. Returns 0 or the system's error.
int WriteControl(const std::string& path, std::string_view text);

}  // namespace faultline::os
