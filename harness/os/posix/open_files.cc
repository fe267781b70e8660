// Descriptors from /proc/PID/fd and /proc/PID/fdinfo.
#include "harness/os/open_files.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <string_view>

#include "harness/base/number.h"
#include "harness/os/posix/kernel_text.h"
#include "harness/os/posix/region_lines.h"

namespace faultline::os {
namespace {

std::string LinkAt(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::read_symlink(path, ignored).native();
}

// The numbers that entries of a folder of /proc are named by.
template <class Number>
std::vector<Number> NumbersIn(const std::string& folder) {
  std::vector<Number> numbers;
  std::error_code code;
  for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end;
       at.increment(code)) {
    if (const auto number = ToNumber<Number>(at->path().filename().native())) {
      numbers.push_back(*number);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// "pos:\t4096", "flags:\t0100002"
void ReadInfo(const std::string& path, OpenFileInfo& info) {
  KernelLines lines(path.c_str());
  std::string_view line;
  while (lines.Next(line)) {
    const std::string_view key = TakeWord(line);
    if (key == "pos:") {
      info.offset = TakeNumber(line).value_or(0);
    } else if (key == "flags:") {
      const std::uint64_t flags = ToNumber<std::uint64_t>(TakeWord(line), 8).value_or(0);
      info.append = (flags & O_APPEND) != 0;
      info.direct = (flags & O_DIRECT) != 0;
      info.durable = (flags & O_DSYNC) != 0;  // a part of O_SYNC
      info.close_on_exec = (flags & O_CLOEXEC) != 0;
    }
  }
}

}  // namespace

std::vector<OpenFileInfo> ReadOpenFiles(std::int64_t process_id) {
  std::vector<OpenFileInfo> files;
  for (const std::int32_t number : NumbersIn<std::int32_t>(ProcessFile(process_id, "fd"))) {
    OpenFileInfo info;
    info.number = number;
    info.name = LinkAt(ProcessFile(process_id, fmt::format("fd/{}", number)));
    if (info.name.empty()) continue;  // closed meanwhile
    ReadInfo(ProcessFile(process_id, fmt::format("fdinfo/{}", number)), info);
    files.push_back(std::move(info));
  }
  return files;
}

std::string NameOfDescriptor(std::int64_t process_id, std::int64_t number) {
  return LinkAt(ProcessFile(process_id, fmt::format("fd/{}", number)));
}

std::string WorkingDirectory(std::int64_t process_id) {
  return LinkAt(ProcessFile(process_id, "cwd"));
}

std::vector<std::uint32_t> ThreadsOf(std::int64_t process_id) {
  return NumbersIn<std::uint32_t>(ProcessFile(process_id, "task"));
}

}  // namespace faultline::os
