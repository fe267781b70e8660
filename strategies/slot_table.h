// Where numbered parts of a file are held: a hash table from their numbers to places of a fixed
// set.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline {

// A bucket is a line of the processor's cache, and is compared as a whole: a search ends in the
// first one nearly always, with no jump that depends on where in it the number is. Such jumps would
// be guessed wrong, and what is fetched from memory meanwhile be given up.
struct alignas(64) SlotBucket {
  static constexpr std::size_t kPlaces = 8;
  static constexpr std::uint32_t kFree = 0;  // no slot
  using Four [[gnu::vector_size(16)]] = std::uint32_t;

  Four numbers[2] = {};
  Four slots[2] = {};

  std::uint32_t NumberAt(std::size_t i) const { return numbers[i / 4][i % 4]; }
  std::uint32_t SlotAt(std::size_t i) const { return slots[i / 4][i % 4]; }
  void Put(std::size_t i, std::uint32_t number, std::uint32_t slot) {
    numbers[i / 4][i % 4] = number;
    slots[i / 4][i % 4] = slot;
  }

  // kFree if it isn't here.
  std::uint32_t Find(std::uint64_t number) const {
    const Four wanted = Four{} + static_cast<std::uint32_t>(number);
    const Four found =
        (AllBits(numbers[0] == wanted) & slots[0]) | (AllBits(numbers[1] == wanted) & slots[1]);
    // Shuffled, not taken apart: the upper half by itself comes by an instruction that waits for
    // what its register held before, such as a page's bytes, and searches would wait for one
    // another.
    const Four folded = found | __builtin_shufflevector(found, found, 2, 3, 0, 1);
    return folded[0] | folded[1];
  }

  bool IsFull() const {
    for (std::size_t i = 0; i < kPlaces; ++i) {
      if (SlotAt(i) == kFree) return false;
    }
    return true;
  }

 private:
  // Of a comparison, whose true parts have all bits set.
  template <class Comparison>
  static Four AllBits(Comparison comparison) {
    return reinterpret_cast<Four>(comparison);
  }
};

// A search in a table: small enough for a copy to stay in registers. Valid as long as the table.
class SlotSearch {
 public:
  static constexpr std::uint32_t kNone = SlotBucket::kFree;

  // Each of `parts` has `of_a_part` buckets; both are powers of two, the latter at least
  // kFewestBuckets.
  SlotSearch(const SlotBucket* buckets, std::uint64_t of_a_part, std::uint64_t parts)
      : buckets_(buckets), mask_(parts * of_a_part - 1), place_mask_(of_a_part - 1) {}

  static constexpr std::uint64_t kFewestBuckets = 16;

  // kNone if the number isn't held.
  std::uint32_t Find(std::uint64_t number) const {
    for (std::size_t at = HomeOf(number);; at = Next(at)) {
      const std::uint32_t slot = buckets_[at].Find(number);
      if (slot != kNone || !buckets_[at].IsFull()) return slot;
    }
  }

  // Of the bucket that a search begins with only: kNone also for a number that is in another, as a
  // few are when the table is full.
  [[gnu::always_inline]] std::uint32_t FindAtHome(std::uint64_t number) const {
    return buckets_[HomeOf(number)].Find(number);
  }

  std::uint64_t PartOf(std::uint64_t number) const {
    return HomeOf(number) >> std::popcount(place_mask_);
  }

  // Neighbours, in groups of 16, have as many different homes in the same part.
  std::size_t HomeOf(std::uint64_t number) const {
    const std::uint64_t group = number / kNeighbours * 0x9e3779b97f4a7c15u >> 38 & mask_;
    return group ^ number % kNeighbours;
  }

  // The next bucket of the same part, round about all of them; few of these are homes of one group.
  std::size_t Next(std::size_t at) const {
    return (at & ~place_mask_) | ((at + kNeighbours + 1) & place_mask_);
  }

 private:
  static constexpr std::uint64_t kNeighbours = 16;
  static_assert(kNeighbours <= kFewestBuckets);

  const SlotBucket* buckets_;
  std::uint64_t mask_;
  std::uint64_t place_mask_;  // of a bucket's number: its place in its part
};

// Numbers below 2³², each with a slot, which is not 0. The table is in parts, so that each may have
// a lock of its own: one thread at a time in a part. At most `most` numbers at a time are in any of
// them; neighbours are in the same one, in groups of 16.
//
// At most half of all places are taken; what a bucket has no room for is in the next one.
class SlotTable {
 public:
  static constexpr std::uint32_t kNone = SlotSearch::kNone;

  // REQUIRES: most > 0; `parts` is a power of two.
  explicit SlotTable(std::uint64_t most, std::uint64_t parts = 1)
      : buckets_(parts * BucketsFor(most)), search_(buckets_.data(), BucketsFor(most), parts) {}
  SlotTable(const SlotTable&) = delete;
  SlotTable& operator=(const SlotTable&) = delete;

  const SlotSearch& search() const { return search_; }

  // kNone if the number isn't held.
  std::uint32_t Find(std::uint64_t number) const { return search_.Find(number); }

  // From 0.
  std::uint64_t PartOf(std::uint64_t number) const { return search_.PartOf(number); }

  // REQUIRES: the number isn't held, and fewer than `most` of its part are; slot != kNone.
  void Insert(std::uint64_t number, std::uint32_t slot) {
    for (std::size_t at = search_.HomeOf(number);; at = search_.Next(at)) {
      for (std::size_t i = 0; i < SlotBucket::kPlaces; ++i) {
        if (buckets_[at].SlotAt(i) != SlotBucket::kFree) continue;
        buckets_[at].Put(i, static_cast<std::uint32_t>(number), slot);
        return;
      }
    }
  }

  // Nothing if the number isn't held.
  void Erase(std::uint64_t number) {
    for (std::size_t at = search_.HomeOf(number);; at = search_.Next(at)) {
      SlotBucket& bucket = buckets_[at];
      const bool full = bucket.IsFull();
      for (std::size_t i = 0; i < SlotBucket::kPlaces; ++i) {
        if (bucket.SlotAt(i) == SlotBucket::kFree || bucket.NumberAt(i) != number) continue;
        bucket.Put(i, 0, SlotBucket::kFree);
        if (full) MoveUpBehind(at);
        return;
      }
      if (!full) return;
    }
  }

  void Clear() { std::fill(buckets_.begin(), buckets_.end(), SlotBucket{}); }

 private:
  static std::uint64_t BucketsFor(std::uint64_t most) {
    return std::max(SlotSearch::kFewestBuckets, std::bit_ceil(most * 2) / SlotBucket::kPlaces);
  }

  // A place was freed in a bucket that was full: what would no longer be found behind it moves up.
  void MoveUpBehind(std::size_t at) {
    for (bool full = true; full;) {
      at = search_.Next(at);
      full = buckets_[at].IsFull();
      for (std::size_t i = 0; i < SlotBucket::kPlaces; ++i) {
        const std::uint32_t number = buckets_[at].NumberAt(i);
        const std::uint32_t slot = buckets_[at].SlotAt(i);
        if (slot == SlotBucket::kFree) continue;
        buckets_[at].Put(i, 0, SlotBucket::kFree);
        Insert(number, slot);
      }
    }
  }

  std::vector<SlotBucket> buckets_;
  SlotSearch search_;
};

}  // namespace faultline
