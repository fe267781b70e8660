// Where numbered parts of a file are held: a hash table from their numbers to places of a fixed set.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline {

// At most `most` numbers at a time, all below 2³², each with a slot. Probed in steps of one and at most half full.
// One thread at a time.
class SlotTable {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // REQUIRES: most > 0.
  explicit SlotTable(std::uint64_t most)
      : entries_(std::bit_ceil(most * 2)), shift_(64 - std::countr_zero(entries_.size())) {}

  // kNone if the number isn't held.
  std::uint32_t Find(std::uint64_t number) const { return entries_[PlaceOf(number)].slot; }

  // REQUIRES: the number isn't held, and fewer than `most` are; slot ≠ kNone.
  void Insert(std::uint64_t number, std::uint32_t slot) {
    entries_[PlaceOf(number)] = {static_cast<std::uint32_t>(number), slot};
  }

  // Nothing if the number isn't held.
  void Erase(std::uint64_t number) {
    const std::size_t place = PlaceOf(number);
    if (entries_[place].slot == kNone) return;
    entries_[place] = {};
    // What would no longer be found behind the gap moves up.
    for (std::size_t next = Next(place); entries_[next].slot != kNone; next = Next(next)) {
      const Entry entry = entries_[next];
      entries_[next] = {};
      entries_[PlaceOf(entry.number)] = entry;
    }
  }

  void Clear() { entries_.assign(entries_.size(), {}); }

 private:
  // Eight bytes: the whole table of a large pool has room in a processor's cache.
  struct Entry {
    std::uint32_t number = 0;
    std::uint32_t slot = kNone;
  };

  // Of the number, or the free one where it belongs.
  std::size_t PlaceOf(std::uint64_t number) const {
    std::size_t place = static_cast<std::size_t>(number * 0x9e3779b97f4a7c15u >> shift_);
    while (entries_[place].slot != kNone && entries_[place].number != number) place = Next(place);
    return place;
  }

  std::size_t Next(std::size_t place) const { return (place + 1) & (entries_.size() - 1); }

  std::vector<Entry> entries_;
  int shift_;
};

}  // namespace faultline
