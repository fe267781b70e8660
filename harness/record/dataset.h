// The data file of a trial: made by Faultline, filled with content that can be recognized, reused
// between trials and runs, and never confused with a foreign file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "faultline/data_file.h"
#include "faultline/error.h"
#include "harness/base/enum_names.h"
#include "harness/os/page_cache.h"

namespace faultline {

// A prepared and proved state of the page cache before a trial.
enum class CacheState {
  kCold,      // nothing of the file resident
  kStreamed,  // filled by large sequential reads
  kPaged,     // filled page by page, without read-ahead
  kWritten,   // as the writer of the file left it, with large writes
};

inline constexpr EnumNames<CacheState> kCacheStateNames{"cold", "streamed", "paged", "written"};
inline std::string_view CacheStateName(CacheState state) { return kCacheStateNames(state); }
CacheState ParseCacheState(std::string_view text);  // throws UsageError for anything else

// What PrepareCache found when it was done.
struct PreparedCache {
  CacheState state = CacheState::kCold;
  os::Residency residency;
  // No page is dirty. cold: none is resident. streamed, paged: none was after eviction, and all
  // are. written: all are.
  bool proved = false;
  std::string why_not;  // one line, when it isn't
};

// Brings the pages of a strategy's own storage to `state`, and proves it. kWritten leaves them as
// who filled the storage left them, synced. Throws Error.
PreparedCache PrepareStorageCache(const std::filesystem::path& storage, CacheState state);

// Fills `into` with what the untouched file holds from `offset` on: each aligned 64-bit word is a
// mix of the seed and its position, so it is incompressible and says where it belongs. A sparse
// file holds zeros.
void FillContent(const Geometry& geometry, std::uint64_t seed, std::uint64_t offset,
                 std::span<std::byte> into);

// Thrown by Dataset::Prepare when it was told not to go on.
class PreparationStopped final : public Error {
 public:
  using Error::Error;
};

// A data file on disk with the manifest beside it that proves it is Faultline's own: `NAME.data`
// and `NAME.manifest`, where the manifest names geometry, seed and the file's identity (device and
// inode). A file whose manifest is missing, unreadable, or names another file is foreign: every
// function here refuses it with an Error, leaving it untouched.
class Dataset {
 public:
  // Uses the dataset of this geometry and seed in `directory` (created if need be), or builds it:
  // fully written (unless sparse), synced, without holes. One that was left half-built, or modified
  // by an earlier trial, is repaired. Throws UsageError for a bad geometry, UnsupportedError or
  // Error (with how much is missing) when the disk can't hold it; then nothing is left behind.
  // `go_on`, unless empty, is asked before every piece of 1 MiB or less: when it says no, what was
  // begun is taken away again and PreparationStopped thrown.
  static Dataset Prepare(const std::filesystem::path& directory, const Geometry& geometry,
                         std::uint64_t seed, const std::function<bool()>& go_on = {});

  // The dataset that Prepare made ready, without looking at its content: for another process of the
  // same run. Throws Error when it isn't there, isn't ready, or isn't Faultline's.
  static Dataset Attach(const std::filesystem::path& directory, const Geometry& geometry,
                        std::uint64_t seed);

  // Removes a dataset that Prepare made. Refuses what isn't one.
  static void Remove(const std::filesystem::path& data_file);

  const DatasetFile& file() const { return file_; }
  const Geometry& geometry() const { return file_.geometry; }
  std::uint64_t seed() const { return seed_; }

  // Puts every byte that differs from the untouched content back, and syncs. Returns the bytes
  // rewritten.
  std::uint64_t Repair() const { return Repair({}); }

  // Whether every byte is as FillContent says.
  bool IsPristine() const;

  // Brings the page cache to `state`, and proves it.
  PreparedCache PrepareCache(CacheState state) const;

 private:
  Dataset(const std::filesystem::path& directory, const Geometry& geometry, std::uint64_t seed);

  std::uint64_t Repair(const std::function<void()>& before_each) const;

  DatasetFile file_;
  std::uint64_t seed_;
};

}  // namespace faultline
