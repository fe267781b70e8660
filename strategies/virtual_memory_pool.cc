// virtual-memory-pool: a cache of the program's own without a table: every page of the file has its
// place in one range of addresses as large as the file, and a word of state; the pool gives the
// memory of pages back to evict them. The idea is that of vmcache (Leis and others, SIGMOD 2023).
//
// System calls per record: none while its page is in memory; else 1 (pread), and for each batch of
// evicted pages 1 (pwrite) a run of changed ones and 1 (madvise) a run of neighbours. The first
// touch of a page's memory is a page fault. The whole pages of a run of neighbouring discards
// become a hole (1 call: fallocate), and lose their memory.
//
// The holder of a page's lock, a bit of its state, uses, loads and evicts it. The hand goes
// round a list of the pages in memory (clock eviction), under a lock of its own that is held while
// it looks, never while something is transferred.
//
// Not to be compared with strategies that use the system's cache under a memory limit, without
// regard to `memory`: this one takes that much of its own.
#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "faultline/synchronous.h"
#include "harness/os/anonymous_memory.h"
#include "strategies/block_file.h"
#include "strategies/paged_access.h"

namespace faultline::virtual_memory_pool {
namespace {

// A page's state is these bits; none of them for one that is on storage only.
using PageState = std::uint8_t;
constexpr PageState kLocked = 1;
constexpr PageState kInMemory = 2;
constexpr PageState kUsed = 4;     // since the hand came by
constexpr PageState kChanged = 8;  // since it was written

class VirtualMemoryPool final : public Strategy {
 public:
  VirtualMemoryPool(std::uint64_t memory_bytes, std::uint64_t batch)
      : memory_bytes_(memory_bytes), batch_(batch) {}

  void Open(const DatasetFile& file) override {
    page_bytes_ = os::PageSize();
    file_.Open(file, page_bytes_);
    record_bytes_ = file.geometry.record_size;
    pages_ = (file.geometry.file_size() + page_bytes_ - 1) / page_bytes_;
    most_ = memory_bytes_ / page_bytes_;
    if (most_ < 2 * batch_) {
      throw UsageError(fmt::format(
          "virtual-memory-pool: {} is less than twice a batch of evicted pages; try memory={}",
          FormatSize(memory_bytes_), FormatSize(2 * batch_ * page_bytes_)));
    }
    memory_ = os::AnonymousMemory(pages_ * page_bytes_, true);
    states_ = std::make_unique<std::atomic<PageState>[]>(pages_);
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<PagedAccess<PagesOf<VirtualMemoryPool>>>>(
        PagesOf<VirtualMemoryPool>(*this), buffers_.New(record_bytes_));
  }

  std::uint64_t page_bytes() const { return page_bytes_; }

  template <class Visit>
  void With(std::uint64_t number, PageUse use, Visit&& visit) {
    PageState state = Lock(number);
    if ((state & kInMemory) == 0) [[unlikely]]
      state = Load(number);
    visit(BytesOf(number).data());
    state |= use == PageUse::kChange ? kUsed | kChanged : kUsed;
    Unlock(number, state);
  }

  std::uint64_t discard_bytes() const { return page_bytes_; }

  // Pages in memory stay there as zeros, which the hole reads as, so that evicting them is free.
  void DiscardPages(std::uint64_t offset, std::uint64_t length) {
    const std::uint64_t end = (offset + length) / page_bytes_;
    for (std::uint64_t number = offset / page_bytes_; number < end;) {
      Held held;
      for (; number < end && held.size() < batch_; ++number) {
        const PageState state = Lock(number);
        if ((state & kInMemory) != 0) {
          held.emplace_back(number, kInMemory);
        } else {
          Unlock(number, state);
        }
      }
      ForEachRun(held, [&](std::uint64_t first, std::uint64_t count) {
        memory_.Discard(first * page_bytes_, count * page_bytes_);
      });
      for (const auto& [page, state] : held) Unlock(page, state);
    }
    file_.Discard(offset, length);
  }

  void Flush() override {
    std::vector<std::uint64_t> numbers;
    {
      const std::lock_guard lock(mutex_);
      numbers = in_memory_;
    }
    std::sort(numbers.begin(), numbers.end());
    // Every holder of several locks takes them in this order, and evicting never waits for one.
    for (std::size_t first = 0; first < numbers.size();) {
      Held held;
      std::size_t next = first;
      while (next < numbers.size() && held.size() < batch_) {
        const std::uint64_t number = numbers[next++];
        held.emplace_back(number, Lock(number));
      }
      WriteChanged(held);
      for (const auto& [number, state] : held) Unlock(number, state);
      first = next;
    }
    file_.Sync();
  }

  void Close() override {
    memory_ = {};
    states_.reset();
    in_memory_.clear();
    buffers_.Clear();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"memory", FormatSize(memory_bytes_)}, {"range", FormatSize(memory_.size())}};
  }

 private:
  // Locked pages with their states.
  using Held = std::vector<std::pair<std::uint64_t, PageState>>;

  // Waits for the page. Returns its state without the lock.
  PageState Lock(std::uint64_t number) {
    std::atomic<PageState>& state = states_[number];
    while (true) {
      PageState seen = state.load(std::memory_order_relaxed);
      if ((seen & kLocked) == 0 &&
          state.compare_exchange_weak(seen, seen | kLocked, std::memory_order_acquire)) {
        return seen;
      }
      if ((seen & kLocked) != 0) std::this_thread::yield();
    }
  }

  void Unlock(std::uint64_t number, PageState state) {
    states_[number].store(state, std::memory_order_release);
  }

  std::span<std::byte> BytesOf(std::uint64_t number, std::uint64_t count = 1) const {
    return memory_.bytes().subspan(number * page_bytes_, count * page_bytes_);
  }

  BlockFile::Blocks BlocksOf(std::uint64_t number, std::uint64_t count = 1) const {
    return {number * page_bytes_, (number + count) * page_bytes_};
  }

  // Brings a locked page in, making room first.
  PageState Load(std::uint64_t number) {
    try {
      EnsureRoom();
      file_.Read(BlocksOf(number), BytesOf(number));
    } catch (...) {
      Unlock(number, 0);
      throw;
    }
    const std::lock_guard lock(mutex_);
    in_memory_.push_back(number);
    return kInMemory;
  }

  void EnsureRoom() {
    while (true) {
      Held victims;
      {
        const std::lock_guard lock(mutex_);
        if (in_memory_.size() < most_) return;
        victims = PickVictims();
      }
      if (victims.empty()) {
        std::this_thread::yield();  // everything is being used
        continue;
      }
      std::sort(victims.begin(), victims.end());
      Evict(victims);
    }
  }

  // Writes and gives back locked pages. After a failure to write they are in memory as before.
  void Evict(Held& victims) {
    try {
      WriteChanged(victims);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      for (const auto& [number, state] : victims) {
        in_memory_.push_back(number);
        Unlock(number, kInMemory | kChanged);
      }
      throw;
    }
    ForEachRun(victims, [&](std::uint64_t number, std::uint64_t count) {
      memory_.Discard(number * page_bytes_, count * page_bytes_);
    });
    for (const auto& [number, state] : victims) Unlock(number, 0);
  }

  // Up to a batch of pages that were not used lately, locked and in the list no more. REQUIRES:
  // mutex_ is held.
  Held PickVictims() {
    Held victims;
    for (std::size_t steps = 2 * in_memory_.size(); steps > 0 && victims.size() < batch_; --steps) {
      if (hand_ >= in_memory_.size()) hand_ = 0;
      const std::uint64_t number = in_memory_[hand_];
      std::atomic<PageState>& state = states_[number];
      PageState seen = state.load(std::memory_order_relaxed);
      const bool used = (seen & kUsed) != 0;
      const PageState wanted =
          used ? static_cast<PageState>(seen & ~kUsed) : static_cast<PageState>(seen | kLocked);
      if ((seen & kLocked) != 0 ||
          !state.compare_exchange_strong(seen, wanted, std::memory_order_acquire) || used) {
        ++hand_;
        continue;
      }
      victims.emplace_back(number, seen);
      in_memory_[hand_] = in_memory_.back();
      in_memory_.pop_back();
    }
    return victims;
  }

  // Calls visit(first number, count) for each run of neighbours.
  template <class Visit>
  static void ForEachRun(const Held& held, Visit&& visit) {
    for (std::size_t first = 0; first < held.size();) {
      std::size_t next = first + 1;
      while (next < held.size() && held[next].first == held[next - 1].first + 1) ++next;
      visit(held[first].first, next - first);
      first = next;
    }
  }

  // Writes those of the pages, sorted by number, that are changed, neighbours in one call.
  void WriteChanged(Held& held) const {
    Held changed;
    for (auto& [number, state] : held) {
      if ((state & kChanged) == 0) continue;
      changed.emplace_back(number, state);
      state = static_cast<PageState>(state & ~kChanged);
    }
    ForEachRun(changed, [&](std::uint64_t number, std::uint64_t count) {
      file_.Write(BlocksOf(number, count), std::span<const std::byte>(BytesOf(number, count)));
    });
  }

  std::uint64_t memory_bytes_;
  std::uint64_t batch_;
  std::uint64_t page_bytes_ = 0;
  std::uint64_t record_bytes_ = 0;
  std::uint64_t pages_ = 0;  // of the file
  std::uint64_t most_ = 0;   // in memory, before a batch of them is evicted
  BlockFile file_;
  os::AnonymousMemory memory_;
  std::unique_ptr<std::atomic<PageState>[]> states_;  // one per page of the file
  std::mutex mutex_;
  std::vector<std::uint64_t> in_memory_;
  std::size_t hand_ = 0;
  RecordBuffers buffers_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "virtual-memory-pool",
    .summary =
        "pages cached at their places in a range as large as the file, evicted by the program",
    .calls =
        "none in a cached page; else 1: pread, and for evicted runs pwrite and madvise; flush: "
        "pwrite for each run of changed pages, fdatasync",
    .copies = "none, but of records across two pages",
    .discards = "1 per run of neighbours: fallocate, which gives whole pages back, and 1 per run "
                "of them in memory: madvise; zeros are stored around them",
    .capabilities = {.processes = false, .gives_back = true},
    .options = {{.name = "memory",
                 .kind = OptionKind::kSize,
                 .default_value = "256MiB",
                 .summary = "bytes of pages in memory",
                 .minimum = 1,
                 .maximum = static_cast<double>(Operation::kMaximumFileSize)},
                {.name = "batch",
                 .kind = OptionKind::kCount,
                 .default_value = "64",
                 .summary = "pages that are evicted together",
                 .minimum = 1,
                 .maximum = 4096}},
    .make =
        [](const Options& options) {
          return std::make_unique<VirtualMemoryPool>(options.Size("memory"),
                                                     options.Count("batch"));
        },
}};

}  // namespace
}  // namespace faultline::virtual_memory_pool
