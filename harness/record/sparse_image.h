// The reference for a sparse file: only the blocks that a plan changes, or that hold data on disk,
// are kept, so that some thousand touches of a 64 GiB file take neither its memory nor its time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "faultline/geometry.h"
#include "faultline/operation.h"

namespace faultline {

// A set of blocks of a file. A block is a run of whole records of about 4 KiB, or as much more as
// keeps the set of a huge file under 4 MiB. Marked blocks are numbered from 0 in the file's order:
// their slots.
class BlockMap {
 public:
  explicit BlockMap(const Geometry& geometry);

  std::uint64_t block_bytes() const { return block_bytes_; }
  std::uint64_t blocks() const { return blocks_; }

  // Marks the blocks of [offset, offset + length); what lies beyond the file is ignored.
  void Mark(std::uint64_t offset, std::uint64_t length);

  // Numbers the marked blocks. To be called between the last Mark and the first use of a slot.
  void Number();

  std::uint64_t slots() const { return slots_; }
  bool IsMarked(std::uint64_t block) const { return marks_[block / 64] >> (block % 64) & 1; }

  // REQUIRES: IsMarked(block).
  std::uint64_t Slot(std::uint64_t block) const;

  // The first marked block ≥ `block`, or blocks().
  std::uint64_t NextMarked(std::uint64_t block) const;

 private:
  std::uint64_t block_bytes_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t slots_ = 0;
  std::vector<std::uint64_t> marks_;
  std::vector<std::uint64_t> marked_before_;  // blocks marked before each word of marks_
};

// The blocks of slots [first_slot, first_slot + count), in plain memory, zeros at first.
class SparseImage {
 public:
  // REQUIRES: `map` is numbered and outlives the image.
  SparseImage(const BlockMap& map, std::uint64_t first_slot, std::uint64_t count);

  // Like ReferenceImage::Execute. Throws Error for an operation that straddles a block's end.
  void Execute(std::span<const Operation> operations, std::uint64_t first_sequence);

  // REQUIRES: the slot is one of the image's.
  std::span<const std::byte> Block(std::uint64_t slot) const;

  // The sum of ReadEffect over all reads that lay in the image's blocks. Reads elsewhere find
  // zeros.
  std::uint64_t read_checksum() const { return read_checksum_; }

 private:
  const BlockMap& map_;
  std::uint64_t first_slot_;
  std::uint64_t read_checksum_ = 0;
  std::vector<std::byte> bytes_;
};

}  // namespace faultline
