// A range of a trace's file as pieces of the data file's blocks, one after another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "harness/trace/replay.h"

namespace faultline {

// A piece of one block of the data file.
struct ReplayPiece {
  std::uint64_t offset = 0;  // in the data file, bytes
  std::uint64_t length = 0;
};

class ReplayCursor {
 public:
  explicit ReplayCursor(std::uint64_t block) : block_(block) {}

  // Begins with what the data file has of a range. `region` outlives this.
  void Set(const ReplayLayout::Region& region, FileRange range) {
    region_ = &region;
    left_ = range;
    const auto behind = std::upper_bound(
        region.parts.begin(), region.parts.end(), range.begin,
        [](std::uint64_t at, const ReplayLayout::Part& part) { return at < part.range.begin; });
    part_ = behind == region.parts.begin() ? behind : std::prev(behind);
    SkipGaps();
  }

  void Clear() { region_ = nullptr; }

  bool empty() const { return region_ == nullptr; }

  // Whether the data file has all of a range in one part. REQUIRES: nothing of it was taken yet.
  bool Has(FileRange range) const {
    return !empty() && part_->range.begin <= range.begin && part_->range.end >= range.end;
  }

  // REQUIRES: !empty().
  ReplayPiece Next() {
    const std::uint64_t offset = part_->begin + (left_.begin - part_->range.begin);
    const std::uint64_t length = std::min(
        {block_ - offset % block_, left_.end - left_.begin, part_->range.end - left_.begin});
    left_.begin += length;
    SkipGaps();
    return {offset, length};
  }

 private:
  // To the next byte of the range that the data file has; empty if there is none.
  void SkipGaps() {
    while (part_ != region_->parts.end() && part_->range.end <= left_.begin) ++part_;
    if (part_ != region_->parts.end()) left_.begin = std::max(left_.begin, part_->range.begin);
    if (part_ == region_->parts.end() || left_.begin >= left_.end) Clear();
  }

  std::uint64_t block_;
  const ReplayLayout::Region* region_ = nullptr;
  std::vector<ReplayLayout::Part>::const_iterator part_;
  FileRange left_;
};

}  // namespace faultline
