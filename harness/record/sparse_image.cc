// A bitmap of blocks with ranks, and the memory of those that are marked.
#include "harness/record/sparse_image.h"

#include <algorithm>
#include <bit>

#include "harness/record/execute.h"

namespace faultline {
namespace {

constexpr std::uint64_t kLeastBlockBytes = 4096;
constexpr std::uint64_t kMostBlocks = std::uint64_t{1} << 24;

std::uint64_t DivideUp(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0); }

}  // namespace

BlockMap::BlockMap(const Geometry& geometry) {
  const std::uint64_t size = geometry.file_size();
  const std::uint64_t wanted = std::max(kLeastBlockBytes, DivideUp(size, kMostBlocks));
  block_bytes_ = DivideUp(wanted, geometry.record_size) * geometry.record_size;
  blocks_ = DivideUp(size, block_bytes_);
  marks_.resize(DivideUp(blocks_, 64));
}

void BlockMap::Mark(std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return;
  const std::uint64_t end = std::min(blocks_, (offset + length - 1) / block_bytes_ + 1);
  for (std::uint64_t block = offset / block_bytes_; block < end; ++block) {
    marks_[block / 64] |= std::uint64_t{1} << (block % 64);
  }
}

void BlockMap::Number() {
  slots_ = 0;
  marked_before_.clear();
  for (const std::uint64_t word : marks_) {
    marked_before_.push_back(slots_);
    slots_ += static_cast<std::uint64_t>(std::popcount(word));
  }
}

std::uint64_t BlockMap::Slot(std::uint64_t block) const {
  const std::uint64_t below = (std::uint64_t{1} << (block % 64)) - 1;
  return marked_before_[block / 64] +
         static_cast<std::uint64_t>(std::popcount(marks_[block / 64] & below));
}

std::uint64_t BlockMap::NextMarked(std::uint64_t block) const {
  if (block >= blocks_) return blocks_;
  std::uint64_t word = block / 64;
  std::uint64_t marks = marks_[word] & ~std::uint64_t{0} << (block % 64);
  while (marks == 0) {
    if (++word == marks_.size()) return blocks_;
    marks = marks_[word];
  }
  return word * 64 + static_cast<std::uint64_t>(std::countr_zero(marks));
}

SparseImage::SparseImage(const BlockMap& map, std::uint64_t first_slot, std::uint64_t count)
    : map_(map), first_slot_(first_slot), bytes_(count * map.block_bytes()) {}

void SparseImage::Execute(std::span<const Operation> operations, std::uint64_t first_sequence) {
  const std::uint64_t block_bytes = map_.block_bytes();
  read_checksum_ += ExecuteInMemory(
      operations, first_sequence, [&](std::uint64_t offset, std::uint64_t length) -> std::byte* {
        const std::uint64_t block = offset / block_bytes;
        const std::uint64_t within = offset % block_bytes;
        if (block >= map_.blocks() || length > block_bytes - within) [[unlikely]] {
          ThrowStraddling(offset, length);
        }
        if (!map_.IsMarked(block)) return nullptr;
        // A slot before the image wraps around to a huge one.
        const std::uint64_t position = (map_.Slot(block) - first_slot_) * block_bytes;
        return position < bytes_.size() ? bytes_.data() + position + within : nullptr;
      });
}

std::span<const std::byte> SparseImage::Block(std::uint64_t slot) const {
  return std::span(bytes_).subspan((slot - first_slot_) * map_.block_bytes(), map_.block_bytes());
}

}  // namespace faultline
