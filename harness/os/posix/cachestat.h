// The system call cachestat(2): how much of a range of a file, or of a memory object, is in memory.
#pragma once

#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace faultline::os {

// C libraries older than the call lack its number, which is the same on every architecture.
#ifdef SYS_cachestat
inline constexpr long kCachestatCall = SYS_cachestat;
#else
inline constexpr long kCachestatCall = 451;
#endif

// The call's own structures, as the kernel's interface fixes them.
struct CachestatRange {
  std::uint64_t offset;
  std::uint64_t length;
};
struct CachestatResult {
  std::uint64_t cached;
  std::uint64_t dirty;
  std::uint64_t writeback;
  std::uint64_t evicted;
  std::uint64_t recently_evicted;
};

// As system calls do, -1 and errno on failure. A file of an overlay (the usual file system of
// containers) is refused by EOPNOTSUPP: its pages are those of the file below, of which this call
// knows nothing, and answers 0.
inline long Cachestat(int fd, CachestatRange range, CachestatResult& result) {
  struct statfs file_system;
  if (::fstatfs(fd, &file_system) == 0 && file_system.f_type == OVERLAYFS_SUPER_MAGIC) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return ::syscall(kCachestatCall, fd, &range, &result, 0);
}

}  // namespace faultline::os
