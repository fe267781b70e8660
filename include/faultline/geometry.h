// The shape of a record file.
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

}  // namespace faultline
