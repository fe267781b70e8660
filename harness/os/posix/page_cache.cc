// The page cache of a file: measured by cachestat(2) or mincore(2), emptied by advice, filled by
// reading.
#include "harness/os/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <vector>

#include "faultline/system_error.h"
#include "harness/os/posix/cachestat.h"

namespace faultline::os {
namespace {

// A range of whole pages; `length` ends with the file, not with its last page.
struct PageRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t page_bytes = 0;

  std::uint64_t Pages() const { return (length + page_bytes - 1) / page_bytes; }
};

PageRange PagesOf(const File& file, std::uint64_t offset, std::uint64_t length) {
  const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t size = file.Size();
  if (offset >= size) return {.offset = 0, .length = 0, .page_bytes = page_bytes};
  const std::uint64_t end = length == 0 ? size : offset + std::min(length, size - offset);
  const std::uint64_t first = offset / page_bytes * page_bytes;
  return {.offset = first, .length = end - first, .page_bytes = page_bytes};
}

// False when the call is missing, or kept from us: filters of containers refuse calls that they
// don't know by EPERM.
bool MeasureByCachestat(const File& file, const PageRange& range, Residency& residency) {
  residency.source = "cachestat";
  CachestatResult result = {};
  if (range.length != 0) {
    const CachestatRange asked = {.offset = range.offset, .length = range.length};
    if (Cachestat(static_cast<int>(file.handle()), asked, result) != 0) {
      if (errno == ENOSYS || errno == EPERM || errno == EOPNOTSUPP) return false;
      ThrowLastError("measure the cached pages of", file.path().string());
    }
  }
  residency.cached_pages = result.cached;
  residency.dirty_pages = result.dirty;
  residency.writeback_pages = result.writeback;
  return true;
}

void MeasureByMincore(const File& file, const PageRange& range, Residency& residency) {
  // Part by part, so that a huge file needs neither a huge view nor a huge table.
  constexpr std::uint64_t kPartPages = 16384;
  residency.source = "mincore";
  std::vector<unsigned char> resident(std::min(kPartPages, range.Pages()));
  const std::uint64_t part_bytes = kPartPages * range.page_bytes;
  for (std::uint64_t done = 0; done < range.length; done += part_bytes) {
    const std::uint64_t bytes = std::min(part_bytes, range.length - done);
    void* view = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, static_cast<int>(file.handle()),
                        static_cast<off_t>(range.offset + done));
    if (view == MAP_FAILED) ThrowLastError("map", file.path().string());
    const int failed = ::mincore(view, bytes, resident.data());
    const int code = errno;
    ::munmap(view, bytes);
    if (failed != 0) throw SystemError("measure the cached pages of", file.path().string(), code);
    const std::uint64_t pages = (bytes + range.page_bytes - 1) / range.page_bytes;
    for (std::uint64_t page = 0; page < pages; ++page) {
      // The other bits of the entry are reserved.
      residency.cached_pages += resident[page] & 1u;
    }
  }
}

void SleepMilliseconds(long milliseconds) {
  timespec left = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1'000'000};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace

Residency MeasureResidency(const File& file, std::uint64_t offset, std::uint64_t length,
                           ResidencySource source) {
  const PageRange range = PagesOf(file, offset, length);
  Residency residency;
  residency.total_pages = range.Pages();
  if (source != ResidencySource::kMincore) {
    if (MeasureByCachestat(file, range, residency)) return residency;
    if (source == ResidencySource::kCachestat) {
      throw UnsupportedError(
          fmt::format("can't measure the cached pages of '{}' by cachestat: this kernel lacks the "
                      "call (it came with 6.5), or a filter forbids it; mincore works everywhere",
                      file.path().string()));
    }
  }
  MeasureByMincore(file, range, residency);
  return residency;
}

Residency Evict(const File& file) {
  // The advice skips pages that are dirty, being written, or held for a moment by others, and says
  // nothing: so the result is measured, and what is left gets a few more chances.
  constexpr int kEvictions = 6;
  Residency residency;
  for (int attempt = 0; attempt < kEvictions; ++attempt) {
    if (attempt > 0) SleepMilliseconds(5L << attempt);
    file.SyncData();
    const int code = ::posix_fadvise(static_cast<int>(file.handle()), 0, 0, POSIX_FADV_DONTNEED);
    if (code != 0) throw SystemError("drop the cached pages of", file.path().string(), code);
    residency = MeasureResidency(file);
    if (residency.cached_pages == 0) break;
  }
  return residency;
}

void FillByReading(const File& file, std::uint64_t block_bytes, bool one_by_one) {
  if (block_bytes == 0) {
    throw UsageError(fmt::format("can't read '{}' in blocks of 0 bytes", file.path().string()));
  }
  // Advice belongs to an open file: one of our own keeps it from the other users of this one.
  const File own = File::Open(fmt::format("/proc/self/fd/{}", file.handle()), FileAccess::kRead,
                              /*follow_links=*/true);
  if (one_by_one) own.Advise(FileAdvice::kRandom);
  // Single blocks would wait for the device one by one. A request to read ahead brings its pages in
  // as single ones too, since only the reading that follows a pattern makes larger ones, but few
  // requests of the device suffice. The system shortens a request that is larger than the device
  // takes at once. Where it ignores the request, the reading does the same, only slower.
  constexpr std::uint64_t kRequestBytes = 128 << 10;
  constexpr std::uint64_t kAheadBytes = 4 << 20;
  const std::uint64_t size = own.Size();
  std::vector<std::byte> block(block_bytes);
  std::uint64_t asked = 0;
  for (std::uint64_t offset = 0; offset < size;) {
    if (one_by_one && offset >= asked) {
      for (const std::uint64_t end = std::min(size, offset + kAheadBytes); asked < end;
           asked += kRequestBytes) {
        ::posix_fadvise(static_cast<int>(own.handle()), static_cast<off_t>(asked),
                        static_cast<off_t>(kRequestBytes), POSIX_FADV_WILLNEED);
      }
    }
    const std::size_t got = own.ReadAt(offset, block);
    if (got == 0) return;
    offset += got;
  }
}

}  // namespace faultline::os
