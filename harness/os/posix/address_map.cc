// A process's ranges, from /proc/PID/smaps.
#include "harness/os/address_map.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "harness/os/posix/region_lines.h"

namespace faultline::os {
namespace {

Backing BackingOf(const RegionLines& lines) {
  const std::string_view name = lines.name;
  if (lines.IsMemoryObject()) return Backing::kMemoryObject;
  if (name.starts_with("[stack")) return Backing::kStack;
  if (name.starts_with("[v")) return Backing::kSystem;  // vdso, vvar, vsyscall
  if (lines.inode != 0) return Backing::kFile;
  return Backing::kAnonymous;
}

Region MakeRegion(const RegionLines& lines) {
  return {.begin = lines.begin,
          .end = lines.end,
          .readable = lines.rights[0] == 'r',
          .writable = lines.rights[1] == 'w',
          .executable = lines.rights[2] == 'x',
          .shared = lines.rights[3] == 's',
          .backing = BackingOf(lines),
          .name = lines.name,
          .offset = lines.offset,
          .resident_bytes = lines.resident,
          .proportional_bytes = lines.proportional,
          .dirty_bytes = lines.dirty,
          .anonymous_bytes = lines.anonymous};
}

}  // namespace

std::vector<Region> ReadAddressMap(std::int64_t process_id) {
  const std::string path = ProcessFile(process_id, "smaps");
  RegionReader reader(path.c_str());
  if (!reader.is_open()) ThrowLastError("open the address map of process", path);
  std::vector<Region> map;
  RegionLines lines;
  errno = 0;
  while (reader.Next(lines)) map.push_back(MakeRegion(lines));
  // Reading may be forbidden where opening was not.
  if (map.empty() && errno != 0) ThrowLastError("read the address map of process", path);
  // A file that code is taken from is a program, with all its ranges.
  std::set<std::string> programs;
  for (const Region& region : map) {
    if (region.backing == Backing::kFile && region.executable) programs.insert(region.name);
  }
  for (Region& region : map) {
    if (region.backing == Backing::kFile && programs.contains(region.name)) {
      region.backing = Backing::kProgram;
    }
  }
  return map;
}

const Region* FindRegion(const std::vector<Region>& map, const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  const auto found = std::find_if(map.begin(), map.end(), [&](const Region& region) {
    return region.begin <= wanted && wanted < region.end;
  });
  return found == map.end() ? nullptr : &*found;
}

}  // namespace faultline::os
