// Where numbered parts of a file are held: a hash table from their numbers to places of a fixed set.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline {

// At most `most` numbers at a time, all below 2³², each with a slot. One thread at a time.
//
// A bucket is a line of the processor's cache, and is compared as a whole: a search ends in the first
// one nearly always, with no jump that depends on where in it the number is. Such jumps would be
// guessed wrong, and what is fetched from memory meanwhile be given up. At most half of all places
// are taken; what a bucket has no room for is in the next one.
class SlotTable {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // REQUIRES: most > 0.
  explicit SlotTable(std::uint64_t most)
      : buckets_(std::max<std::uint64_t>(2, std::bit_ceil(most * 2) / kPlaces)),
        shift_(64 - std::countr_zero(buckets_.size())) {}

  // kNone if the number isn't held.
  std::uint32_t Find(std::uint64_t number) const {
    for (std::size_t at = HomeOf(number);; at = Next(at)) {
      const Bucket& bucket = buckets_[at];
      const Four wanted = Four{} + static_cast<std::uint32_t>(number);
      const Four found = (AllBits(bucket.numbers[0] == wanted) & bucket.slots[0]) |
                         (AllBits(bucket.numbers[1] == wanted) & bucket.slots[1]);
      // Shuffled, not taken apart: the upper half by itself comes by an instruction that waits for what
      // its register held before, such as a page's bytes, and searches would wait for one another.
      const Four folded = found | __builtin_shufflevector(found, found, 2, 3, 0, 1);
      const std::uint32_t slot = folded[0] | folded[1];
      if (slot != kFree) [[likely]]
        return slot - 1;
      if (!IsFull(bucket)) return kNone;
    }
  }

  // REQUIRES: the number isn't held, and fewer than `most` are; slot < kNone - 1.
  void Insert(std::uint64_t number, std::uint32_t slot) {
    for (std::size_t at = HomeOf(number);; at = Next(at)) {
      for (std::size_t i = 0; i < kPlaces; ++i) {
        if (buckets_[at].SlotAt(i) != kFree) continue;
        buckets_[at].Put(i, static_cast<std::uint32_t>(number), slot + 1);
        return;
      }
    }
  }

  // Nothing if the number isn't held.
  void Erase(std::uint64_t number) {
    for (std::size_t at = HomeOf(number);; at = Next(at)) {
      const bool full = IsFull(buckets_[at]);
      for (std::size_t i = 0; i < kPlaces; ++i) {
        if (buckets_[at].SlotAt(i) == kFree || buckets_[at].NumberAt(i) != number) continue;
        buckets_[at].Put(i, 0, kFree);
        if (full) MoveUpBehind(at);
        return;
      }
      if (!full) return;
    }
  }

  void Clear() { std::fill(buckets_.begin(), buckets_.end(), Bucket{}); }

 private:
  static constexpr std::size_t kPlaces = 8;  // of a bucket
  static constexpr std::uint32_t kFree = 0;  // else one more than the slot
  using Four [[gnu::vector_size(16)]] = std::uint32_t;

  struct alignas(64) Bucket {
    Four numbers[2] = {};
    Four slots[2] = {};

    std::uint32_t NumberAt(std::size_t i) const { return numbers[i / 4][i % 4]; }
    std::uint32_t SlotAt(std::size_t i) const { return slots[i / 4][i % 4]; }
    void Put(std::size_t i, std::uint32_t number, std::uint32_t slot) {
      numbers[i / 4][i % 4] = number;
      slots[i / 4][i % 4] = slot;
    }
  };

  // Of a comparison, whose true parts have all bits set.
  template <class Comparison>
  static Four AllBits(Comparison comparison) {
    return reinterpret_cast<Four>(comparison);
  }

  static bool IsFull(const Bucket& bucket) {
    for (std::size_t i = 0; i < kPlaces; ++i) {
      if (bucket.SlotAt(i) == kFree) return false;
    }
    return true;
  }

  // A place was freed in a bucket that was full: what would no longer be found behind it moves up.
  void MoveUpBehind(std::size_t at) {
    for (bool full = true; full;) {
      at = Next(at);
      full = IsFull(buckets_[at]);
      for (std::size_t i = 0; i < kPlaces; ++i) {
        const std::uint32_t number = buckets_[at].NumberAt(i);
        const std::uint32_t slot = buckets_[at].SlotAt(i);
        if (slot == kFree) continue;
        buckets_[at].Put(i, 0, kFree);
        Insert(number, slot - 1);
      }
    }
  }

  std::size_t HomeOf(std::uint64_t number) const {
    return static_cast<std::size_t>(number * 0x9e3779b97f4a7c15u >> shift_);
  }

  std::size_t Next(std::size_t at) const { return (at + 1) & (buckets_.size() - 1); }

  std::vector<Bucket> buckets_;
  int shift_;
};

}  // namespace faultline
