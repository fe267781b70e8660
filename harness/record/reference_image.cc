// A window of the data file in plain memory.
#include "harness/record/reference_image.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/record/dataset.h"
#include "harness/record/execute.h"

namespace faultline {

void ThrowStraddling(std::uint64_t offset, std::uint64_t length) {
  throw Error(
      fmt::format("can't verify: the plan's operation on {} bytes at offset {} reaches into "
                  "another record; the workload must keep each operation within one record",
                  length, offset));
}

ReferenceImage::ReferenceImage(const Geometry& geometry, std::uint64_t seed,
                               std::uint64_t first_record, std::uint64_t count)
    : first_offset_(first_record * geometry.record_size), memory_(count * geometry.record_size) {
  memory_.PreferLargePages();  // or the faults of a window take longer than all the rest
  FillContent(geometry, seed, first_offset_, memory_.bytes());
}

void ReferenceImage::Execute(std::span<const Operation> operations, std::uint64_t first_sequence) {
  const std::uint64_t first = first_offset_;
  const std::uint64_t size = memory_.size();
  std::byte* const memory = memory_.data();
  read_checksum_ += ExecuteInMemory(operations, first_sequence,
                                    [=](std::uint64_t offset, std::uint64_t length) -> std::byte* {
                                      // One comparison for both ends: an offset before the window
                                      // wraps around to a huge one.
                                      const std::uint64_t relative = offset - first;
                                      if (relative < size) [[likely]] {
                                        if (length > size - relative) [[unlikely]]
                                          ThrowStraddling(offset, length);
                                        return memory + relative;
                                      }
                                      if (offset < first && length > first - offset) [[unlikely]]
                                        ThrowStraddling(offset, length);
                                      return nullptr;
                                    });
}

}  // namespace faultline
