// The unit of every workload: one access to a range of the data file, in 8 bytes.
#pragma once

#include <cstdint>

namespace faultline {

enum class OperationKind : std::uint8_t {
  kRead,    // look at every byte of the range
  kUpdate,  // change a field in place: read the range, change it, write it
  kWrite,   // replace the range without looking at it
  kFlush,   // make everything written so far durable; offset and length mean nothing
};

class Operation {
 public:
  static constexpr std::uint64_t kMaximumLength = std::uint64_t{1} << 22;    // 4 MiB
  static constexpr std::uint64_t kMaximumFileSize = std::uint64_t{1} << 40;  // 1 TiB

  constexpr Operation() = default;

  // REQUIRES: offset < kMaximumFileSize, 1 ≤ length ≤ kMaximumLength (bytes both).
  constexpr Operation(OperationKind kind, std::uint64_t offset, std::uint64_t length)
      : packed_(offset | (length - 1) << 40 | static_cast<std::uint64_t>(kind) << 62) {}

  constexpr OperationKind kind() const { return static_cast<OperationKind>(packed_ >> 62); }
  constexpr std::uint64_t offset() const { return packed_ & (kMaximumFileSize - 1); }
  constexpr std::uint64_t length() const { return (packed_ >> 40 & (kMaximumLength - 1)) + 1; }

  constexpr bool operator==(const Operation&) const = default;

 private:
  std::uint64_t packed_ = 0;
};

static_assert(sizeof(Operation) == 8);

}  // namespace faultline
