// Bringing the page cache to a stated condition before a trial, and proving that it is there.
#include <fmt/format.h>
#include <string>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/record/content.h"
#include "harness/record/dataset.h"
#include "harness/record/manifest.h"

namespace faultline {
namespace {

constexpr std::uint64_t kStreamBytes = std::uint64_t{1} << 20;

// "" if eviction left no page that only looks as if the state's own way had filled it.
std::string WhyNotEvicted(const os::Residency& residency) {
  if (residency.cached_pages == 0) return "";
  return fmt::format(
      "{} of {} stayed resident after eviction: the file system lives in memory (tmpfs) or another "
      "process maps the file; use a directory on a disk",
      FormatCount(residency.cached_pages), CountOf(residency.total_pages, "page"));
}

// "" if the residency proves the state.
std::string WhyNotProved(CacheState state, const os::Residency& residency) {
  if (state == CacheState::kCold) return WhyNotEvicted(residency);
  if (residency.cached_pages != residency.total_pages) {
    return fmt::format(
        "only {} of {} are resident after filling: memory is short, or the system reclaims idle "
        "pages; free memory or use fewer records",
        FormatCount(residency.cached_pages), CountOf(residency.total_pages, "page"));
  }
  if (!residency.dirty_pages) {
    return "this system can't tell whether pages are dirty (cachestat is missing before Linux 6.5)";
  }
  if (*residency.dirty_pages != 0) {
    return fmt::format(
        "{} pages are dirty after a sync: the file system lives in memory (tmpfs) or another "
        "process writes; use a directory on a disk",
        FormatCount(*residency.dirty_pages));
  }
  return "";
}

// Fills the evicted file's cache in the way that a state of reading asks for.
void Fill(const os::File& file, CacheState state) {
  if (state == CacheState::kStreamed) os::FillByReading(file, kStreamBytes, false);
  if (state == CacheState::kPaged) os::FillByReading(file, os::PageSize(), true);
}

PreparedCache Prove(const os::File& file, CacheState state) {
  PreparedCache prepared{.state = state, .residency = os::MeasureResidency(file)};
  prepared.why_not = WhyNotProved(state, prepared.residency);
  prepared.proved = prepared.why_not.empty();
  return prepared;
}

// Some systems take single pages back while the rest come in (seen: 4 to 200 of 30,518, once in 40
// fillings), without being short of memory. Few are brought in again; where many are missing,
// filling again would only take as long.
bool LacksFew(const os::Residency& residency) {
  const std::uint64_t missing = residency.total_pages - residency.cached_pages;
  return missing != 0 && missing <= residency.total_pages / 100;
}

PreparedCache EvictAndFill(const os::File& file, CacheState state) {
  constexpr int kAttempts = 3;
  os::Evict(file);
  PreparedCache evicted{.state = state, .residency = os::MeasureResidency(file)};
  evicted.why_not = WhyNotEvicted(evicted.residency);
  if (!evicted.why_not.empty()) {
    Fill(file, state);
    evicted.residency = os::MeasureResidency(file);
    return evicted;
  }
  for (int attempt = 1;; ++attempt) {
    Fill(file, state);
    PreparedCache prepared = Prove(file, state);
    const bool again = state != CacheState::kCold && LacksFew(prepared.residency);
    if (!again || attempt == kAttempts) return prepared;
  }
}

}  // namespace

CacheState ParseCacheState(std::string_view text) {
  if (const auto state = kCacheStateNames.Find(text)) return *state;
  throw UsageError(fmt::format("unknown cache state '{}'; it is one of {}", text,
                               Join(kCacheStateNames.All(), ", ")));
}

PreparedCache Dataset::PrepareCache(CacheState state) const {
  if (state == CacheState::kWritten && geometry().sparse) {
    throw UsageError(
        "a sparse file can't be in cache state 'written', since nothing of it was; "
        "use cold, streamed or paged");
  }
  const auto access =
      state == CacheState::kWritten ? os::FileAccess::kReadWrite : os::FileAccess::kRead;
  const os::File file = OpenOwned(file_.path, LoadManifest(file_.path), access);
  if (state == CacheState::kWritten) {
    os::Evict(file);
    WriteContent(file, geometry(), seed_);
    file.SyncData();
    return Prove(file, state);
  }
  return EvictAndFill(file, state);
}

PreparedCache PrepareStorageCache(const std::filesystem::path& storage, CacheState state) {
  const os::File file = os::File::Open(storage, os::FileAccess::kRead);
  if (state == CacheState::kWritten) {
    file.SyncData();
    return Prove(file, state);
  }
  return EvictAndFill(file, state);
}

}  // namespace faultline
