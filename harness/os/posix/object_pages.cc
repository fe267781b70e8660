// An object's pages by cachestat(2), halving a range until it is of one state, or by mincore(2).
#include "harness/os/object_pages.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "harness/os/posix/cachestat.h"

namespace faultline::os {
namespace {

// Enters the pages [first, first + count). False when the call is missing or kept from us.
bool EnterByCachestat(int fd, std::uint64_t first, std::uint64_t count,
                      std::vector<ObjectPage>& pages) {
  CachestatResult found = {};
  const CachestatRange range = {.offset = first * PageSize(), .length = count * PageSize()};
  if (Cachestat(fd, range, found) != 0) {
    if (errno == ENOSYS || errno == EPERM || errno == EOPNOTSUPP) return false;
    ThrowLastError("measure the cached pages of", "a mapping object");
  }
  const bool all_clean = found.dirty == 0 && found.writeback == 0;
  const bool all_dirty = found.dirty == count || found.writeback == count;
  const bool uniform =
      (found.cached == 0 && all_clean) || (found.cached == count && (all_clean || all_dirty));
  if (count == 1 || uniform) {
    for (std::uint64_t page = first; page < first + count; ++page) {
      pages[page] = {.cached = found.cached != 0, .dirty = !all_clean};
    }
    return true;
  }
  return EnterByCachestat(fd, first, count / 2, pages) &&
         EnterByCachestat(fd, first + count / 2, count - count / 2, pages);
}

// mincore reports every page as resident to callers who may not know.
bool MincoreIsHonest(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0) ThrowLastError("inspect", "a mapping object");
  if (status.st_uid == ::geteuid()) return true;
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  return ::access(path.c_str(), W_OK) == 0;
}

void EnterByMincore(const FileMapping& object, std::vector<ObjectPage>& pages) {
  const View view = object.Map({.access = ViewAccess::kRead});
  std::vector<unsigned char> resident(pages.size());
  if (::mincore(view.data(), view.size(), resident.data()) != 0) {
    ThrowLastError("measure the cached pages of", "a mapping object");
  }
  // The other bits of the entry are reserved.
  std::transform(resident.begin(), resident.end(), pages.begin(), [](unsigned char entry) {
    return ObjectPage{.cached = (entry & 1u) != 0, .dirty = std::nullopt};
  });
}

}  // namespace

std::optional<std::vector<ObjectPage>> ReadObjectPages(const FileMapping& object) {
  std::vector<ObjectPage> pages((object.size() + PageSize() - 1) / PageSize());
  const int fd = static_cast<int>(object.handle());
  if (pages.empty() || EnterByCachestat(fd, 0, pages.size(), pages)) return pages;
  if (!MincoreIsHonest(fd)) return std::nullopt;
  EnterByMincore(object, pages);
  return pages;
}

}  // namespace faultline::os
