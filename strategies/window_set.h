// A bounded set of views of a file, each showing one window of it, replaced by least recent use.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "harness/os/file_mapping.h"
#include "strategies/slot_table.h"

namespace faultline {

// Window number n is the bytes [n × window_bytes, (n + 1) × window_bytes) of the mapping; the last
// one ends with it. One thread at a time.
class WindowSet {
 public:
  // A mapped window: the file's bytes [begin, end) at `data`.
  struct Window {
    std::byte* data = nullptr;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  // How a window is mapped: the view of the object's bytes [offset, offset + length).
  using MapWindow = std::function<os::View(std::uint64_t offset, std::uint64_t length)>;

  // `mapping` outlives the set. REQUIRES: window_bytes is a positive multiple of
  // os::ViewGranularity(); count ≥ 2.
  WindowSet(const os::FileMapping& mapping, std::uint64_t window_bytes, std::uint32_t count,
            MapWindow map = {})
      : mapping_(&mapping),
        map_(map ? std::move(map)
                 : [mapping = &mapping](
                       std::uint64_t offset,
                       std::uint64_t
                           length) { return mapping->Map({.offset = offset, .length = length}); }),
        window_bytes_(window_bytes),
        count_(count),
        table_(count) {
    slots_.reserve(count);
  }

  // The window that holds the byte at `offset`, mapped now if it isn't yet, in place of the least
  // recently used one when `count` are mapped. It stays until `count` - 1 other windows were asked
  // for. Throws SystemError. REQUIRES: offset < mapping.size().
  Window At(std::uint64_t offset) {
    if (offset - current_.begin >= current_.end - current_.begin) [[unlikely]]
      Switch(offset);
    return current_;
  }

  // Views made so far.
  std::uint64_t mapped() const { return mapped_; }

  // Unmaps all windows. Throws SystemError.
  void Clear() {
    current_ = {};
    for (Slot& slot : slots_) slot.view.Unmap();
    slots_.clear();
    table_.Clear();
    newest_ = oldest_ = kNone;
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};  // of slots_

  // Slots form a list from the newest to the oldest use.
  struct Slot {
    os::View view;
    std::uint64_t number = 0;
    std::uint32_t newer = kNone;
    std::uint32_t older = kNone;
  };

  // Makes `offset`'s window the current one.
  void Switch(std::uint64_t offset) {
    const std::uint64_t number = offset / window_bytes_;
    const std::uint32_t found = table_.Find(number);
    const std::uint32_t index = found == SlotTable::kNone ? Map(number) : found - 1;
    if (found != SlotTable::kNone) Unlink(index);
    LinkAsNewest(index);
    const os::View& view = slots_[index].view;
    const std::uint64_t begin = number * window_bytes_;
    current_ = {view.data(), begin, begin + view.size()};
  }

  // Returns a slot, in no list, that shows the window. If the system refuses, the evicted window is
  // gone all the same.
  std::uint32_t Map(std::uint64_t number) {
    std::uint32_t index = static_cast<std::uint32_t>(slots_.size());
    if (index == count_) {
      index = oldest_;
      current_ = {};
      slots_[index].view.Unmap();
      table_.Erase(slots_[index].number);
    }
    const std::uint64_t begin = number * window_bytes_;
    os::View view = map_(begin, std::min(window_bytes_, mapping_->size() - begin));
    ++mapped_;
    if (index == slots_.size()) {
      slots_.emplace_back();
    } else {
      Unlink(index);
    }
    slots_[index].view = std::move(view);
    slots_[index].number = number;
    table_.Insert(number, index + 1);
    return index;
  }

  void Unlink(std::uint32_t index) {
    const Slot& slot = slots_[index];
    (slot.newer == kNone ? newest_ : slots_[slot.newer].older) = slot.older;
    (slot.older == kNone ? oldest_ : slots_[slot.older].newer) = slot.newer;
  }

  void LinkAsNewest(std::uint32_t index) {
    Slot& slot = slots_[index];
    slot.newer = kNone;
    slot.older = newest_;
    (newest_ == kNone ? oldest_ : slots_[newest_].newer) = index;
    newest_ = index;
  }

  const os::FileMapping* mapping_;
  MapWindow map_;
  std::uint64_t window_bytes_;
  std::uint32_t count_;
  Window current_;  // the newest, or empty
  std::vector<Slot> slots_;
  SlotTable table_;  // holds one more than the index in slots_
  std::uint32_t newest_ = kNone;
  std::uint32_t oldest_ = kNone;
  std::uint64_t mapped_ = 0;
};

}  // namespace faultline
