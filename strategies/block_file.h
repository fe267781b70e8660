// A data file read and written in whole blocks past the system's cache.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <span>
#include <string>

#include "faultline/data_file.h"
#include "faultline/file.h"
#include "faultline/strategy.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"

namespace faultline {

// The file's last page, where the file ends within one, goes through the cache, as a transfer of
// the whole page would make the file longer; with it the block that it lies in. Nothing else is
// ever in the cache because of this object. Transfers may be made from several threads.
class BlockFile {
 public:
  // Whole blocks: bytes [begin, end) of the file, both multiples of the block's size; `end` may lie
  // beyond the file's.
  struct Blocks {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    std::uint64_t size() const { return end - begin; }
  };

  // Throws UsageError when blocks of this size can't be transferred here, UnsupportedError when
  // none can, and what OpenDataFile throws.
  void Open(const DatasetFile& file, std::uint64_t block_bytes) {
    cached_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    direct_ = os::File::OpenDirect(file.path, os::FileAccess::kReadWrite);
    block_bytes_ = block_bytes;
    size_ = file.geometry.file_size();
    direct_end_ = size_ / unit() * unit();
    const std::uint64_t alignment = direct_.DirectAlignment();
    if (block_bytes % alignment != 0) {
      throw UsageError(
          fmt::format("blocks of {} can't be transferred past the cache here; try block={}",
                      FormatSize(block_bytes), FormatSize(alignment)));
    }
  }

  // The blocks that hold the range.
  Blocks Around(std::uint64_t offset, std::uint64_t length) const {
    const std::uint64_t mask = block_bytes_ - 1;
    return {offset & ~mask, (offset + length + mask) & ~mask};
  }

  // Bytes of the buffer that holds the blocks around any record of that size.
  std::uint64_t BufferBytes(std::uint64_t record_bytes) const {
    return Around(block_bytes_ - 1, record_bytes).size();
  }

  // Whether these can be transferred in one direct call.
  bool IsDirect(Blocks blocks) const { return blocks.end <= direct_end_; }

  // `into` is aligned like the blocks and as long. Beyond the file's end it gets zeros.
  void Read(Blocks blocks, std::span<std::byte> into) const {
    const std::uint64_t direct = DirectPart(blocks);
    if (direct != 0) direct_.ReadExactlyAt(blocks.begin, into.first(direct));
    const std::span<std::byte> tail = into.subspan(direct);
    if (tail.empty()) return;
    const std::uint64_t valid = ValidBytes(blocks, direct);
    cached_.ReadExactlyAt(blocks.begin + direct, tail.first(valid));
    std::fill(tail.begin() + static_cast<std::ptrdiff_t>(valid), tail.end(), std::byte{0});
  }

  // Likewise; what lies beyond the file's end is not written.
  void Write(Blocks blocks, std::span<const std::byte> from) const {
    const std::uint64_t direct = DirectPart(blocks);
    if (direct != 0) direct_.WriteAt(blocks.begin, from.first(direct));
    if (direct < from.size()) {
      cached_.WriteAt(blocks.begin + direct, from.subspan(direct, ValidBytes(blocks, direct)));
    }
  }

  // The same from several places in memory, a block in each.
  void Write(Blocks blocks, std::span<const std::span<std::byte>> from) const {
    if (IsDirect(blocks)) {
      direct_.WriteAt(blocks.begin, from);
      return;
    }
    for (std::uint64_t begin = blocks.begin; const std::span<std::byte> block : from) {
      Write({begin, begin + block_bytes_}, block);
      begin += block_bytes_;
    }
  }

  // The unit in bytes, a power of two, in which the file can be given back without a part of it
  // being written through the cache.
  std::uint64_t unit() const { return std::max(block_bytes_, os::PageSize()); }

  // Makes whole units of the file a hole (1 call). REQUIRES: offset and length are multiples of
  // unit(), within the file.
  void Discard(std::uint64_t offset, std::uint64_t length) const {
    direct_.Discard(offset, length);
  }

  // Returns when everything written is on stable storage.
  void Sync() const { direct_.SyncData(); }

  void Close() {
    direct_.Close();
    cached_.Close();
  }

  std::uint64_t block_bytes() const { return block_bytes_; }
  std::uint64_t size() const { return size_; }
  const os::File& direct() const { return direct_; }

 private:
  std::uint64_t DirectPart(Blocks blocks) const {
    return std::min(blocks.end, std::max(blocks.begin, direct_end_)) - blocks.begin;
  }

  // From `at` in the blocks to their end or the file's.
  std::uint64_t ValidBytes(Blocks blocks, std::uint64_t at) const {
    return std::min(blocks.end, size_) - (blocks.begin + at);
  }

  os::File direct_;
  os::File cached_;
  std::uint64_t block_bytes_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t direct_end_ = 0;  // where blocks begin that only the cache can transfer
};

// The option `block` of strategies that use one.
inline OptionInfo BlockOption() {
  return {.name = "block",
          .kind = OptionKind::kSize,
          .default_value = "4KiB",
          .summary = "bytes of a transferred block, a power of two",
          .minimum = 512,
          .maximum = static_cast<double>(Operation::kMaximumLength)};
}

// Its value. Throws UsageError for one that is no power of two.
inline std::uint64_t BlockBytes(const Options& options) {
  const std::uint64_t bytes = options.Size("block");
  if (!std::has_single_bit(bytes)) {
    throw UsageError(fmt::format("block={} is no power of two; try block={}", bytes,
                                 FormatSize(std::bit_floor(bytes))));
  }
  return bytes;
}

}  // namespace faultline
