// Sessions of a pool whose pages are in frames: one by itself, or several.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

#include "faultline/strategy.h"
#include "faultline/synchronous.h"
#include "strategies/lookahead.h"
#include "strategies/paged_access.h"
#include "strategies/pool_part.h"

namespace faultline {

// A pool has what PagesOf asks for, and
//   frames()        its PoolFrames
//   PartOf(number)  the PoolPart that the page belongs to
//   IsShared()      whether it has several sessions

// The pages as PagedAccess wants them, for the only session of a pool.
//
// What a page takes that is in its frame is in line, and nothing else: the fewer instructions a
// record takes, the more records' cache misses overlap.
template <class Pool>
class OwnPages : public PagesOf<Pool> {
 public:
  explicit OwnPages(Pool& pool)
      : PagesOf<Pool>(pool),
        search_(pool.frames().table.search()),
        states_(pool.frames().states.data()),
        page_bytes_(pool.frames().page_bytes),
        frame_0_(reinterpret_cast<std::uintptr_t>(pool.frames().memory.data()) - page_bytes_) {}

  template <class Visit>
  [[gnu::always_inline]] void With(std::uint64_t number, PageUse use, Visit&& visit) const {
    std::uint32_t index = search_.FindAtHome(number);
    // One comparison for a page that was not found, and one that isn't known to be used so yet:
    // frame 0, which there isn't, is never used.
    if ((states_[index] & StateFor(use)) != StateFor(use)) [[unlikely]]
      index = UsedFrame(this->pool_, number, use);
    visit(reinterpret_cast<std::byte*>(frame_0_ + index * page_bytes_));
  }

  // An address to prefetch: the page's, if the first bucket of a search has it; else frame 0's,
  // where no page is.
  const std::byte* Peek(std::uint64_t number) const {
    return reinterpret_cast<const std::byte*>(frame_0_ + search_.FindAtHome(number) * page_bytes_);
  }

 private:
  // Takes no `this`: an object whose address is not taken stays in registers.
  [[gnu::noinline]] static std::uint32_t UsedFrame(Pool* pool, std::uint64_t number, PageUse use) {
    return pool->PartOf(number).Use(number, use);
  }

  SlotSearch search_;
  const FrameState* states_;
  std::uint64_t page_bytes_;
  std::uintptr_t frame_0_;  // where it would be
};

// Asks the processor for records whose pages are in frames, for Lookahead.
template <class Pool>
class PrefetchFrames {
 public:
  explicit PrefetchFrames(Pool& pool)
      : pool_(&pool), own_(pool), page_shift_(std::countr_zero(own_.page_bytes())) {}

  void operator()(const Operation& operation) const {
    const std::uint64_t number = operation.offset() >> page_shift_;
    const std::byte* page = nullptr;
    if (pool_->IsShared()) {
      const std::lock_guard lock(pool_->PartOf(number).lock());
      page = own_.Peek(number);
    } else {
      page = own_.Peek(number);
    }
    PrefetchLines(page + (operation.offset() & (own_.page_bytes() - 1)), operation);
  }

 private:
  Pool* pool_;
  OwnPages<Pool> own_;
  int page_shift_;
};

template <class Pool>
class PoolSession final : public Session {
 public:
  // The buffer has room for a record, and outlives this.
  PoolSession(Pool& pool, std::span<std::byte> buffer)
      : pool_(&pool), own_(OwnPages<Pool>(pool), buffer), shared_(PagesOf<Pool>(pool), buffer) {}

  // No session is made meanwhile.
  void Execute(const Batch& batch, Observer& observer) override {
    if (pool_->IsShared()) {
      shared_.Execute(batch, observer);
    } else {
      own_.Execute(batch, observer);
    }
    read_checksum_ = own_.read_checksum() + shared_.read_checksum();
  }

 private:
  Pool* pool_;
  Synchronous<PagedAccess<OwnPages<Pool>>> own_;
  Synchronous<PagedAccess<PagesOf<Pool>>> shared_;
};

}  // namespace faultline
