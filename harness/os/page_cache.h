// The system's cache of file pages: what of a file is in it, and how to empty and fill it without
// special rights.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "faultline/file.h"

namespace faultline::os {

// Pages of a range of a file. A figure that this system can't tell is absent.
struct Residency {
  std::uint64_t total_pages = 0;
  std::uint64_t cached_pages = 0;
  std::optional<std::uint64_t> dirty_pages;  // all pages of a large folio with a dirty one
  std::optional<std::uint64_t> writeback_pages;
  std::string_view source;  // the system call: "cachestat" or "mincore"
};

enum class ResidencySource { kBest, kCachestat, kMincore };

// `length` 0 means to the end of the file. kBest falls back from cachestat to mincore; asking for
// one that is missing throws UnsupportedError. mincore needs a temporary view, and can't tell dirty
// pages.
Residency MeasureResidency(const File& file, std::uint64_t offset = 0, std::uint64_t length = 0,
                           ResidencySource source = ResidencySource::kBest);

// Writes the file's dirty pages to storage and asks the system to drop all of its pages. Returns
// what is left, which is not 0 when a process still maps the file, and on file systems that live in
// memory.
Residency Evict(const File& file);

// Fills the cache by reading the whole file in calls of `block_bytes`; with `one_by_one` every
// block comes into the cache by itself, without read-ahead.
void FillByReading(const File& file, std::uint64_t block_bytes, bool one_by_one);

}  // namespace faultline::os
