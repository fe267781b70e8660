// The frames of a buffer pool, the table that finds pages in them, and the parts of the pool.
#pragma once

#include <algorithm>
#include <array>
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

// What is known of a frame's page, small enough for all to be in the processor's cache.
using FrameState = std::uint8_t;
constexpr FrameState kFrameUsed = 1;     // since the hand came by
constexpr FrameState kFrameChanged = 2;  // since it was written

constexpr FrameState StateFor(PageUse use) {
  return use == PageUse::kChange ? kFrameUsed | kFrameChanged : kFrameUsed;
}

// All frames of a pool, each of a page's size, numbered from 1, and the table that finds pages in
// them. As many belong to each part, side by side. One thread at a time in a part.
struct PoolFrames {
  // The frames lie at `memory`, which outlives this; there are `parts` times as many as a part has.
  PoolFrames(std::span<std::byte> frames_memory, std::uint64_t bytes_of_page, std::uint64_t parts)
      : memory(frames_memory),
        page_bytes(bytes_of_page),
        states(memory.size() / page_bytes + 1),
        numbers(states.size(), kNoPage),
        table(memory.size() / page_bytes / parts, parts) {}

  std::span<std::byte> BytesOf(std::uint32_t index) const {
    return memory.subspan((index - 1) * page_bytes, page_bytes);
  }

  static constexpr std::uint64_t kNoPage = ~std::uint64_t{0};

  std::span<std::byte> memory;
  std::uint64_t page_bytes;
  std::vector<FrameState> states;      // by the frame's number; 0 stands for no frame
  std::vector<std::uint64_t> numbers;  // likewise: of the pages in them
  SlotTable table;
};

// A part of a pool: some frames, and a hand that goes round them (clock eviction). For several
// threads.
class PoolPart {
 public:
  // Its frames are `count` from number `first` on. All outlive the part.
  PoolPart(const BlockFile& file, PoolFrames& frames, std::uint32_t first, std::uint32_t count,
           std::uint64_t batch)
      : file_(&file),
        frames_(&frames),
        first_(first),
        end_(first + count),
        batch_(batch),
        filled_(first),
        hand_(first) {}

  ShortLock& lock() { return lock_; }

  // The number of the page's frame, into which it is brought if it is in none, as it is being used.
  // REQUIRES: no other thread uses the part: it is locked, or the pool is one thread's.
  [[gnu::noinline]] std::uint32_t Use(std::uint64_t number, PageUse use) {
    std::uint32_t index = frames_->table.Find(number);
    if (index == SlotTable::kNone) {
      index = FreeFrame();
      file_->Read(BlocksOf(number), frames_->BytesOf(index));
      Hold(index, number);
    }
    frames_->states[index] |= StateFor(use);
    return index;
  }

  // Nothing for a page that is here; for another the time, for Install.
  std::optional<std::uint64_t> WhenMissed(std::uint64_t number) {
    const std::lock_guard lock(lock_);
    if (frames_->table.Find(number) != SlotTable::kNone) return {};
    return writes_;
  }

  // Takes a page that was missed then and read since. One that came meanwhile stays as it is. One
  // that came, was changed and left is written again: what was read counts for nothing.
  void Install(std::uint64_t number, std::uint64_t missed, std::span<const std::byte> bytes) {
    const std::lock_guard lock(lock_);
    if (frames_->table.Find(number) != SlotTable::kNone || LastWriteOf(number) > missed) return;
    const std::uint32_t index = FreeFrame();
    std::copy(bytes.begin(), bytes.end(), frames_->BytesOf(index).begin());
    Hold(index, number);
    frames_->states[index] = kFrameUsed;
  }

  // Forgets the page and its changes, and whatever was read of it since it was missed.
  void Drop(std::uint64_t number) {
    const std::lock_guard lock(lock_);
    LastWriteOf(number) = ++writes_;
    const std::uint32_t index = frames_->table.Find(number);
    if (index != SlotTable::kNone) Emptied(index);
  }

  // Writes every changed page.
  void WriteAll() {
    const std::lock_guard lock(lock_);
    to_write_.clear();
    for (std::uint32_t index = first_; index < end_; ++index) {
      if ((frames_->states[index] & kFrameChanged) != 0) to_write_.push_back(index);
    }
    WriteCollected();
  }

 private:
  static constexpr std::size_t kWriteTimes = 256;

  BlockFile::Blocks BlocksOf(std::uint64_t number, std::uint64_t count = 1) const {
    return {number * file_->block_bytes(), (number + count) * file_->block_bytes()};
  }

  void Hold(std::uint32_t index, std::uint64_t number) {
    frames_->numbers[index] = number;
    frames_->table.Insert(number, index);
  }

  // A frame whose page is in the table no more.
  std::uint32_t FreeFrame() {
    if (filled_ < end_) return filled_++;
    // The hand looks for an unchanged page, and at changed ones until there is a batch of them.
    to_write_.clear();
    const std::size_t most_steps = 2 * std::size_t{end_ - first_};
    for (std::size_t steps = 0; steps < most_steps && to_write_.size() < batch_; ++steps) {
      const std::uint32_t index = hand_;
      hand_ = hand_ + 1 == end_ ? first_ : hand_ + 1;
      FrameState& state = frames_->states[index];
      if ((state & kFrameUsed) != 0) {
        state &= static_cast<FrameState>(~kFrameUsed);
      } else if (state == 0) {
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
    std::uint64_t& number = frames_->numbers[index];
    if (number != PoolFrames::kNoPage) frames_->table.Erase(number);
    number = PoolFrames::kNoPage;
    frames_->states[index] = 0;
    return index;
  }

  // Writes the pages of `to_write_`, neighbours in one call, in the order of the file.
  void WriteCollected() {
    std::sort(to_write_.begin(), to_write_.end(), [&](std::uint32_t left, std::uint32_t right) {
      return frames_->numbers[left] < frames_->numbers[right];
    });
    for (std::size_t first = 0; first < to_write_.size();) {
      const std::uint64_t number = frames_->numbers[to_write_[first]];
      parts_.clear();
      std::size_t next = first;
      while (next < to_write_.size() &&
             frames_->numbers[to_write_[next]] == number + parts_.size()) {
        parts_.push_back(frames_->BytesOf(to_write_[next++]));
      }
      file_->Write(BlocksOf(number, parts_.size()), parts_);
      first = next;
    }
    ++writes_;
    for (const std::uint32_t index : to_write_) {
      frames_->states[index] &= static_cast<FrameState>(~kFrameChanged);
      LastWriteOf(frames_->numbers[index]) = writes_;
    }
  }

  // When the page was written or dropped. Pages with the same remainder share one, so that it may
  // be too late, and never too early.
  std::uint64_t& LastWriteOf(std::uint64_t number) { return last_writes_[number % kWriteTimes]; }

  ShortLock lock_;
  const BlockFile* file_;
  PoolFrames* frames_;
  std::uint32_t first_;  // of the part's frames
  std::uint32_t end_;
  std::uint64_t batch_;
  std::uint32_t filled_;      // the first frame that never had a page
  std::uint64_t writes_ = 0;  // and drops so far: the time by which Install judges
  std::array<std::uint64_t, kWriteTimes> last_writes_ = {};
  std::uint32_t hand_;
  std::vector<std::uint32_t> to_write_;
  std::vector<std::span<std::byte>> parts_;
};

}  // namespace faultline
