// Real walks through small objects, and observations of real processes.
#include "harness/walk/walker.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/os/child_process.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"
#include "harness/os/system_info.h"
#include "harness/walk/walk_place.h"
#include "tests/support/temporary_directory.h"
#include "tests/walk/support.h"

namespace faultline {
namespace {

constexpr std::uint64_t kPages = 640;

// On the file system that the tests are run on.
struct Folder : TemporaryDirectory {
  Folder() : TemporaryDirectory(std::filesystem::current_path()) {}
};

std::uint64_t Bytes() { return kPages * os::PageSize(); }

Walk WalkToTheEnd(const WalkRequest& request) {
  Walker walker(request);
  while (!walker.finished()) walker.TakeStep();
  return walker.walk();
}

const WalkStep& Find(const Walk& walk, WalkAction action) {
  const auto found = std::find_if(walk.steps.begin(), walk.steps.end(),
                                  [&](const WalkStep& step) { return step.action == action; });
  REQUIRE(found != walk.steps.end());
  return *found;
}

std::int64_t Grown(const WalkStep& step, os::Counter Tally::*figure) {
  const Tally after = TallyOf(step.after);
  REQUIRE((step.before.*figure).has_value());
  REQUIRE((after.*figure).has_value());
  return static_cast<std::int64_t>(*(after.*figure)) -
         static_cast<std::int64_t>(*(step.before.*figure));
}

// What a sanitizer's own memory adds to a step: pages of its shadow, and of its allocator.
constexpr std::int64_t kOwnBytes = testing::kAddressSanitizer ? 1 << 20 : 0;
constexpr std::uint64_t kOwnFaults = testing::kAddressSanitizer ? 8 : 0;

// What holds of every kind.
void CheckLife(const Walk& walk) {
  const auto bytes = static_cast<std::int64_t>(Bytes());
  CHECK(Grown(Find(walk, WalkAction::kCreate), &Tally::virtual_bytes) <= kOwnBytes);
  const WalkStep& map = Find(walk, WalkAction::kMap);
  CHECK(Grown(map, &Tally::virtual_bytes) == bytes);
  CHECK(Grown(map, &Tally::mapped_pages) == 0);
  CHECK(walk.view_address != 0);
  CHECK(os::FindRegion(map.after.map, reinterpret_cast<const void*>(walk.view_address)) != nullptr);
  for (const WalkStep& step : walk.steps) {
    INFO(step.title);
    const std::int64_t mapped = Grown(step, &Tally::mapped_pages);
    const bool touches = step.action == WalkAction::kLoad || step.action == WalkAction::kStore;
    CHECK((mapped > 0) <= touches);
    if (step.action == WalkAction::kUnmap) CHECK(mapped < 0);
    // A file's clean pages may be taken away by the system at any time.
    if (step.action != WalkAction::kUnmap && walk.kind == WalkKind::kMemory) CHECK(mapped >= 0);
    for (std::uint64_t i = 0; touches && i < step.touches.count; ++i) {
      CHECK(step.after.views.at(0).pages.at(step.touches.first + i * step.touches.stride).mapped);
    }
  }
  const WalkStep& first_load = Find(walk, WalkAction::kLoad);
  CHECK(first_load.cost.minor_faults + first_load.cost.major_faults >= 1);
  CHECK(first_load.cost.minor_faults + first_load.cost.major_faults <= 1 + kOwnFaults);
  CHECK(Grown(Find(walk, WalkAction::kUnmap), &Tally::virtual_bytes) == -bytes);
  CHECK(TallyOf(Find(walk, WalkAction::kUnmap).after).mapped_pages == 0);
  CHECK(map.after.views.at(0).address == walk.view_address);
  CHECK(Find(walk, WalkAction::kUnmap).after.views.at(0).address == 0);
  CHECK(Grown(Find(walk, WalkAction::kFree), &Tally::virtual_bytes) == 0);
}

// Whether the file system of `folder` tells of a page that was just stored to that it is dirty.
bool TellsDirtyPages(const Folder& folder) {
  const os::File file = os::File::CreateTemporary(folder.path());
  file.WriteAt(0, std::vector<std::byte>(os::PageSize()));
  return os::MeasureResidency(file).dirty_pages.value_or(0) != 0;
}

TEST_CASE("a temporary file: dirty after stores, clean after the flush, gone in the end") {
  const Folder folder;
  const Walk walk = WalkToTheEnd(
      {.kind = WalkKind::kTemporary, .place = folder.path(), .bytes = Bytes(), .note = ""});
  CheckLife(walk);
  CHECK(std::filesystem::is_empty(folder.path()));
  const WalkStep& store = Find(walk, WalkAction::kStore);
  const Tally stored = TallyOf(store.after);
  CHECK(store.cost.minor_faults + store.cost.major_faults >= 1);
  if (!TellsDirtyPages(folder)) {
    WARN("SKIPPED: this system or file system doesn't tell which pages are dirty");
    return;
  }
  CHECK(stored.dirty_pages.value_or(0) >= store.touches.count);
  CHECK(store.after.views[0].pages[store.touches.first].dirty);
  CHECK(TallyOf(Find(walk, WalkAction::kFlush).after).dirty_pages == 0);
}

TEST_CASE("an existing file: read cold, and never changed") {
  const Folder folder;
  WalkPlace place(folder.path());
  std::string note;
  const std::filesystem::path file = place.MakeFile(Bytes(), note);
  const auto content = [&] { return ReadBytes(file); };
  const std::string before = content();
  REQUIRE(before.size() == Bytes());
  const auto written = std::filesystem::last_write_time(file);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  note = EvictFile(file);
  const bool stays = os::Evict(os::File::Open(file, os::FileAccess::kRead)).cached_pages != 0;
  CHECK(note.empty() == !stays);
  const Walk walk =
      WalkToTheEnd({.kind = WalkKind::kExisting, .place = file, .bytes = 0, .note = note});
  CheckLife(walk);
  CHECK(walk.object_bytes == Bytes());
  const os::Region* region = os::FindRegion(Find(walk, WalkAction::kMap).after.map,
                                            reinterpret_cast<const void*>(walk.view_address));
  REQUIRE(region != nullptr);
  CHECK(region->name == file);
  CHECK_FALSE(region->writable);
  CHECK(std::none_of(walk.steps.begin(), walk.steps.end(),
                     [](const WalkStep& step) { return step.action == WalkAction::kStore; }));
  CHECK(content() == before);
  CHECK(std::filesystem::last_write_time(file) == written);
  if (!note.empty()) {
    WARN("SKIPPED: " << note);
    return;
  }
  const WalkStep& load = Find(walk, WalkAction::kLoad);
  CHECK(load.before.cached_pages == 0);
  CHECK(load.cost.major_faults == 1);
  CHECK(load.cost.read_bytes.value_or(0) >= os::PageSize());
  CHECK(Grown(load, &Tally::cached_pages) >= Grown(load, &Tally::mapped_pages));
  CHECK(Grown(Find(walk, WalkAction::kUnmap), &Tally::cached_pages) == 0);
  CHECK(Grown(Find(walk, WalkAction::kFree), &Tally::cached_pages) == 0);
}

TEST_CASE("memory of no file: never dirty, and pages come by touch alone") {
  const Walk walk =
      WalkToTheEnd({.kind = WalkKind::kMemory, .place = {}, .bytes = Bytes(), .note = ""});
  CheckLife(walk);
  for (const WalkStep& step : walk.steps) {
    INFO(step.title);
    const Tally after = TallyOf(step.after);
    CHECK(after.dirty_pages.value_or(0) == 0);
    CHECK(step.cost.read_bytes.value_or(0) == 0);
    if (step.action == WalkAction::kMap) CHECK(after.cached_pages == 0);
  }
}

TEST_CASE("pages that another process loads too show as shared") {
  const Walk walk =
      WalkToTheEnd({.kind = WalkKind::kMemory, .place = {}, .bytes = Bytes(), .note = ""});
  const WalkStep& share = Find(walk, WalkAction::kShare);
  if (!share.after.views.at(0).sharing_told) {
    CHECK_FALSE(TallyOf(share.after).shared_pages);
    WARN("SKIPPED: how often a page is mapped is told to root only");
    return;
  }
  CHECK(Grown(share, &Tally::shared_pages) >= static_cast<std::int64_t>(share.touches.count));
  for (std::uint64_t page = 0; page < kPages; ++page) {
    const WalkPage& found = share.after.views[0].pages[page];
    const bool touched =
        page >= share.touches.first && page < share.touches.first + share.touches.count;
    if (touched) CHECK(found.mappings == 2);
    if (found.mapped) CHECK(found.mappings <= 2);
  }
}

TEST_CASE("faults so far are the walked process's own, step for step") {
  const Walk walk =
      WalkToTheEnd({.kind = WalkKind::kMemory, .place = {}, .bytes = Bytes(), .note = ""});
  std::uint64_t sum = 0;
  for (const WalkStep& step : walk.steps) {
    if (step.action != WalkAction::kShare) sum += step.cost.minor_faults;
    CHECK(step.after.minor_faults == sum);
  }
}

TEST_CASE("a walk that can't begin says why") {
  const Folder folder;
  Walker walker({.kind = WalkKind::kExisting,
                 .place = folder.path() / "missing",
                 .bytes = Bytes(),
                 .note = ""});
  walker.TakeStep();
  CHECK_THROWS_WITH(walker.TakeStep(), Catch::Matchers::ContainsSubstring("missing"));
}

TEST_CASE("a walk's place is given back, with the directory that it made") {
  const Folder folder;
  const std::filesystem::path inner = folder.path() / "made";
  {
    WalkPlace place(inner);
    std::string note;
    CHECK(std::filesystem::file_size(place.MakeFile(Bytes(), note)) == Bytes());
    CHECK_THROWS_AS(WalkPlace(inner), UsageError);
  }
  CHECK_FALSE(std::filesystem::exists(inner));
}

int MapAndWait(const std::string&, os::Channel& parent) {
  const os::View view = os::FileMapping::FromMemory(16 * os::PageSize()).Map();
  view.bytes()[3 * os::PageSize()] = std::byte{1};
  parent.SendLine(std::to_string(reinterpret_cast<std::uintptr_t>(view.data())));
  std::string line;
  parent.ReceiveLine(line);
  return 0;
}
const Registration<os::ChildMain> kMapAndWait{{.name = "map and wait", .run = MapAndWait}};

TEST_CASE("any process is shown by what backs its regions, its views page by page") {
  os::ChildProcess child = os::ChildProcess::Start("map and wait", "");
  std::string line;
  REQUIRE(child.channel().ReceiveLine(line) == os::Channel::Result::kLine);
  const std::uint64_t address = std::stoull(line);
  const Walk walk = ObserveProcess(child.id());
  REQUIRE(walk.steps.size() == 1);
  const Snapshot& snapshot = walk.steps[0].after;
  CHECK(walk.subject.find("walk_tests") != std::string::npos);
  CHECK_FALSE(snapshot.minor_faults);
  const auto view = std::find_if(snapshot.views.begin(), snapshot.views.end(),
                                 [&](const ViewPages& found) { return found.address == address; });
  REQUIRE(view != snapshot.views.end());
  REQUIRE(view->pages.size() == 16);
  for (std::size_t page = 0; page < 16; ++page) CHECK(view->pages[page].mapped == (page == 3));
  CHECK_FALSE(view->cache_told);
  CHECK(view->pages[3].cached);
  const auto totals = TotalsByBacking(snapshot.map);
  CHECK(std::any_of(totals.begin(), totals.end(), [](const BackingTotal& total) {
    return total.backing == os::Backing::kProgram && total.bytes > 0;
  }));
  const std::int64_t id = child.id();
  child.Kill();
  child.Wait();
  CHECK_THROWS_AS(ObserveProcess(id), os::SystemError);
}

}  // namespace
}  // namespace faultline
