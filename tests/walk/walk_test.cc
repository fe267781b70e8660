// What a walk is made of: classes of pages, grids, regions, the plan of steps.
#include "harness/walk/walk.h"

#include "harness/walk/cells.h"
#include "tests/walk/support.h"

namespace faultline {
namespace {

using testing::MakeRegion;
using testing::Pages;

TEST_CASE("a page is drawn as the most telling of its states") {
  CHECK(ClassifyPage({}) == PageClass::kAbsent);
  CHECK(ClassifyPage({.cached = true}) == PageClass::kCached);
  CHECK(ClassifyPage({.mapped = true, .cached = true}) == PageClass::kMapped);
  CHECK(ClassifyPage({.mapped = true, .cached = true, .mappings = 1}) == PageClass::kMapped);
  CHECK(ClassifyPage({.mapped = true, .cached = true, .mappings = 2}) == PageClass::kShared);
  CHECK(ClassifyPage({.cached = true, .mappings = 2}) == PageClass::kCached);
  CHECK(ClassifyPage({.mapped = true, .cached = true, .dirty = true, .mappings = 2}) ==
        PageClass::kDirty);
  CHECK(ClassifyPage({.cached = true, .dirty = true}) == PageClass::kDirty);
}

TEST_CASE("the legend says what is not known of a page that isn't mapped") {
  CHECK(PageClassMeaning(PageClass::kAbsent, true) == "not in memory");
  CHECK(PageClassMeaning(PageClass::kAbsent, false) == "not mapped by this process");
}

TEST_CASE("a cell is a page where there is room, else the most telling of several") {
  const std::string letters = "..-o2D.";
  const Grid one = MakeGrid(Pages(letters).pages, 4, 2);
  CHECK(one.pages_per_cell == 1);
  CHECK(one.cells.size() == letters.size());
  CHECK(one.rows() == 2);
  CHECK(one.cells[4].page_class == PageClass::kShared);
  CHECK(one.cells[4].mappings == 2);
  const Grid several = MakeGrid(Pages(letters).pages, 3, 1);
  CHECK(several.pages_per_cell == 3);
  REQUIRE(several.cells.size() == 3);
  CHECK(several.cells[0].page_class == PageClass::kCached);
  CHECK(several.cells[1].page_class == PageClass::kDirty);
  CHECK(several.cells[2].page_class == PageClass::kAbsent);
  CHECK(MakeGrid({}, 3, 1).cells.empty());
}

TEST_CASE("a tally counts the pages of all views, and nothing that isn't told") {
  Snapshot snapshot;
  snapshot.views = {Pages("..-o2D"), Pages("o")};
  const Tally all = TallyOf(snapshot);
  CHECK(all.mapped_pages == 4);
  CHECK(all.cached_pages == 5);
  CHECK(all.dirty_pages == 1);
  CHECK(all.shared_pages == 1);
  CHECK_FALSE(all.minor_faults);
  snapshot.views[1].cache_told = false;
  snapshot.views[1].sharing_told = false;
  CHECK_FALSE(TallyOf(snapshot).cached_pages);
  CHECK_FALSE(TallyOf(snapshot).shared_pages);
  CHECK(TallyOf(snapshot).dirty_pages == 1);
}

TEST_CASE("figures and changes that aren't known are not printed as numbers") {
  const TallyColumn pages = {"pages", "pages", &Tally::mapped_pages, false};
  const TallyColumn size = {"size", "size", &Tally::virtual_bytes, true};
  CHECK(FormatFigure(pages, 5120) == "5,120");
  CHECK(FormatFigure(size, std::uint64_t{20} << 20) == "20.0 MiB");
  CHECK(FormatFigure(size, std::nullopt) == "-");
  CHECK(FormatChange(pages, 3, 5) == "+2");
  CHECK(FormatChange(pages, 5, 3) == "-2");
  CHECK(FormatChange(pages, 5, 5).empty());
  CHECK(FormatChange(pages, std::nullopt, 5).empty());
}

TEST_CASE("the map around an address has its neighbours, also where nothing is") {
  std::vector<os::Region> map;
  for (std::uint64_t i = 1; i <= 6; ++i) {
    map.push_back(MakeRegion(i * 0x10000, 0x1000, os::Backing::kAnonymous, ""));
  }
  const auto begins = [](const std::vector<os::Region>& regions) {
    std::vector<std::uint64_t> found;
    for (const os::Region& region : regions) found.push_back(region.begin >> 16);
    return found;
  };
  CHECK(begins(RegionsAround(map, 0x30800, 1)) == std::vector<std::uint64_t>{2, 3, 4});
  CHECK(begins(RegionsAround(map, 0x38000, 1)) == std::vector<std::uint64_t>{3, 4});
  CHECK(begins(RegionsAround(map, 0x10000, 2)) == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(begins(RegionsAround(map, 0x60fff, 2)) == std::vector<std::uint64_t>{4, 5, 6});
  CHECK(begins(RegionsAround(map, 0x900000, 2)) == std::vector<std::uint64_t>{5, 6});
  CHECK(RegionsAround({}, 0x1000, 2).empty());
}

TEST_CASE("totals by backing add up") {
  std::vector<os::Region> map = {MakeRegion(0x1000, 0x1000, os::Backing::kAnonymous, ""),
                                 MakeRegion(0x2000, 0x3000, os::Backing::kFile, "/data"),
                                 MakeRegion(0x9000, 0x2000, os::Backing::kAnonymous, "[heap]")};
  map[2].resident_bytes = 0x1000;
  const auto totals = TotalsByBacking(map);
  REQUIRE(totals.size() == 2);
  CHECK(totals[0].backing == os::Backing::kFile);
  CHECK(totals[1].regions == 2);
  CHECK(totals[1].bytes == 0x3000);
  CHECK(totals[1].resident_bytes == 0x1000);
  CHECK(BackedBy(map[1]) == "the file /data");
  CHECK(BackedBy(map[2]) == "swap space; private memory [heap]");
}

TEST_CASE(
    "touches stay within the object, whatever its size, and an existing file is never stored to") {
  for (const WalkKind kind : {WalkKind::kTemporary, WalkKind::kExisting, WalkKind::kMemory}) {
    for (const std::uint64_t pages : {1, 2, 3, 7, 79, 80, 81, 161, 5120, 262144}) {
      INFO(pages);
      std::uint64_t stores = 0;
      for (const WalkStep& step : PlanSteps(kind, pages)) {
        stores += step.action == WalkAction::kStore ? 1 : 0;
        if (step.touches.count == 0) continue;
        CHECK(step.touches.first + (step.touches.count - 1) * step.touches.stride < pages);
      }
      CHECK(stores == (kind == WalkKind::kExisting ? 0 : 1));
    }
  }
}

}  // namespace
}  // namespace faultline
