// Access to records in pages that a pool holds one at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "strategies/discard.h"

namespace faultline {

// How a pool uses a page.
enum class PageUse { kLook, kChange };

// A pool has
//   page_bytes()              a power of two
//   With(number, use, visit)  calls visit(std::byte* page) with the page in memory, which nobody
//                             else touches meanwhile; it is written back some day after a change
//   discard_bytes()           a power of two, not less than page_bytes()
//   Discard(offset, length)   makes a range of the file a hole, and its pages zero, which nobody
//                             else uses meanwhile; both are multiples of discard_bytes()
//   Flush()                   returns when all changes are on stable storage
// all of them for several threads. A record in several pages is put together in a buffer: its bytes
// are nobody else's, so its pages need not be held at the same time.
template <class Pool>
class PagedAccess {
 public:
  PagedAccess(Pool& pool, std::uint64_t record_bytes)
      : pool_(&pool),
        page_shift_(std::countr_zero(pool.page_bytes())),
        page_bytes_(pool.page_bytes()),
        buffer_(record_bytes) {}

  template <class Visit>
  [[gnu::always_inline]] void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    if (!IsInOnePage(offset, length)) [[unlikely]] {
      CopyOut(offset, length);
      visit(std::span<const std::byte>(buffer_.data(), length));
      return;
    }
    pool_->With(offset >> page_shift_, PageUse::kLook, [&](std::byte* page) {
      visit(std::span<const std::byte>(page + Within(offset), length));
    });
  }

  template <class Mutate>
  [[gnu::always_inline]] void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    if (!IsInOnePage(offset, length)) [[unlikely]] {
      CopyOut(offset, length);
      mutate(std::span<std::byte>(buffer_.data(), length));
      CopyBack(offset, length);
      return;
    }
    ChangeInPlace(offset, length, mutate);
  }

  template <class Produce>
  [[gnu::always_inline]] void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    if (!IsInOnePage(offset, length)) [[unlikely]] {
      produce(std::span<std::byte>(buffer_.data(), length));
      CopyBack(offset, length);
      return;
    }
    ChangeInPlace(offset, length, produce);
  }

  void Discard(const DiscardRun& run) {
    DiscardWholeUnits(
        *this, run.offset, run.length, pool_->discard_bytes(), buffer_.size(),
        [this](std::uint64_t offset, std::uint64_t length) { pool_->Discard(offset, length); });
  }

  void Flush() { pool_->Flush(); }

 private:
  std::uint64_t Within(std::uint64_t offset) const { return offset & (page_bytes_ - 1); }

  bool IsInOnePage(std::uint64_t offset, std::uint64_t length) const {
    return Within(offset) + length <= page_bytes_;
  }

  // REQUIRES: the record is in one page.
  template <class Change>
  [[gnu::always_inline]] void ChangeInPlace(std::uint64_t offset, std::uint64_t length,
                                            Change&& change) {
    pool_->With(offset >> page_shift_, PageUse::kChange, [&](std::byte* page) {
      change(std::span<std::byte>(page + Within(offset), length));
    });
  }

  // Calls visit(page, bytes before the part in the record, length of the part) for each page.
  template <class Visit>
  void ForEachPart(std::uint64_t offset, std::uint64_t length, PageUse use, Visit&& visit) {
    for (std::uint64_t done = 0; done < length;) {
      const std::uint64_t within = Within(offset + done);
      const std::uint64_t here = std::min(length - done, page_bytes_ - within);
      pool_->With((offset + done) >> page_shift_, use,
                  [&](std::byte* page) { visit(page + within, done, here); });
      done += here;
    }
  }

  [[gnu::noinline]] void CopyOut(std::uint64_t offset, std::uint64_t length) {
    ForEachPart(offset, length, PageUse::kLook,
                [&](const std::byte* part, std::uint64_t at, std::uint64_t bytes) {
                  std::memcpy(buffer_.data() + at, part, bytes);
                });
  }

  [[gnu::noinline]] void CopyBack(std::uint64_t offset, std::uint64_t length) {
    ForEachPart(offset, length, PageUse::kChange,
                [&](std::byte* part, std::uint64_t at, std::uint64_t bytes) {
                  std::memcpy(part, buffer_.data() + at, bytes);
                });
  }

  Pool* pool_;
  int page_shift_;
  std::uint64_t page_bytes_;
  std::vector<std::byte> buffer_;
};

}  // namespace faultline
