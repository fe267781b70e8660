// The reference executor: a window of the data file in plain memory, to which the plan's operations
// are applied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/geometry.h"
#include "harness/os/anonymous_memory.h"
#include "harness/record/plan.h"

namespace faultline {

class ReferenceImage {
 public:
  // The untouched content of records [first, first + count).
  ReferenceImage(const Geometry& geometry, std::uint64_t seed, std::uint64_t first_record,
                 std::uint64_t count);

  // Applies those operations of a batch that lie in the window; `first_sequence` is the number of
  // the first operation in its worker's plan. REQUIRES: no operation straddles the window's ends.
  void Execute(std::span<const Operation> operations, std::uint64_t first_sequence);

  std::span<const std::byte> bytes() const { return memory_.bytes(); }
  std::uint64_t first_offset() const { return first_offset_; }

  // The sum of ReadEffect over all reads that lay in the window.
  std::uint64_t read_checksum() const { return read_checksum_; }

 private:
  std::uint64_t first_offset_;
  std::uint64_t read_checksum_ = 0;
  os::AnonymousMemory memory_;
};

}  // namespace faultline
