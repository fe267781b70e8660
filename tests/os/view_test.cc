// Views: where they are mapped, what a flush writes, and what advice does.
#include <sys/mman.h>
#include <sys/resource.h>

#include <fmt/format.h>

#include "harness/os/file_mapping.h"
#include "harness/os/whole_file.h"
#include "tests/os/mapping_support.h"

namespace faultline::os {
namespace {

using testing::DirtyPages;
using testing::FileWith;
using testing::KindThrownBy;
using testing::Load;
using testing::Store;

TEST_CASE("a view is mapped exactly where it is asked to be", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(2 * PageSize());
  View first = mapping.Map();
  std::byte* const address = first.data();
  first.Unmap();
  const View view = mapping.Map({.address = address});
  CHECK(view.data() == address);
}

TEST_CASE("mapping at an occupied address fails and leaves what is there", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(4 * PageSize());
  const auto other = FileMapping::FromMemory(4 * PageSize());
  const View view = mapping.Map();
  Store(view, 3 * PageSize(), "kept");
  const auto map_at = [&](std::byte* address) {
    return KindThrownBy([&] { other.Map({.address = address}); });
  };
  CHECK(map_at(view.data()) == ErrorKind::kExists);
  // Overlaps the end only.
  CHECK(map_at(view.data() + 3 * PageSize()) == ErrorKind::kExists);
  CHECK_THROWS_WITH(other.Map({.address = view.data()}), ContainsSubstring("occupied address"));
  CHECK(map_at(view.data() + 1) == ErrorKind::kInvalid);
  CHECK(Load(view, 3 * PageSize(), 4) == "kept");
  Store(view, 0, "ours");
  CHECK(Load(other.Map(), 0, 4) == std::string(4, '\0'));
}

TEST_CASE("populating brings the pages in and no later touch faults", "[mapping]") {
  constexpr std::uint64_t kPages = 256;
  const auto mapping = FileMapping::FromMemory(kPages * PageSize());
  const auto faults_of = [&](bool populate) {
    const View view = mapping.Map({.access = ViewAccess::kRead, .populate = populate});
    rusage before = {};
    rusage after = {};
    ::getrusage(RUSAGE_SELF, &before);
    for (std::uint64_t i = 0; i < kPages; ++i) {
      *const_cast<volatile std::byte*>(view.data() + i * PageSize());
    }
    ::getrusage(RUSAGE_SELF, &after);
    return after.ru_minflt - before.ru_minflt;
  };
  CHECK(faults_of(false) > 4);
  CHECK(faults_of(true) <= 1);
}

TEST_CASE("a flush writes the pages of its range and a refused one writes nothing", "[mapping]") {
  const TemporaryDirectory directory;
  constexpr std::uint64_t kPages = 64;
  const File file = File::Create(directory / "a");
  // Written page by page: a cache that keeps larger pieces is dirty, and written, by the piece.
  for (std::uint64_t page = 0; page < kPages; ++page) {
    file.WriteAt(page * PageSize(), std::vector<std::byte>(PageSize()));
  }
  file.SyncAll();
  const DirtyPages dirty(file);
  if (!dirty.AreTold()) {
    WARN("SKIPPED: this system does not tell how many pages of a file are dirty");
    return;
  }
  const auto mapping = FileMapping::FromFile(file, Protection::kReadWrite);
  const View view = mapping.Map();
  const View part = mapping.Map({.offset = 32 * PageSize(), .length = 3 * PageSize()});
  for (std::uint64_t page = 0; page < kPages; ++page) Store(view, page * PageSize(), "y");
  if (dirty() == 0) {
    WARN("SKIPPED: the temporary directory's file system keeps no dirty pages");
    return;
  }
  REQUIRE(dirty() == kPages);

  const std::uint64_t size = view.size();
  for (const auto& [offset, length] : {std::pair{size + 1, std::uint64_t{0}},
                                       {size - 4, std::uint64_t{5}},
                                       {std::uint64_t{0}, size + 1},
                                       {std::uint64_t{8}, ~std::uint64_t{0} - 3}}) {
    const auto kind_of = [&, from = offset, count = length](auto flush) {
      return KindThrownBy([&] { (view.*flush)(from, count); });
    };
    CHECK(kind_of(&View::Flush) == ErrorKind::kInvalid);
    CHECK(kind_of(&View::StartFlush) == ErrorKind::kInvalid);
  }
  CHECK(dirty() == kPages);

  // A private copy has nothing to write, and leaves others' pages to them.
  const View copy = mapping.Map({.access = ViewAccess::kCopyOnWrite});
  copy.StartFlush();
  copy.Flush();
  CHECK(dirty() == kPages);
  // From the middle of page 8 to the middle of page 15: eight whole pages.
  view.Flush(8 * PageSize() + 100, 7 * PageSize());
  CHECK(dirty(8, 8) == 0);
  CHECK(dirty(0, 8) == 8);
  CHECK(dirty(16, kPages - 16) == kPages - 16);
  // The offsets of a view are its own, not the file's.
  part.StartFlush(PageSize(), PageSize());
  CHECK(dirty(33, 1) == 0);
  CHECK(dirty(32, 1) == 1);
  CHECK(dirty(34, 1) == 1);
  view.Flush(60 * PageSize());
  CHECK(dirty(60, 4) == 0);
  CHECK(dirty(59, 1) == 1);
  view.Flush();
  CHECK(dirty() == 0);
  CHECK_NOTHROW(view.Flush(size, 0));
}

TEST_CASE("nothing is started for memory and nothing needs to be", "[mapping]") {
  const View view = FileMapping::FromMemory(PageSize()).Map();
  CHECK_NOTHROW(view.StartFlush());
  CHECK_NOTHROW(view.Flush());
  const View nothing;
  CHECK_NOTHROW(nothing.Flush());
  CHECK(KindThrownBy([&] { nothing.Flush(1); }) == ErrorKind::kInvalid);
}

// The letters of the kernel's flags for the range that begins at `address`.
std::string KernelFlagsOf(const void* address) {
  const std::string maps = ReadText("/proc/self/smaps");
  const std::size_t range = maps.find(fmt::format("\n{}-", fmt::format("{}", address).substr(2)));
  const std::size_t flags = maps.find("VmFlags:", range);
  return maps.substr(flags, maps.find('\n', flags) - flags);
}

TEST_CASE("advice reaches the range of the view", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(4 * PageSize());
  const View view = mapping.Map();
  const auto random = ContainsSubstring(" rr");
  const auto sequential = ContainsSubstring(" sr");
  view.Advise(ViewAdvice::kRandom);
  CHECK_THAT(KernelFlagsOf(view.data()), random && !sequential);
  view.Advise(ViewAdvice::kSequential);
  CHECK_THAT(KernelFlagsOf(view.data()), sequential && !random);
  view.Advise(ViewAdvice::kNormal);
  CHECK_THAT(KernelFlagsOf(view.data()), !sequential && !random);
  CHECK_NOTHROW(view.Advise(ViewAdvice::kWillNeed));
  CHECK(KindThrownBy([&] { View().Advise(ViewAdvice::kNormal); }) == ErrorKind::kInvalid);
}

TEST_CASE("advice that pages will be needed brings them in", "[mapping]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", std::string(16 * PageSize(), 'x'));
  if (Evict(file).cached_pages != 0) {
    WARN("SKIPPED: the temporary directory's file system can't drop cached pages");
    return;
  }
  const View view = FileMapping::FromFile(file, Protection::kReadWrite).Map();
  view.Advise(ViewAdvice::kWillNeed);
  CHECK(MeasureResidency(file).cached_pages == 16);
}

TEST_CASE("a view that is moved over or dies is unmapped", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(PageSize());
  // Asking for the core map of an unmapped address fails.
  const auto is_mapped = [](std::byte* address) {
    unsigned char resident;
    return ::mincore(address, PageSize(), &resident) == 0;
  };
  std::byte* first = nullptr;
  std::byte* second = nullptr;
  {
    View view = mapping.Map();
    first = view.data();
    View other = mapping.Map();
    second = other.data();
    view = std::move(other);
    CHECK_FALSE(is_mapped(first));
    CHECK(view.data() == second);
    CHECK(view.size() == PageSize());
    CHECK(other.data() == nullptr);
    CHECK(other.size() == 0);
    CHECK(is_mapped(second));
  }
  CHECK_FALSE(is_mapped(second));
}

}  // namespace
}  // namespace faultline::os
