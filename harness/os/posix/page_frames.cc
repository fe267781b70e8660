// Page-table entries from /proc/PID/pagemap, mapping counts from /proc/kpagecount.
#include "harness/os/page_frames.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include "harness/os/file_mapping.h"
#include "harness/os/posix/region_lines.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

// Of an entry of pagemap (Linux, Documentation/admin-guide/mm/pagemap.rst).
constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;
constexpr std::uint64_t kSwapped = std::uint64_t{1} << 62;
constexpr std::uint64_t kOfFile = std::uint64_t{1} << 61;
constexpr std::uint64_t kFrameMask = (std::uint64_t{1} << 55) - 1;

// Numbers [first, first + count) of a file that is one array of 64-bit numbers; fewer at its end.
std::vector<std::uint64_t> ReadNumbers(int fd, std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> numbers(count);
  const std::uint64_t wanted = count * sizeof numbers[0];
  std::uint64_t done = 0;
  while (done < wanted) {
    const ssize_t got = RetryInterrupted([&] {
      return ::pread(fd, reinterpret_cast<char*>(numbers.data()) + done, wanted - done,
                     static_cast<off_t>(first * sizeof numbers[0] + done));
    });
    if (got <= 0) break;
    done += static_cast<std::uint64_t>(got);
  }
  numbers.resize(done / sizeof numbers[0]);
  return numbers;
}

// Enters how often each frame is mapped, a run of neighbouring frames at a time.
void CountMappings(std::vector<PageState>& pages) {
  const Descriptor counts(::open("/proc/kpagecount", O_RDONLY | O_CLOEXEC));
  if (counts.get() < 0) return;
  for (std::size_t begin = 0; begin < pages.size();) {
    std::size_t end = begin + 1;
    if (pages[begin].frame) {
      while (end < pages.size() && pages[end].frame == *pages[begin].frame + (end - begin)) ++end;
      const auto found = ReadNumbers(counts.get(), *pages[begin].frame, end - begin);
      for (std::size_t i = 0; i < found.size(); ++i) pages[begin + i].mappings = found[i];
    }
    begin = end;
  }
}

}  // namespace

std::vector<PageState> ReadPages(const void* address, std::uint64_t bytes,
                                 std::int64_t process_id) {
  const std::string path = ProcessFile(process_id, "pagemap");
  const Descriptor entries(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (entries.get() < 0) ThrowLastError("open the page table of process", path);
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  const std::uint64_t first = begin / PageSize();
  const std::uint64_t count = (begin + bytes + PageSize() - 1) / PageSize() - first;
  const std::vector<std::uint64_t> found = ReadNumbers(entries.get(), first, count);
  // That of a process which has just ended is empty.
  if (found.size() != count) throw SystemError("read the page table of process", path, ESRCH);
  std::vector<PageState> pages;
  pages.reserve(count);
  for (const std::uint64_t entry : found) {
    PageState page;
    page.present = (entry & kPresent) != 0;
    page.swapped = (entry & kSwapped) != 0;
    page.of_file = (entry & kOfFile) != 0;
    // Without the right to know, every frame reads as 0.
    if (page.present && (entry & kFrameMask) != 0) page.frame = entry & kFrameMask;
    pages.push_back(page);
  }
  CountMappings(pages);
  return pages;
}

}  // namespace faultline::os
