// How far the files of a trace reach as its events go, so that truncations and discards are known
// by what they take away.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/trace/event.h"

namespace faultline {

// Bytes [begin, end) of a file.
struct FileRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  bool empty() const { return begin == end; }
};

// A file ends behind the last byte that it had at first or that was accessed, and where a
// truncation has put its end since. One that grew by a truncation holds zeros there, which cutting
// them off again leaves: such growth doesn't count. Memory: 8 bytes a file.
class FileEnds {
 public:
  // The next file begins with this many bytes; 0 where that isn't known.
  void Add(std::uint64_t size_bytes) { ends_.push_back(size_bytes); }

  std::size_t size() const { return ends_.size(); }

  // Takes in the next event. Returns what it makes zeros of what its file has: an empty range for
  // all but truncations and discards. REQUIRES: the event's file was added, unless it is kAllFiles.
  FileRange Next(const TraceEvent& event) {
    if (event.kind == EventKind::kTruncate) {
      std::uint64_t& end = ends_[event.file - 1];
      if (event.offset >= end) return {};
      return {event.offset, std::exchange(end, event.offset)};
    }
    if (event.kind == EventKind::kDiscard) {
      const std::uint64_t end = std::min(ends_[event.file - 1], event.offset + event.length);
      return event.offset < end ? FileRange{event.offset, end} : FileRange{};
    }
    if (IsAccess(event.kind) && event.length > 0) {
      std::uint64_t& end = ends_[event.file - 1];
      end = std::max(end, event.offset + event.length);
    }
    return {};
  }

 private:
  std::vector<std::uint64_t> ends_;
};

}  // namespace faultline
