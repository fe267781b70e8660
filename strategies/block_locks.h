// Locks on blocks of a file, for sessions whose records share blocks.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "strategies/block_file.h"
#include "strategies/short_lock.h"

namespace faultline {

// A session that changes a part of a block writes all of it, so no other may change another part
// meanwhile. Only the first and the last block of a range can be shared: those within belong to one
// record. Blocks share locks, of which there is a fixed number. No thread owns a lock: another one
// than the locker may release it.
class BlockLocks {
 public:
  // The two locks of a range, in the order in which they are taken; they may be the same.
  struct Pair {
    std::size_t first = 0;
    std::size_t second = 0;
  };

  Pair Of(BlockFile::Blocks blocks, std::uint64_t block_bytes) const {
    const std::size_t first = blocks.begin / block_bytes % kLocks;
    const std::size_t last = (blocks.end / block_bytes - 1) % kLocks;
    return {std::min(first, last), std::max(first, last)};
  }

  void Lock(Pair pair) {
    locks_[pair.first].lock();
    if (pair.second != pair.first) locks_[pair.second].lock();
  }

  // Without waiting: whether both were free and are held now.
  bool TryLock(Pair pair) {
    if (!locks_[pair.first].try_lock()) return false;
    if (pair.second == pair.first || locks_[pair.second].try_lock()) return true;
    locks_[pair.first].unlock();
    return false;
  }

  void Unlock(Pair pair) {
    if (pair.second != pair.first) locks_[pair.second].unlock();
    locks_[pair.first].unlock();
  }

 private:
  static constexpr std::size_t kLocks = 4096;

  std::array<ShortLock, kLocks> locks_;
};

// Holds a pair as long as it lives.
class HeldBlocks {
 public:
  HeldBlocks(BlockLocks& locks, BlockLocks::Pair pair) : locks_(locks), pair_(pair) {
    locks_.Lock(pair_);
  }
  HeldBlocks(const HeldBlocks&) = delete;
  HeldBlocks& operator=(const HeldBlocks&) = delete;
  ~HeldBlocks() { locks_.Unlock(pair_); }

 private:
  BlockLocks& locks_;
  BlockLocks::Pair pair_;
};

}  // namespace faultline
