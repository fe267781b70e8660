#include "harness/os/posix/region_lines.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace faultline::os {
namespace {

// Takes a hexadecimal number and the character after it off the front of `text`.
std::uint64_t TakeHexadecimal(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  static_cast<void>(error);
  text.remove_prefix(
      std::min(text.size(), static_cast<std::size_t>(rest - text.data()) + std::size_t{1}));
  return value;
}

// "begin-end rights offset device inode   name".
void ParseFirstLine(std::string_view line, RegionLines& region) {
  region = {};
  region.begin = TakeHexadecimal(line);
  region.end = TakeHexadecimal(line);
  const std::string_view rights = TakeWord(line);
  std::copy_n(rights.begin(), std::min(rights.size(), sizeof region.rights), region.rights);
  std::string_view offset = TakeWord(line);
  region.offset = TakeHexadecimal(offset);
  TakeWord(line);  // the device
  region.inode = TakeNumber(line).value_or(0);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  std::copy_n(line.begin(), std::min(line.size(), sizeof region.name - 1), region.name);
}

void AddFigure(std::string_view key, std::uint64_t bytes, RegionLines& region) {
  if (key == "Rss:") region.resident = bytes;
  if (key == "Pss:") region.proportional = bytes;
  if (key == "Shared_Dirty:" || key == "Private_Dirty:") region.dirty += bytes;
  if (key == "Anonymous:") region.anonymous = bytes;
  if (key == "LazyFree:") region.discardable = bytes;
}

// The system keeps named shared memory directly in this folder; a file in a folder below it is one.
bool IsSharedMemoryName(std::string_view name) {
  constexpr std::string_view kNamedObjects = "/dev/shm/";
  return name.starts_with(kNamedObjects) &&
         name.find('/', kNamedObjects.size()) == std::string_view::npos;
}

}  // namespace

std::string ProcessFile(std::int64_t process_id, std::string_view name) {
  if (process_id == 0) return fmt::format("/proc/self/{}", name);
  return fmt::format("/proc/{}/{}", process_id, name);
}

bool RegionLines::IsMemoryObject() const {
  const std::string_view text = name;
  return text.starts_with("/memfd:") || text.starts_with("/SYSV") ||
         text.starts_with("/dev/zero") || IsSharedMemoryName(text) ||
         text.starts_with("[anon_shmem:");
}

std::uint64_t RegionLines::FileDirty() const {
  const std::uint64_t own = std::min(anonymous, resident);
  const std::uint64_t own_dirty = own - std::min(own, discardable);
  return std::min(resident - own, dirty - std::min(dirty, own_dirty));
}

bool RegionReader::Next(RegionLines& region) {
  std::string_view line;
  if (!started_) {
    started_ = true;
    if (!lines_.Next(line)) return false;
    ParseFirstLine(line, region);
  } else if (!first_line_.empty()) {
    ParseFirstLine(first_line_, region);
  } else {
    return false;
  }
  first_line_ = {};
  while (lines_.Next(line)) {
    std::string_view rest = line;
    const std::string_view key = TakeWord(rest);
    if (!key.ends_with(':')) {
      first_line_ = line;  // valid until the next line is asked for
      break;
    }
    if (const auto kilobytes = TakeNumber(rest)) AddFigure(key, *kilobytes * 1024, region);
  }
  return true;
}

}  // namespace faultline::os
