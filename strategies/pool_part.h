// A part of the buffer pool: some frames, and where in them pages are.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "strategies/block_file.h"
#include "strategies/paged_access.h"
#include "strategies/short_lock.h"
#include "strategies/slot_table.h"

namespace faultline {

// A hash table, frames, and a hand that goes round them (clock eviction). For several threads.
class PoolPart {
 public:
  // The part's frames lie at `memory`. All outlive the part.
  PoolPart(const BlockFile& file, std::span<std::byte> memory, std::uint64_t batch)
      : file_(&file),
        memory_(memory),
        block_shift_(std::countr_zero(file.block_bytes())),
        batch_(batch),
        states_(memory.size() / file.block_bytes()),
        numbers_(states_.size(), kEmpty),
        table_(states_.size()) {}

  // Calls visit(page) with the page in memory. `shared`: with other threads.
  //
  // What a page that is here takes is in line, and nothing else: the fewer instructions, the more
  // records' cache misses overlap.
  template <class Visit>
  [[gnu::always_inline]] void With(std::uint64_t number, PageUse use, bool shared, Visit&& visit) {
    if (shared) [[unlikely]] {
      const std::lock_guard lock(lock_);
      visit(Used(number, use));
    } else {
      visit(Used(number, use));
    }
  }

  // Calls visit(page) if the page is here, without using it: for a look at its address.
  template <class Visit>
  void IfHere(std::uint64_t number, bool shared, Visit&& visit) {
    std::unique_lock lock(lock_, std::defer_lock);
    if (shared) lock.lock();
    const std::uint32_t index = table_.Find(number);
    if (index != SlotTable::kNone) visit(BytesOf(index).data());
  }

  // Nothing for a page that is here; for another the time, for Install.
  std::optional<std::uint64_t> WhenMissed(std::uint64_t number) {
    const std::lock_guard lock(lock_);
    if (table_.Find(number) != SlotTable::kNone) return {};
    return writes_;
  }

  // Takes a page that was missed then and read since. One that came meanwhile stays as it is. One
  // that came, was changed and left is written again: what was read counts for nothing.
  void Install(std::uint64_t number, std::uint64_t missed, std::span<const std::byte> bytes) {
    const std::lock_guard lock(lock_);
    if (table_.Find(number) != SlotTable::kNone || LastWriteOf(number) > missed) return;
    const std::uint32_t index = FreeFrame();
    std::copy(bytes.begin(), bytes.end(), BytesOf(index).begin());
    Hold(index, number);
    states_[index] = kUsed;
  }

  // Forgets the page and its changes, and whatever was read of it since it was missed.
  void Drop(std::uint64_t number) {
    const std::lock_guard lock(lock_);
    LastWriteOf(number) = ++writes_;
    const std::uint32_t index = table_.Find(number);
    if (index != SlotTable::kNone) Emptied(index);
  }

  // Writes every changed page.
  void WriteAll() {
    const std::lock_guard lock(lock_);
    to_write_.clear();
    for (std::uint32_t index = 0; index < states_.size(); ++index) {
      if ((states_[index] & kChanged) != 0) to_write_.push_back(index);
    }
    WriteCollected();
  }

 private:
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
  static constexpr std::size_t kWriteTimes = 256;

  // What is known of a frame's page, small enough for all to be in the processor's cache.
  using State = std::uint8_t;
  static constexpr State kUsed = 1;     // since the hand came by
  static constexpr State kChanged = 2;  // since it was written

  std::span<std::byte> BytesOf(std::uint32_t index) const {
    return memory_.subspan(std::uint64_t{index} << block_shift_, file_->block_bytes());
  }

  BlockFile::Blocks BlocksOf(std::uint64_t number, std::uint64_t count = 1) const {
    return {number * file_->block_bytes(), (number + count) * file_->block_bytes()};
  }

  // The page in memory, as it is being used.
  [[gnu::always_inline]] std::byte* Used(std::uint64_t number, PageUse use) {
    std::uint32_t index = table_.Find(number);
    if (index == SlotTable::kNone) [[unlikely]]
      index = Load(number);
    // Stored only where it changes: loads that follow a store to an address not known yet may wait.
    const State used = use == PageUse::kChange ? kUsed | kChanged : kUsed;
    if (const State state = states_[index]; (state & used) != used) states_[index] = state | used;
    return BytesOf(index).data();
  }

  // Brings the page into a frame.
  [[gnu::noinline]] std::uint32_t Load(std::uint64_t number) {
    const std::uint32_t index = FreeFrame();
    file_->Read(BlocksOf(number), BytesOf(index));
    Hold(index, number);
    return index;
  }

  void Hold(std::uint32_t index, std::uint64_t number) {
    numbers_[index] = number;
    table_.Insert(number, index);
  }

  // A frame whose page is in the table no more.
  std::uint32_t FreeFrame() {
    if (filled_ < states_.size()) return static_cast<std::uint32_t>(filled_++);
    // The hand looks for an unchanged page, and at changed ones until there is a batch of them.
    to_write_.clear();
    for (std::size_t steps = 0; steps < 2 * states_.size() && to_write_.size() < batch_; ++steps) {
      const std::uint32_t index = hand_;
      hand_ = hand_ + 1 == states_.size() ? 0 : hand_ + 1;
      if ((states_[index] & kUsed) != 0) {
        states_[index] &= static_cast<State>(~kUsed);
      } else if (states_[index] == 0) {
        return Emptied(index);
      } else if (std::find(to_write_.begin(), to_write_.end(), index) == to_write_.end()) {
        to_write_.push_back(index);
      }
    }
    const std::uint32_t first = to_write_.front();
    WriteCollected();
    return Emptied(first);
  }

  std::uint32_t Emptied(std::uint32_t index) {
    if (numbers_[index] != kEmpty) table_.Erase(numbers_[index]);
    numbers_[index] = kEmpty;
    states_[index] = 0;
    return index;
  }

  // Writes the pages of `to_write_`, neighbours in one call, in the order of the file.
  void WriteCollected() {
    std::sort(to_write_.begin(), to_write_.end(), [&](std::uint32_t left, std::uint32_t right) {
      return numbers_[left] < numbers_[right];
    });
    for (std::size_t first = 0; first < to_write_.size();) {
      const std::uint64_t number = numbers_[to_write_[first]];
      parts_.clear();
      std::size_t next = first;
      while (next < to_write_.size() && numbers_[to_write_[next]] == number + parts_.size()) {
        parts_.push_back(BytesOf(to_write_[next++]));
      }
      file_->Write(BlocksOf(number, parts_.size()), parts_);
      first = next;
    }
    ++writes_;
    for (const std::uint32_t index : to_write_) {
      states_[index] &= static_cast<State>(~kChanged);
      LastWriteOf(numbers_[index]) = writes_;
    }
  }

  // When the page was written or dropped. Pages with the same remainder share one, so that it may
  // be too late, and never too early.
  std::uint64_t& LastWriteOf(std::uint64_t number) { return last_writes_[number % kWriteTimes]; }

  ShortLock lock_;
  const BlockFile* file_;
  std::span<std::byte> memory_;
  int block_shift_;
  std::uint64_t batch_;
  std::vector<State> states_;           // of frames
  std::vector<std::uint64_t> numbers_;  // of the pages in them
  SlotTable table_;
  std::uint64_t filled_ = 0;  // frames that had a page so far
  std::uint64_t writes_ = 0;  // and drops so far: the time by which Install judges
  std::array<std::uint64_t, kWriteTimes> last_writes_ = {};
  std::uint32_t hand_ = 0;
  std::vector<std::uint32_t> to_write_;
  std::vector<std::span<std::byte>> parts_;
};

}  // namespace faultline
