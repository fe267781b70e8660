#include "harness/walk/walk_place.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/os/object_pages.h"

namespace faultline {
namespace {

// The walk's own, so that no trial's data file has the same name and is removed with it.
constexpr std::uint64_t kWalkSeed = 19930209;

}  // namespace

WalkPlace::WalkPlace(const std::filesystem::path& directory)
    : directory_(directory), places_(directory) {}

WalkPlace::~WalkPlace() {
  if (!dataset_) return;
  try {
    Dataset::Remove(dataset_->file().path);
  } catch (const std::exception&) {
    // The next walk uses it, and tries again.
  }
}

std::filesystem::path WalkPlace::MakeFile(std::uint64_t bytes, std::string& note) {
  const Geometry geometry = {.records = bytes / os::PageSize(), .record_size = os::PageSize()};
  dataset_ = Dataset::Prepare(directory_, geometry, kWalkSeed);
  const PreparedCache cache = dataset_->PrepareCache(CacheState::kCold);
  note = cache.proved ? "" : fmt::format("The file is not cold: {}.", cache.why_not);
  return dataset_->file().path;
}

std::string EvictFile(const std::filesystem::path& path) {
  const os::File file = os::File::Open(path, os::FileAccess::kRead, /*follow_links=*/true);
  os::Evict(file);
  const auto pages =
      os::ReadObjectPages(os::FileMapping::FromFile(file, os::Protection::kReadOnly));
  if (!pages) {
    return "Only the file's owner and those who may write it can see which of its pages are in "
           "memory.";
  }
  const auto left = std::count_if(pages->begin(), pages->end(),
                                  [](const os::ObjectPage& page) { return page.cached; });
  if (left == 0) return "";
  return fmt::format(
      "The file is not cold: {} of {} pages stayed in memory: a process maps them, or the file "
      "system lives there.",
      FormatCount(static_cast<std::uint64_t>(left)), FormatCount(pages->size()));
}

}  // namespace faultline
