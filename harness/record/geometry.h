// The shape of a record file, and how it is shared out.
#pragma once

#include <cstdint>

namespace faultline {

// `records` records of `record_size` bytes, one after another from offset 0, with nothing before,
// between or after.
struct Geometry {
  std::uint64_t records = 0;
  std::uint64_t record_size = 0;
  bool sparse =
      false;  // the file begins as one hole, read as zeros, instead of being filled with content

  std::uint64_t file_size() const { return records * record_size; }  // bytes
  bool operator==(const Geometry&) const = default;
};

// Throws UsageError unless both counts are positive, a record fits one operation, and the file fits
// an Operation's offset (Operation::kMaximumFileSize).
void CheckGeometry(const Geometry& geometry);

// One worker's contiguous part of the records: share `index` of `count`. Shares are disjoint, cover
// all records, and differ by at most one record.
struct Share {
  std::uint64_t index = 0;
  std::uint64_t count = 1;

  std::uint64_t FirstRecord(const Geometry& geometry) const;
  std::uint64_t Records(const Geometry& geometry) const;
};

}  // namespace faultline
