// Checks on the shape of a record file, and its division into shares.
#include "harness/record/geometry.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "faultline/operation.h"

namespace faultline {

void CheckGeometry(const Geometry& geometry) {
  if (geometry.records == 0) {
    throw UsageError("a data file needs at least 1 record; give --records a positive number");
  }
  if (geometry.record_size == 0) {
    throw UsageError("a record needs at least 1 byte; give --record-size a positive size");
  }
  if (geometry.record_size > Operation::kMaximumLength) {
    throw UsageError(fmt::format(
        "a record of {} bytes does not fit one operation; give --record-size at most {} (4 MiB)",
        geometry.record_size, Operation::kMaximumLength));
  }
  // Divided rather than multiplied, so that a product past 64 bits can't slip through.
  const std::uint64_t most_records = Operation::kMaximumFileSize / geometry.record_size;
  if (geometry.records > most_records) {
    throw UsageError(fmt::format(
        "{} records of {} bytes exceed the largest data file (1 TiB); give --records at most {}",
        geometry.records, geometry.record_size, most_records));
  }
}

std::uint64_t Share::FirstRecord(const Geometry& geometry) const {
  const std::uint64_t each = geometry.records / count;
  const std::uint64_t one_more = geometry.records % count;  // this many first shares get one extra
  return index * each + std::min(index, one_more);
}

std::uint64_t Share::Records(const Geometry& geometry) const {
  return geometry.records / count + (index < geometry.records % count ? 1 : 0);
}

}  // namespace faultline
