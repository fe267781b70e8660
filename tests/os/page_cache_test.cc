// The page cache: measured, emptied and filled, on real files of the temporary directory's file
// system.
#include "harness/os/page_cache.h"

#include <sys/mman.h>
#include <sys/mount.h>

#include <cstring>

#include "harness/os/file_mapping.h"
#include "harness/os/process_counters.h"
#include "harness/os/system_info.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

constexpr std::uint64_t kPage = 4096;

File FileOfPages(const TemporaryDirectory& directory, std::uint64_t pages,
                 std::uint64_t more_bytes = 0) {
  File file = File::Create(directory / "data");
  const std::vector<std::byte> content(pages * kPage + more_bytes, std::byte{7});
  file.WriteAt(0, content);
  return file;
}

// Whether files here can leave memory at all.
bool CanEvict(const TemporaryDirectory& directory) {
  const auto kind = StorageFacts(directory.path())["file_system"];
  if (static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) != kPage) {
    WARN("SKIPPED: these tests count pages of 4096 bytes");
    return false;
  }
  if (kind != "tmpfs" && kind != "ramfs") return true;
  WARN("SKIPPED: the temporary directory is on a file system that lives in memory");
  return false;
}

bool CachestatWorks(const File& file) {
  try {
    MeasureResidency(file, 0, 0, ResidencySource::kCachestat);
    return true;
  } catch (const UnsupportedError&) {
    WARN("SKIPPED: this kernel has no cachestat");
    return false;
  }
}

TEST_CASE("an evicted file has no page left by any source", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  const File file = FileOfPages(directory, 512);
  const Residency residency = Evict(file);
  CHECK(residency.cached_pages == 0);
  CHECK(residency.total_pages == 512);
  CHECK(MeasureResidency(file, 0, 0, ResidencySource::kMincore).cached_pages == 0);
}

TEST_CASE("a file opened for reading only can be evicted while it is dirty", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  FileOfPages(directory, 64);
  CHECK(Evict(File::Open(directory / "data", FileAccess::kRead)).cached_pages == 0);
}

TEST_CASE("both ways of filling leave every page in the cache", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  const File file = FileOfPages(directory, 700, 125);
  for (const bool one_by_one : {false, true}) {
    REQUIRE(Evict(file).cached_pages == 0);
    FillByReading(file, one_by_one ? kPage : 1 << 20, one_by_one);
    CHECK(MeasureResidency(file).cached_pages == 701);
    CHECK(MeasureResidency(file, 0, 0, ResidencySource::kMincore).cached_pages == 701);
  }
}

// Faults that it takes to store into every page of the file through a new view.
std::uint64_t FaultsOfStores(const File& file) {
  const std::uint64_t size = file.Size();
  void* view =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, static_cast<int>(file.handle()), 0);
  REQUIRE(view != MAP_FAILED);
  const std::uint64_t before = *ReadProcessUsage().minor_faults;
  for (std::uint64_t at = 0; at < size; at += kPage) static_cast<volatile char*>(view)[at] = 1;
  const std::uint64_t faults = *ReadProcessUsage().minor_faults - before;
  ::munmap(view, size);
  return faults;
}

// Where the system keeps pages in larger units, one fault enters a whole unit: so the faults tell
// how the pages were brought in.
TEST_CASE("filling one by one brings in every page by itself", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  constexpr std::uint64_t kPages = 4096;
  const File file = FileOfPages(directory, kPages);
  REQUIRE(Evict(file).cached_pages == 0);
  FillByReading(file, kPage, /*one_by_one=*/true);
  CHECK(FaultsOfStores(file) >= kPages);
}

TEST_CASE("filling one by one leaves the file's own read-ahead as it was", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  const File file = FileOfPages(directory, 1024);
  REQUIRE(Evict(file).cached_pages == 0);
  std::vector<std::byte> block(kPage);
  file.ReadAt(0, block);
  if (MeasureResidency(file).cached_pages == 1) {
    WARN("SKIPPED: the device under the temporary directory reads nothing ahead");
    return;
  }
  FillByReading(file, kPage, /*one_by_one=*/true);
  REQUIRE(Evict(file).cached_pages == 0);
  file.ReadAt(0, block);
  CHECK(MeasureResidency(file).cached_pages > 1);
}

TEST_CASE("a range counts exactly the pages that it touches", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  const File file = FileOfPages(directory, 1024, 10);
  REQUIRE(Evict(file).cached_pages == 0);
  file.Advise(FileAdvice::kRandom);
  std::vector<std::byte> pages(10 * kPage);
  file.ReadAt(100 * kPage, pages);
  for (const ResidencySource source : {ResidencySource::kBest, ResidencySource::kMincore}) {
    const auto measure = [&](std::uint64_t offset, std::uint64_t length) {
      const Residency residency = MeasureResidency(file, offset, length, source);
      return std::pair(residency.cached_pages, residency.total_pages);
    };
    using Pages = std::pair<std::uint64_t, std::uint64_t>;
    CHECK(measure(0, 0) == Pages(10, 1025));
    CHECK(measure(99 * kPage, 3 * kPage) == Pages(2, 3));
    CHECK(measure(109 * kPage + 4095, 2) == Pages(1, 2));
    CHECK(measure(105 * kPage, 0) == Pages(5, 920));
    CHECK(measure(1023 * kPage, 100 * kPage) == Pages(0, 2));
    CHECK(measure(5000 * kPage, 10) == Pages(0, 0));
  }
}

TEST_CASE("written pages are dirty until they are synced", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  const File file = FileOfPages(directory, 64);
  if (!CachestatWorks(file)) return;
  file.SyncData();
  CHECK(MeasureResidency(file).dirty_pages == 0u);
  std::vector<std::byte> pages(5 * kPage, std::byte{9});
  file.WriteAt(8 * kPage, pages);
  const Residency residency = MeasureResidency(file);
  // The system may start to write them at any moment, and counts the large units whole that it
  // keeps pages in.
  CHECK(*residency.dirty_pages + *residency.writeback_pages >= 5);
  CHECK(residency.source == "cachestat");
  const Residency by_mincore = MeasureResidency(file, 0, 0, ResidencySource::kMincore);
  CHECK(by_mincore.source == "mincore");
  CHECK_FALSE(by_mincore.dirty_pages.has_value());
}

TEST_CASE("eviction admits that a mapped file stays in memory", "[page_cache]") {
  const TemporaryDirectory directory;
  if (!CanEvict(directory)) return;
  const File file = FileOfPages(directory, 16);
  void* view = ::mmap(nullptr, 16 * kPage, PROT_READ, MAP_SHARED | MAP_POPULATE,
                      static_cast<int>(file.handle()), 0);
  REQUIRE(view != MAP_FAILED);
  const Residency mapped = Evict(file);
  ::munmap(view, 16 * kPage);
  CHECK(mapped.cached_pages == 16);
  CHECK(Evict(file).cached_pages == 0);
}

TEST_CASE("an empty file has no pages and can be evicted and filled", "[page_cache]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "empty");
  FillByReading(file, kPage, false);
  CHECK(Evict(file).total_pages == 0);
  CHECK(MeasureResidency(file, 0, 0, ResidencySource::kMincore).cached_pages == 0);
}

TEST_CASE("a fill by blocks of nothing is refused", "[page_cache]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  CHECK_THROWS_AS(FillByReading(file, 0, false), UsageError);
}

TEST_CASE("the pages of a file in an overlay are those of the file below", "[cache]") {
  testing::InPrivateMounts([](const std::filesystem::path& memory) {
    for (const char* folder : {"lower", "upper", "work", "merged"}) {
      std::filesystem::create_directory(memory / folder);
    }
    const std::string options = "lowerdir=" + (memory / "lower").string() +
                                ",upperdir=" + (memory / "upper").string() +
                                ",workdir=" + (memory / "work").string();
    if (::mount("overlay", (memory / "merged").c_str(), "overlay", 0, options.c_str()) != 0) {
      return 77;
    }
    const File file = File::Create(memory / "merged" / "data");
    file.WriteAt(0, std::vector<std::byte>(16 * PageSize()));
    const Residency residency = MeasureResidency(file);
    if (residency.cached_pages != 16) return 1;
    if (residency.dirty_pages) return 2;
    return residency.source == "mincore" ? 0 : 3;
  });
}

}  // namespace
}  // namespace faultline::os
