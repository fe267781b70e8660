// Which bytes of a file one session changed, page by page, so that just those can be written back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <vector>

#include "faultline/error.h"
#include "harness/base/text.h"

namespace faultline {

// For each page, the smallest range that covers its changes. All changes must lie in one contiguous
// part of the file that no other session changes (a worker's share): then what lies between two
// changes is this session's too, and may be written back with them. One thread at a time.
class ChangeLog {
 public:
  // Takes 8 bytes of address space per page, but memory only where pages change. `page_bytes` is a
  // power of two. Throws Error when there is none.
  ChangeLog(std::uint64_t file_bytes, std::uint64_t page_bytes)
      : page_bytes_(page_bytes),
        pages_(static_cast<Page*>(std::calloc(file_bytes / page_bytes + 1, sizeof(Page)))) {
    if (pages_ == nullptr) {
      throw Error(fmt::format(
          "no memory to track the changes of a file of {}; try fewer records or fewer threads",
          FormatBytes(file_bytes)));
    }
  }

  // Notes that [offset, offset + length) is changed. REQUIRES: length > 0, within the file.
  void Add(std::uint64_t offset, std::uint64_t length) {
    std::uint64_t number = offset / page_bytes_;
    std::uint64_t begin = offset % page_bytes_;
    while (begin + length > page_bytes_) {
      const std::uint64_t here = page_bytes_ - begin;
      AddToPage(number, begin, page_bytes_);
      length -= here;
      begin = 0;
      ++number;
    }
    AddToPage(number, begin, begin + length);
  }

  // Calls write(offset, length) in ascending order for each run of neighbouring changed pages, from
  // the first change in the first to the last change in the last.
  template <class WriteRange>
  void ForEachRun(WriteRange&& write) {
    std::sort(changed_.begin(), changed_.end());
    for (std::size_t first = 0; first < changed_.size();) {
      std::size_t last = first;
      while (last + 1 < changed_.size() && changed_[last + 1] == changed_[last] + 1) ++last;
      const std::uint64_t begin = changed_[first] * page_bytes_ + pages_[changed_[first]].begin;
      const std::uint64_t end = changed_[last] * page_bytes_ + pages_[changed_[last]].end;
      write(begin, end - begin);
      first = last + 1;
    }
  }

  // Forgets all changes.
  void Clear() {
    for (const std::uint64_t number : changed_) pages_[number] = {};
    changed_.clear();
  }

 private:
  // The changes of a page, relative to it; end is 0 when there are none.
  struct Page {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  struct Free {
    void operator()(Page* pages) const { std::free(pages); }
  };

  void AddToPage(std::uint64_t number, std::uint64_t begin, std::uint64_t end) {
    Page& page = pages_[number];
    if (page.end == 0) {
      changed_.push_back(number);
      page = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    } else {
      page.begin = std::min(page.begin, static_cast<std::uint32_t>(begin));
      page.end = std::max(page.end, static_cast<std::uint32_t>(end));
    }
  }

  std::uint64_t page_bytes_;
  std::unique_ptr<Page[], Free>
      pages_;  // zeroed memory straight from the system: no page of it costs before use
  std::vector<std::uint64_t> changed_;  // numbers of the changed pages
};

}  // namespace faultline
