// What the tests of mapping objects and of views share: stores and loads, dirty pages.
#pragma once

#include <cstring>

#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"
#include "tests/os/support.h"

namespace faultline::os::testing {

inline void Store(const View& view, std::uint64_t offset, std::string_view text) {
  std::memcpy(view.data() + offset, text.data(), text.size());
}

inline std::string Load(const View& view, std::uint64_t offset, std::uint64_t length) {
  return Text(view.bytes().subspan(offset, length));
}

// Dirty pages of a file on a file system with storage under it.
class DirtyPages {
 public:
  explicit DirtyPages(const File& file) : file_(file) {}

  // Whether this machine tells dirty pages at all.
  bool AreTold() const { return MeasureResidency(file_).dirty_pages.has_value(); }
  std::uint64_t operator()(std::uint64_t first_page = 0, std::uint64_t pages = 0) const {
    return *MeasureResidency(file_, first_page * PageSize(), pages * PageSize()).dirty_pages;
  }

 private:
  const File& file_;
};

}  // namespace faultline::os::testing
