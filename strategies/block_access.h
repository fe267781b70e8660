// Access to records by transfers of the whole blocks around them, past the system's cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/discard.h"
#include "harness/os/anonymous_memory.h"
#include "strategies/block_file.h"
#include "strategies/block_locks.h"

namespace faultline {

// One call per read; two per update (the blocks are read, changed and written); one per write of
// whole blocks, else two; one for a run of discards, and those of the writes around its whole
// units.
class BlockAccess {
 public:
  // All outlive the access. No operation is longer than `record_bytes`.
  BlockAccess(const BlockFile& file, BlockLocks& locks, std::uint64_t record_bytes)
      : file_(&file),
        locks_(&locks),
        record_bytes_(record_bytes),
        buffer_(file.BufferBytes(record_bytes)) {}

  // Takes no lock: another session that writes the block meanwhile writes these bytes as they are.
  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const BlockFile::Blocks blocks = file_->Around(offset, length);
    file_->Read(blocks, BufferOf(blocks));
    visit(std::span<const std::byte>(buffer_.bytes().subspan(offset - blocks.begin, length)));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const BlockFile::Blocks blocks = file_->Around(offset, length);
    const HeldBlocks held(*locks_, locks_->Of(blocks, file_->block_bytes()));
    file_->Read(blocks, BufferOf(blocks));
    mutate(buffer_.bytes().subspan(offset - blocks.begin, length));
    file_->Write(blocks, BufferOf(blocks));
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const BlockFile::Blocks blocks = file_->Around(offset, length);
    if (blocks.size() != length) {
      Update(offset, length, produce);
      return;
    }
    produce(buffer_.bytes().first(length));
    file_->Write(blocks, BufferOf(blocks));
  }

  // Whole blocks are this session's own, so that they need no lock.
  void Discard(const DiscardRun& run) {
    DiscardWholeUnits(
        *this, run.offset, run.length, file_->unit(), record_bytes_,
        [this](std::uint64_t offset, std::uint64_t length) { file_->Discard(offset, length); });
  }

  void Flush() { file_->Sync(); }

 private:
  std::span<std::byte> BufferOf(BlockFile::Blocks blocks) const {
    return buffer_.bytes().first(blocks.size());
  }

  const BlockFile* file_;
  BlockLocks* locks_;
  std::uint64_t record_bytes_;
  os::AnonymousMemory buffer_;  // begins with a page, as direct transfers want it
};

}  // namespace faultline
