#include "harness/trace/touched_ranges.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace faultline {
namespace {

constexpr std::uint64_t kMostUnit = std::uint64_t{1} << 62;

FileRange InUnits(FileRange range, std::uint64_t unit) {
  const std::uint64_t mask = unit - 1;
  return {range.begin & ~mask, (range.end + mask) & ~mask};
}

}  // namespace

void TouchedRanges::Add(std::uint32_t file, FileRange range) {
  if (files_.size() < file) files_.resize(file);
  Insert(files_[file - 1], InUnits(range, unit_));
  // Of many files each may have one range, which no unit makes fewer.
  while (count_ > kMostRanges + files_.size() && unit_ < kMostUnit) Coarsen();
}

void TouchedRanges::Insert(Ranges& ranges, FileRange range) {
  auto at = ranges.upper_bound(range.begin);
  if (at != ranges.begin()) {
    const auto before = std::prev(at);
    if (before->second >= range.end) return;
    if (before->second >= range.begin) at = before;
  }
  // All that it overlaps or meets becomes one with it.
  while (at != ranges.end() && at->first <= range.end) {
    range.begin = std::min(range.begin, at->first);
    range.end = std::max(range.end, at->second);
    at = ranges.erase(at);
    --count_;
  }
  ranges.emplace_hint(at, range.begin, range.end);
  ++count_;
}

void TouchedRanges::Coarsen() {
  unit_ *= 2;
  for (Ranges& ranges : files_) {
    const Ranges finer = std::exchange(ranges, {});
    count_ -= finer.size();
    for (const auto& [begin, end] : finer) Insert(ranges, InUnits({begin, end}, unit_));
  }
}

std::vector<FileRange> TouchedRanges::RangesOf(std::uint32_t file, std::uint64_t unit) const {
  std::vector<FileRange> ranges;
  if (file > files_.size()) return ranges;
  for (const auto& [begin, end] : files_[file - 1]) {
    const FileRange range = InUnits({begin, end}, unit);
    if (!ranges.empty() && ranges.back().end >= range.begin) {
      ranges.back().end = std::max(ranges.back().end, range.end);
    } else {
      ranges.push_back(range);
    }
  }
  return ranges;
}

std::uint64_t TouchedRanges::Bytes(std::uint64_t unit) const {
  std::uint64_t bytes = 0;
  for (std::size_t file = 0; file < files_.size(); ++file) {
    for (const FileRange& range : RangesOf(static_cast<std::uint32_t>(file + 1), unit)) {
      bytes += range.end - range.begin;
    }
  }
  return bytes;
}

}  // namespace faultline
