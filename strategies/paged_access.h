// Access to records in pages that a pool holds one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace faultline {

// How a pool uses a page.
enum class PageUse { kLook, kChange };

// A pool has
//   page_bytes()              a power of two
//   With(number, use, visit)  calls visit(std::byte* page) with the page in memory, which nobody
//                             else touches meanwhile; it is written back some day after a change
//   Flush()                   returns when all changes are on stable storage
// all of them for several threads. A record in several pages is put together in a buffer: its bytes
// are nobody else's, so its pages need not be held at the same time.
template <class Pool>
class PagedAccess {
 public:
  PagedAccess(Pool& pool, std::uint64_t record_bytes) : pool_(&pool), buffer_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const std::uint64_t within = offset & (pool_->page_bytes() - 1);
    if (within + length <= pool_->page_bytes()) [[likely]] {
      pool_->With(offset / pool_->page_bytes(), PageUse::kLook, [&](std::byte* page) {
        visit(std::span<const std::byte>(page + within, length));
      });
    } else {
      CopyOut(offset, length);
      visit(std::span<const std::byte>(buffer_.data(), length));
    }
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    if (!InOnePage(offset, length, mutate)) {
      CopyOut(offset, length);
      mutate(std::span<std::byte>(buffer_.data(), length));
      CopyBack(offset, length);
    }
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    if (!InOnePage(offset, length, produce)) {
      produce(std::span<std::byte>(buffer_.data(), length));
      CopyBack(offset, length);
    }
  }

  void Flush() { pool_->Flush(); }

 private:
  // Changes the record where it lies, if that is one page.
  template <class Change>
  bool InOnePage(std::uint64_t offset, std::uint64_t length, Change&& change) {
    const std::uint64_t within = offset & (pool_->page_bytes() - 1);
    if (within + length > pool_->page_bytes()) [[unlikely]]
      return false;
    pool_->With(offset / pool_->page_bytes(), PageUse::kChange,
                [&](std::byte* page) { change(std::span<std::byte>(page + within, length)); });
    return true;
  }

  // Calls visit(page, bytes before the part in the record, length of the part) for each page.
  template <class Visit>
  void ForEachPart(std::uint64_t offset, std::uint64_t length, PageUse use, Visit&& visit) {
    for (std::uint64_t done = 0; done < length;) {
      const std::uint64_t within = (offset + done) & (pool_->page_bytes() - 1);
      const std::uint64_t here = std::min(length - done, pool_->page_bytes() - within);
      pool_->With((offset + done) / pool_->page_bytes(), use,
                  [&](std::byte* page) { visit(page + within, done, here); });
      done += here;
    }
  }

  void CopyOut(std::uint64_t offset, std::uint64_t length) {
    ForEachPart(offset, length, PageUse::kLook,
                [&](const std::byte* part, std::uint64_t at, std::uint64_t bytes) {
                  std::memcpy(buffer_.data() + at, part, bytes);
                });
  }

  void CopyBack(std::uint64_t offset, std::uint64_t length) {
    ForEachPart(offset, length, PageUse::kChange,
                [&](std::byte* part, std::uint64_t at, std::uint64_t bytes) {
                  std::memcpy(part, buffer_.data() + at, bytes);
                });
  }

  Pool* pool_;
  std::vector<std::byte> buffer_;
};

}  // namespace faultline
