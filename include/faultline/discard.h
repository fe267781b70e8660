// What strategies have in common that execute discards: neighbouring ones as one range, whole units
// of it, and zeros for the rest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/effect.h"
#include "faultline/operation.h"

namespace faultline {

// Discards that follow each other in a plan and in the file.
struct DiscardRun {
  std::uint64_t offset = 0;  // bytes
  std::uint64_t length = 0;
  std::size_t operations = 0;
};

// The longest run at the front. REQUIRES: the first operation is a discard.
inline DiscardRun DiscardsAtFront(std::span<const Operation> operations) {
  DiscardRun run = {.offset = operations.front().offset()};
  for (const Operation& operation : operations) {
    if (operation.kind() != OperationKind::kDiscard) break;
    if (operation.offset() != run.offset + run.length) break;
    run.length += operation.length();
    ++run.operations;
  }
  return run;
}

// Stores zeros in a range by `access.Write`, in pieces of `most_bytes` at most.
template <class Access>
void WriteZeros(Access& access, std::uint64_t offset, std::uint64_t length,
                std::uint64_t most_bytes) {
  while (length > 0) {
    const std::uint64_t piece = std::min(length, most_bytes);
    access.Write(offset, piece, [](std::span<std::byte> bytes) { DiscardEffect(bytes); });
    offset += piece;
    length -= piece;
  }
}

// Discards a range of which only whole units can be given back, a power of two of bytes: calls
// give_back(offset, length) for those, if there are any, and stores zeros around them.
template <class Access, class GiveBack>
void DiscardWholeUnits(Access& access, std::uint64_t offset, std::uint64_t length,
                       std::uint64_t unit_bytes, std::uint64_t most_bytes, GiveBack&& give_back) {
  const std::uint64_t mask = unit_bytes - 1;
  const std::uint64_t end = offset + length;
  const std::uint64_t first = (offset + mask) & ~mask;
  const std::uint64_t last = end & ~mask;
  if (first >= last) {
    WriteZeros(access, offset, length, most_bytes);
    return;
  }
  WriteZeros(access, offset, first - offset, most_bytes);
  give_back(first, last - first);
  WriteZeros(access, last, end - last, most_bytes);
}

}  // namespace faultline
