// Address maps and page frames: what backs a range, and which physical page shows in it.
#include "harness/os/address_map.h"

#include <sys/mman.h>

#include "harness/os/file_mapping.h"
#include "harness/os/page_frames.h"
#include "harness/os/process_counters.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Bytes;
using testing::Forked;
using testing::KindThrownBy;

constexpr std::uint64_t kPages = 16;

// Frames are told to root only.
bool FramesAreTold() {
  const int here = 0;
  return ReadPages(&here, sizeof here).at(0).frame.has_value();
}

int Function() { return 1; }

TEST_CASE("an address map says what backs code, stack, heap, files and objects") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  file.Resize(kPages * PageSize());
  const View of_file =
      FileMapping::FromFile(file, Protection::kReadWrite).Map({.offset = PageSize()});
  const View of_memory = FileMapping::FromMemory(kPages * PageSize()).Map();
  const View private_view =
      FileMapping::FromFile(file, Protection::kReadWrite).Map({.access = ViewAccess::kCopyOnWrite});
  const int local = 0;
  const auto heap = std::make_unique<int>(0);
  const auto map = ReadAddressMap();
  const auto region = [&](const void* address) {
    const Region* found = FindRegion(map, address);
    REQUIRE(found != nullptr);
    return *found;
  };
  const Region code = region(reinterpret_cast<const void*>(&Function));
  CHECK(code.backing == Backing::kProgram);
  CHECK(code.executable);
  CHECK_FALSE(code.writable);
  CHECK(code.name.find("os_tests") != std::string::npos);
  CHECK(region(&local).backing == Backing::kStack);
  CHECK(region(heap.get()).backing == Backing::kAnonymous);
  const Region shown = region(of_file.data());
  CHECK(shown.backing == Backing::kFile);
  CHECK(shown.name == directory / "data");
  CHECK(shown.offset == PageSize());
  CHECK(shown.bytes() == (kPages - 1) * PageSize());
  CHECK(shown.shared);
  CHECK(shown.writable);
  CHECK_FALSE(region(private_view.data()).shared);
  CHECK(region(of_memory.data()).backing == Backing::kMemoryObject);
  CHECK(FindRegion(map, nullptr) == nullptr);
  // A file in a folder of shared memory is a file; what lies there by itself is an object.
  const std::filesystem::path folder = "/dev/shm/faultline-test-" + std::to_string(::getpid());
  if (!std::filesystem::create_directories(folder)) return;
  const View in_memory = FileMapping::FromTemporaryFile(folder, PageSize()).Map();
  const View named =
      FileMapping::CreateNamed("map-" + std::to_string(::getpid()), PageSize()).Map();
  const auto later = ReadAddressMap();
  std::filesystem::remove(folder);
  CHECK(FindRegion(later, in_memory.data())->backing == Backing::kFile);
  CHECK(FindRegion(later, named.data())->backing == Backing::kMemoryObject);
}

TEST_CASE("an address map counts what is resident, dirty and a private copy") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  file.WriteAt(0, std::vector<std::byte>(kPages * PageSize()));
  file.SyncAll();
  const FileMapping mapping = FileMapping::FromFile(file, Protection::kReadWrite);
  const View view = mapping.Map({.access = ViewAccess::kCopyOnWrite});
  for (std::uint64_t page = 0; page < 3; ++page) view.bytes()[page * PageSize()] = std::byte{1};
  const auto map = ReadAddressMap();
  const Region* region = FindRegion(map, view.data());
  REQUIRE(region != nullptr);
  CHECK(region->anonymous_bytes == 3 * PageSize());
  CHECK(region->dirty_bytes == 3 * PageSize());
  CHECK(region->resident_bytes >= 3 * PageSize());
}

TEST_CASE("another process's map is its own, and one that is gone is not found") {
  const View view = FileMapping::FromMemory(PageSize()).Map();
  Forked child([] {
    ::pause();
    return 0;
  });
  const auto map = ReadAddressMap(child.id());
  CHECK(FindRegion(map, view.data()) != nullptr);
  CHECK(ReadProcessMemory(child.id()).virtual_bytes.value_or(0) > 0);
  const std::int64_t id = child.id();
  child.Kill();
  CHECK(KindThrownBy([&] { ReadAddressMap(id); }) == ErrorKind::kNotFound);
  CHECK(KindThrownBy([&] { ReadPages(view.data(), 1, id); }) == ErrorKind::kNotFound);
  CHECK_FALSE(ReadProcessMemory(id).virtual_bytes);
}

TEST_CASE("pages are present once touched") {
  const View view = FileMapping::FromMemory(kPages * PageSize()).Map();
  view.bytes()[2 * PageSize()] = std::byte{1};
  const auto pages = ReadPages(view.data(), view.size());
  REQUIRE(pages.size() == kPages);
  for (std::uint64_t page = 0; page < kPages; ++page) {
    INFO(page);
    CHECK(pages[page].present == (page == 2));
  }
  CHECK(pages[2].of_file);
  const int local = 0;
  CHECK_FALSE(ReadPages(&local, 1).at(0).of_file);
  // A range is widened to whole pages.
  CHECK(ReadPages(view.data() + PageSize() - 1, 2).size() == 2);
}

TEST_CASE("two views of one object show the same frames, mapped twice") {
  if (!FramesAreTold()) {
    WARN("SKIPPED: frames are told to root only");
    return;
  }
  const FileMapping mapping = FileMapping::FromMemory(kPages * PageSize());
  const View one = mapping.Map();
  const View other = mapping.Map();
  for (std::uint64_t page = 0; page < kPages; ++page) {
    one.bytes()[page * PageSize()] = std::byte{1};
    if (page % 2 == 0)
      static_cast<void>(*static_cast<volatile std::byte*>(&other.bytes()[page * PageSize()]));
  }
  const auto first = ReadPages(one.data(), one.size());
  const auto second = ReadPages(other.data(), other.size());
  for (std::uint64_t page = 0; page < kPages; page += 2) {
    INFO(page);
    REQUIRE(first[page].frame);
    CHECK(first[page].frame == second[page].frame);
    CHECK(first[page].mappings == 2);
  }
  CHECK(first[0].frame != first[1].frame);
}

}  // namespace
}  // namespace faultline::os
