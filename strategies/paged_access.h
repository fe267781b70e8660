// Access to records in pages that a pool holds one at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "faultline/discard.h"
#include "faultline/effect.h"

namespace faultline {

// How a pool uses a page.
enum class PageUse { kLook, kChange };

// Buffers for the records of a pool's sessions, all of which it keeps.
class RecordBuffers {
 public:
  std::span<std::byte> New(std::uint64_t bytes) {
    return {buffers_.emplace_back(std::make_unique<std::byte[]>(bytes)).get(), bytes};
  }

  void Clear() { buffers_.clear(); }

 private:
  std::vector<std::unique_ptr<std::byte[]>> buffers_;
};

// What a session uses of a pool is small enough to be copied, with
//   page_bytes()              a power of two
//   With(number, use, visit)  calls visit(std::byte* page) with the page in memory, which no other
//                             session touches meanwhile; after a change it is written back later
//   discard_bytes()           a power of two, not less than page_bytes()
//   Discard(offset, length)   makes a range of the file a hole, and its pages zero, which no other
//                             session uses meanwhile; both are multiples of discard_bytes()
//   Flush()                   returns when all changes are on stable storage
// all of them for several threads. A record in several pages is put together in a buffer: no other
// session uses its bytes, so its pages need not be held at the same time.
//
// Of a pool that has all of this itself, with DiscardPages for Discard:
template <class Pool>
class PagesOf {
 public:
  explicit PagesOf(Pool& pool) : pool_(&pool) {}

  std::uint64_t page_bytes() const { return pool_->page_bytes(); }

  template <class Visit>
  [[gnu::always_inline]] void With(std::uint64_t number, PageUse use, Visit&& visit) const {
    pool_->With(number, use, visit);
  }

  std::uint64_t discard_bytes() const { return pool_->discard_bytes(); }
  void Discard(std::uint64_t offset, std::uint64_t length) const {
    pool_->DiscardPages(offset, length);
  }

  void Flush() const { pool_->Flush(); }

 protected:
  Pool* pool_;
};

template <class Pages>
class PagedAccess {
 public:
  // The buffer has room for a record, and outlives this.
  PagedAccess(Pages pages, std::span<std::byte> buffer)
      : pages_(pages),
        page_shift_(std::countr_zero(pages.page_bytes())),
        page_bytes_(pages.page_bytes()),
        buffer_(buffer) {}

  template <class Visit>
  [[gnu::always_inline]] void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    if (!IsInOnePage(offset, length)) [[unlikely]] {
      CopyOut(*this, offset, length);
      visit(std::span<const std::byte>(buffer_.first(length)));
      return;
    }
    pages_.With(offset >> page_shift_, PageUse::kLook, [&](std::byte* page) {
      visit(std::span<const std::byte>(page + Within(offset), length));
    });
  }

  // In the page of what is changed alone: a record put together from two and taken apart again
  // holds up whatever comes after it, since the change waits for the copy, which waits for all
  // before it.
  template <class Mutate>
  [[gnu::always_inline]] void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const std::uint64_t changed = std::min<std::uint64_t>(length, kUpdatedBytes);
    if (!IsInOnePage(offset, changed)) [[unlikely]] {
      CopyOut(*this, offset, changed);
      mutate(buffer_.first(changed));
      CopyBack(*this, offset, changed);
      return;
    }
    ChangeInPlace(offset, changed, mutate);
  }

  template <class Produce>
  [[gnu::always_inline]] void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    if (!IsInOnePage(offset, length)) [[unlikely]] {
      produce(buffer_.first(length));
      CopyBack(*this, offset, length);
      return;
    }
    ChangeInPlace(offset, length, produce);
  }

  void Discard(const DiscardRun& run) {
    DiscardWholeUnits(
        *this, run.offset, run.length, pages_.discard_bytes(), buffer_.size(),
        [this](std::uint64_t offset, std::uint64_t length) { pages_.Discard(offset, length); });
  }

  void Flush() { pages_.Flush(); }

 private:
  std::uint64_t Within(std::uint64_t offset) const { return offset & (page_bytes_ - 1); }

  bool IsInOnePage(std::uint64_t offset, std::uint64_t length) const {
    return Within(offset) + length <= page_bytes_;
  }

  // REQUIRES: the record is in one page.
  template <class Change>
  [[gnu::always_inline]] void ChangeInPlace(std::uint64_t offset, std::uint64_t length,
                                            Change&& change) {
    pages_.With(offset >> page_shift_, PageUse::kChange, [&](std::byte* page) {
      change(std::span<std::byte>(page + Within(offset), length));
    });
  }

  // Calls visit(page, bytes before the part in the record, length of the part) for each page.
  template <class Visit>
  void ForEachPart(std::uint64_t offset, std::uint64_t length, PageUse use, Visit&& visit) {
    for (std::uint64_t done = 0; done < length;) {
      const std::uint64_t within = Within(offset + done);
      const std::uint64_t here = std::min(length - done, page_bytes_ - within);
      pages_.With((offset + done) >> page_shift_, use,
                  [&](std::byte* page) { visit(page + within, done, here); });
      done += here;
    }
  }

  // Both take a copy: its address is known nowhere else, so it stays in registers.
  [[gnu::noinline]] static void CopyOut(PagedAccess access, std::uint64_t offset,
                                        std::uint64_t length) {
    access.ForEachPart(offset, length, PageUse::kLook,
                       [&](const std::byte* part, std::uint64_t at, std::uint64_t bytes) {
                         std::memcpy(access.buffer_.data() + at, part, bytes);
                       });
  }

  [[gnu::noinline]] static void CopyBack(PagedAccess access, std::uint64_t offset,
                                         std::uint64_t length) {
    access.ForEachPart(offset, length, PageUse::kChange,
                       [&](std::byte* part, std::uint64_t at, std::uint64_t bytes) {
                         std::memcpy(part, access.buffer_.data() + at, bytes);
                       });
  }

  Pages pages_;
  int page_shift_;
  std::uint64_t page_bytes_;
  std::span<std::byte> buffer_;
};

}  // namespace faultline
