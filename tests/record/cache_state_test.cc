// States of the page cache: brought about, and proved or said to be unproved.
#include "faultline/error.h"
#include "harness/os/file_status.h"
#include "harness/record/dataset.h"
#include "tests/catch.h"
#include "tests/record/fixture.h"

namespace faultline {
namespace {

constexpr Geometry kCached{10000, 125};

TEST_CASE("cache states are read by the names that they are printed with") {
  for (const CacheState state :
       {CacheState::kCold, CacheState::kStreamed, CacheState::kPaged, CacheState::kWritten}) {
    CHECK(ParseCacheState(CacheStateName(state)) == state);
  }
  CHECK_THROWS_AS(ParseCacheState("warm"), UsageError);
  CHECK_THROWS_WITH(ParseCacheState("warm"), ContainsSubstring("cold, streamed, paged, written"));
}

TEST_CASE("each cache state is brought about from each other and proved") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kCached, kSeed);
  if (!dataset.PrepareCache(CacheState::kCold).proved) {
    WARN("SKIPPED: the temporary directory's file system can't be evicted from the page cache");
    return;
  }
  const std::uint64_t pages =
      os::MeasureResidency(OpenDataFile(dataset.file(), os::FileAccess::kRead)).total_pages;
  for (const CacheState before : {CacheState::kCold, CacheState::kPaged, CacheState::kWritten}) {
    for (const CacheState state :
         {CacheState::kCold, CacheState::kStreamed, CacheState::kPaged, CacheState::kWritten}) {
      dataset.PrepareCache(before);
      const PreparedCache prepared = dataset.PrepareCache(state);
      CHECK(prepared.state == state);
      CHECK(prepared.residency.total_pages == pages);
      CHECK(prepared.residency.cached_pages == (state == CacheState::kCold ? 0 : pages));
      CHECK(prepared.proved == prepared.why_not.empty());
      if (prepared.residency.dirty_pages) {
        CHECK(prepared.residency.dirty_pages == std::uint64_t{0});
        CHECK(prepared.proved);
      }
    }
  }
  CHECK(dataset.IsPristine());
}

TEST_CASE("the written state writes the untouched content") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kCached, kSeed);
  OpenDataFile(dataset.file(), os::FileAccess::kReadWrite)
      .WriteAt(0, std::vector<std::byte>(kCached.file_size()));
  dataset.PrepareCache(CacheState::kWritten);
  CHECK(dataset.IsPristine());
}

TEST_CASE("a file system in memory proves no state that begins with eviction") {
  if (!std::filesystem::is_directory("/dev/shm")) {
    WARN("SKIPPED: there is no file system in memory at /dev/shm");
    return;
  }
  const TemporaryDirectory directory("/dev/shm");
  const Dataset dataset = Dataset::Prepare(directory.path(), kCached, kSeed);
  const auto state = GENERATE(CacheState::kCold, CacheState::kStreamed, CacheState::kPaged);
  CAPTURE(CacheStateName(state));
  const PreparedCache prepared = dataset.PrepareCache(state);
  CHECK_FALSE(prepared.proved);
  CHECK(prepared.residency.cached_pages != 0);
  CHECK_THAT(prepared.why_not, ContainsSubstring("tmpfs"));
}

TEST_CASE("a sparse file can be cold but not written") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), {100, 4096, true}, kSeed);
  CHECK_THROWS_AS(dataset.PrepareCache(CacheState::kWritten), UsageError);
  CHECK(dataset.PrepareCache(CacheState::kCold).residency.cached_pages == 0);
  CHECK(os::NextData(OpenDataFile(dataset.file(), os::FileAccess::kRead), 0) == 409600);
}

}  // namespace
}  // namespace faultline
