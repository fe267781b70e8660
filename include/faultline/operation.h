// The unit of every workload: one access to a range of the data file, in 8 bytes.
#pragma once

#include <cstdint>

namespace faultline {

enum class OperationKind : std::uint8_t {
  kRead,     // load every byte of the range
  kUpdate,   // change a field in place: read the range, change it, write it
  kWrite,    // replace the range without reading it
  kDiscard,  // make every byte of the range zero, and give its storage back where that is possible
  kFlush,    // make everything changed so far durable; offset and length mean nothing
};

class Operation {
 public:
  static constexpr std::uint64_t kMaximumLength = std::uint64_t{1} << 22;    // 4 MiB
  static constexpr std::uint64_t kMaximumFileSize = std::uint64_t{1} << 40;  // 1 TiB

  constexpr Operation() = default;

  // REQUIRES: offset < kMaximumFileSize, 1 ≤ length ≤ kMaximumLength (bytes both), and offset +
  // length ≤ kMaximumFileSize for a discard.
  constexpr Operation(OperationKind kind, std::uint64_t offset, std::uint64_t length)
      : packed_(kind == OperationKind::kFlush
                    ? kPackedFlush
                    : offset | (length - 1) << 40 | static_cast<std::uint64_t>(kind) << 62) {}

  constexpr OperationKind kind() const {
    return static_cast<OperationKind>((packed_ >> 62) + (packed_ == kPackedFlush ? 1 : 0));
  }

  // kind() == wanted, for the loops that run under the clock: one shift and one comparison for
  // reads, updates and writes.
  constexpr bool Is(OperationKind wanted) const {
    return wanted < OperationKind::kDiscard ? packed_ >> 62 == static_cast<std::uint64_t>(wanted)
                                            : kind() == wanted;
  }
  // Whether kind and length are the other's.
  constexpr bool HasShapeOf(const Operation& other) const {
    // A flush differs from a discard of the largest length by its offset alone.
    return (packed_ ^ other.packed_) < kMaximumFileSize &&
           (packed_ == kPackedFlush) == (other.packed_ == kPackedFlush);
  }
  // Whether bytes of the range may be others afterwards.
  constexpr bool IsChange() const {
    return kind() != OperationKind::kRead && kind() != OperationKind::kFlush;
  }

  constexpr std::uint64_t offset() const { return packed_ & (kMaximumFileSize - 1); }
  constexpr std::uint64_t length() const { return (packed_ >> 40 & (kMaximumLength - 1)) + 1; }

  constexpr bool operator==(const Operation&) const = default;

 private:
  // Two bits are four kinds. A flush is what no discard can be: one that begins with the last byte
  // of the largest file and ends beyond it.
  static constexpr std::uint64_t kPackedFlush = ~std::uint64_t{0};

  std::uint64_t packed_ = 0;
};

static_assert(sizeof(Operation) == 8);

}  // namespace faultline
