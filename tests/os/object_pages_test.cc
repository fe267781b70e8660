// What of a mapping object is in memory, page by page.
#include "harness/os/object_pages.h"

#include <algorithm>

#include "harness/os/page_cache.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

constexpr std::uint64_t kObjectPages = 300;

std::uint64_t Cached(const std::vector<ObjectPage>& pages) {
  return static_cast<std::uint64_t>(std::count_if(
      pages.begin(), pages.end(), [](const ObjectPage& page) { return page.cached; }));
}

TEST_CASE("pages of a memory object are in memory once touched, and never dirty") {
  const FileMapping object = FileMapping::FromMemory(kObjectPages * PageSize());
  const View view = object.Map();
  for (const std::uint64_t page : {0, 7, 8, 299}) view.bytes()[page * PageSize()] = std::byte{1};
  const auto pages = ReadObjectPages(object);
  REQUIRE(pages);
  REQUIRE(pages->size() == kObjectPages);
  for (std::uint64_t page = 0; page < kObjectPages; ++page) {
    INFO(page);
    const bool touched = page == 0 || page == 7 || page == 8 || page == 299;
    CHECK(pages->at(page).cached == touched);
    CHECK_FALSE(pages->at(page).dirty.value_or(false));
  }
}

TEST_CASE("pages of a file agree with what is counted for all of it") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  file.WriteAt(0, std::vector<std::byte>(kObjectPages * PageSize() - 1));
  file.SyncAll();
  Evict(file);
  const FileMapping object = FileMapping::FromFile(file, Protection::kReadWrite);
  const View view = object.Map();
  static_cast<void>(*static_cast<volatile std::byte*>(&view.bytes()[100 * PageSize()]));
  view.bytes()[200 * PageSize()] = std::byte{1};
  const auto pages = ReadObjectPages(object);
  const Residency all = MeasureResidency(file);
  REQUIRE(pages);
  REQUIRE(pages->size() == kObjectPages);
  CHECK(Cached(*pages) == all.cached_pages);
  CHECK(pages->at(100).cached);
  CHECK(pages->at(200).cached);
  if (!all.dirty_pages) {
    CHECK_FALSE(pages->at(200).dirty);
    WARN("SKIPPED: this kernel doesn't tell dirty pages");
    return;
  }
  CHECK(static_cast<std::uint64_t>(std::count_if(
            pages->begin(), pages->end(), [](const ObjectPage& page) { return *page.dirty; })) ==
        *all.dirty_pages);
  if (*all.dirty_pages != 0) CHECK(*pages->at(200).dirty);
  view.Flush();
  CHECK_FALSE(*ReadObjectPages(object)->at(200).dirty);
}

}  // namespace
}  // namespace faultline::os
