// Which ranges of files a trace accesses, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "harness/trace/file_ends.h"

namespace faultline {

// Ranges of whole units, apart from each other. The unit is as small as the number of ranges
// allows: it begins with kLeastUnit and grows when there are more than kMostRanges besides one of
// each file.
class TouchedRanges {
 public:
  static constexpr std::uint64_t kLeastUnit = 512;
  static constexpr std::size_t kMostRanges = std::size_t{1} << 18;

  // REQUIRES: file ≥ 1, and the range isn't empty and ends at 2⁶² at most.
  void Add(std::uint32_t file, FileRange range);

  std::uint64_t unit() const { return unit_; }

  // The file's ranges, in order, in units of `unit` bytes; a power of two, and unit() at least.
  std::vector<FileRange> RangesOf(std::uint32_t file, std::uint64_t unit) const;

  // Bytes of all ranges of all files, in such units.
  std::uint64_t Bytes(std::uint64_t unit) const;

 private:
  using Ranges = std::map<std::uint64_t, std::uint64_t>;  // ends by beginnings

  void Insert(Ranges& ranges, FileRange range);
  void Coarsen();

  std::vector<Ranges> files_;  // by number - 1
  std::size_t count_ = 0;
  std::uint64_t unit_ = kLeastUnit;
};

}  // namespace faultline
