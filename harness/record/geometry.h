// Which shapes of a record file are possible, and how its records are shared out among workers.
#pragma once

#include <cstdint>

#include "faultline/geometry.h"

namespace faultline {

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
