// A session whose operations are in flight together, through a ring of its own.
#pragma once

#if FAULTLINE_HAVE_LIBURING
#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <optional>
#include <thread>
#include <vector>

#include "faultline/effect.h"
#include "faultline/strategy.h"
#include "harness/base/clock.h"
#include "harness/os/anonymous_memory.h"
#include "strategies/block_access.h"
#include "strategies/block_file.h"
#include "strategies/ring.h"

namespace faultline {

struct RingOptions {
  unsigned depth = 32;     // operations in flight
  bool direct = false;     // past the system's cache
  bool registered = true;  // buffers and file are made known to the kernel once
  bool poll = false;       // a thread of the kernel looks for submissions
  std::uint64_t block_bytes = 4096;
};

// What all sessions share.
struct RingFile {
  os::File cached;   // unless direct
  BlockFile blocks;  // if direct
  BlockLocks locks;  // of blocks that several sessions may have records in
  std::uint64_t record_bytes = 0;
};

class RingSession final : public Session {
 public:
  RingSession(RingFile& file, const RingOptions& options)
      : file_(file),
        options_(options),
        slot_bytes_(SlotBytes(file, options)),
        memory_(options.depth * slot_bytes_),
        ring_(options.depth, options.poll),
        slots_(options.depth) {
    for (unsigned i = options.depth; i-- > 0;) {
      slots_[i].buffer = memory_.data() + i * slot_bytes_;
      free_.push_back(i);
    }
    active_.reserve(options.depth);
    if (options.registered) ring_.Register(memory_.bytes(), Data());
  }

  ~RingSession() override {
    AwaitAll();
    if (options_.registered) ring_.Forget();
  }

  void Execute(const Batch& batch, Observer& observer) override {
    observer_ = &observer;
    every_ = observer.sample_every();
    try {
      for (std::size_t i = 0; i < batch.operations.size();) {
        if (batch.operations[i].kind() == OperationKind::kDiscard) {
          i += Discard(batch.operations.subspan(i), batch.first_sequence + i);
        } else {
          Begin(batch.operations[i], batch.first_sequence + i);
          ++i;
        }
      }
      while (!active_.empty()) CompleteSome();
    } catch (...) {
      // The kernel may still write to the buffers of what is in flight.
      AwaitAll();
      throw;
    }
  }

 private:
  // What an operation is waiting for.
  enum class Stage { kReading, kWriting };

  struct Slot {
    std::byte* buffer = nullptr;
    Operation operation;
    std::uint64_t sequence = 0;
    std::uint64_t begin = 0;  // bytes of the file that are transferred
    std::uint64_t end = 0;
    std::uint64_t moved = 0;  // of them, in this stage
    Stage stage = Stage::kReading;
    std::optional<BlockLocks::Pair> locks;  // that it holds
    bool timed = false;
    SteadyClock::time_point start;

    std::span<std::byte> bytes() const { return {buffer, end - begin}; }
    std::span<std::byte> record() const {
      return {buffer + (operation.offset() - begin), operation.length()};
    }
  };

  // Of one slot, a multiple of the page size so that each begins with one.
  static std::uint64_t SlotBytes(const RingFile& file, const RingOptions& options) {
    const std::uint64_t page = os::PageSize();
    const std::uint64_t bytes =
        options.direct ? file.blocks.BufferBytes(file.record_bytes) : file.record_bytes;
    return (bytes + page - 1) / page * page;
  }

  const os::File& Data() const { return options_.direct ? file_.blocks.direct() : file_.cached; }
  int Handle() const { return static_cast<int>(Data().handle()); }

  // Executes the discards at the front together, when everything before them is done. Returns how
  // many they are.
  std::size_t Discard(std::span<const Operation> operations, std::uint64_t sequence) {
    const auto start = every_ == 0 ? SteadyClock::time_point() : SteadyClock::now();
    while (!active_.empty()) CompleteSome();
    const DiscardRun run = DiscardsAtFront(operations);
    if (options_.direct) {
      // Zeros around whole blocks are written by calls.
      if (!block_access_) block_access_.emplace(file_.blocks, file_.locks, file_.record_bytes);
      block_access_->Discard(run);
    } else {
      Data().Discard(run.offset, run.length);
    }
    for (std::uint64_t i = sequence; every_ != 0 && i < sequence + run.operations; ++i) {
      if (i % every_ == 0) Report(start);
    }
    return run.operations;
  }

  // Starts the operation, as soon as nothing in flight is in its way.
  void Begin(const Operation& operation, std::uint64_t sequence) {
    const bool timed = every_ != 0 && sequence % every_ == 0;
    const auto start = timed ? SteadyClock::now() : SteadyClock::time_point();
    if (operation.kind() == OperationKind::kFlush) {
      while (!active_.empty()) CompleteSome();
      Data().SyncData();
      if (timed) Report(start);
      return;
    }
    const std::uint64_t begin = operation.offset();
    const std::uint64_t end = begin + operation.length();
    const BlockFile::Blocks range =
        options_.direct ? file_.blocks.Around(begin, end - begin) : BlockFile::Blocks{begin, end};
    while (free_.empty() || InFlight(range)) CompleteSome();
    std::optional<BlockLocks::Pair> locks;
    if (options_.direct && operation.kind() != OperationKind::kRead) {
      locks = file_.locks.Of(range, options_.block_bytes);
      while (!file_.locks.TryLock(*locks)) {
        // Another session has it; or this one has, for another block with the same lock.
        if (active_.empty()) {
          std::this_thread::yield();
        } else {
          CompleteSome();
        }
      }
    }
    const unsigned index = free_.back();
    free_.pop_back();
    active_.push_back(index);
    Slot& slot = slots_[index];
    slot = {.buffer = slot.buffer,
            .operation = operation,
            .sequence = sequence,
            .begin = range.begin,
            .end = range.end,
            .locks = locks,
            .timed = timed,
            .start = start};
    const bool whole = operation.kind() == OperationKind::kWrite && range.size() == end - begin;
    if (options_.direct && !file_.blocks.IsDirect(range)) {
      ExecuteAtTheEnd(slot, whole);
      Finish(index);
    } else if (whole) {
      WriteEffect(slot.record(), begin, sequence);
      slot.stage = Stage::kWriting;
      Prepare(index);
    } else {
      Prepare(index);
    }
  }

  // The file's last blocks can't be transferred past the cache (block_file.h).
  void ExecuteAtTheEnd(Slot& slot, bool whole) {
    const BlockFile::Blocks range = {slot.begin, slot.end};
    if (!whole) file_.blocks.Read(range, slot.bytes());
    Apply(slot);
    if (slot.operation.kind() != OperationKind::kRead) file_.blocks.Write(range, slot.bytes());
  }

  bool InFlight(BlockFile::Blocks range) const {
    return std::any_of(active_.begin(), active_.end(), [&](unsigned index) {
      return slots_[index].begin < range.end && range.begin < slots_[index].end;
    });
  }

  // What the operation does to its record in memory.
  void Apply(Slot& slot) {
    switch (slot.operation.kind()) {
      case OperationKind::kRead:
        read_checksum_ += ReadEffect(slot.record());
        break;
      case OperationKind::kUpdate:
        UpdateEffect(slot.record());
        break;
      default:
        WriteEffect(slot.record(), slot.operation.offset(), slot.sequence);
    }
  }

  // Queues the transfer of what is left of the slot's stage.
  void Prepare(unsigned index) {
    io_uring_sqe* entry = io_uring_get_sqe(ring_.get());
    while (entry == nullptr) {
      // With poll=on the kernel's thread may be behind.
      Submit(0);
      entry = io_uring_get_sqe(ring_.get());
    }
    const Slot& slot = slots_[index];
    std::byte* const from = slot.buffer + slot.moved;
    const auto length = static_cast<unsigned>(slot.end - slot.begin - slot.moved);
    const std::uint64_t offset = slot.begin + slot.moved;
    const int file = options_.registered ? 0 : Handle();
    if (slot.stage == Stage::kReading && options_.registered) {
      io_uring_prep_read_fixed(entry, file, from, length, offset, 0);
    } else if (slot.stage == Stage::kReading) {
      io_uring_prep_read(entry, file, from, length, offset);
    } else if (options_.registered) {
      io_uring_prep_write_fixed(entry, file, from, length, offset, 0);
    } else {
      io_uring_prep_write(entry, file, from, length, offset);
    }
    if (options_.registered) io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
    io_uring_sqe_set_data64(entry, index);
    ++queued_;
  }

  // Hands what is queued to the kernel, and waits for `completions`.
  void Submit(unsigned completions) {
    const int result = io_uring_submit_and_wait(ring_.get(), completions);
    if (result < 0 && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
      throw os::SystemError("submit to a ring for", Data().path().string(), -result);
    }
    if (result < 0) return;
    // The kernel's thread takes all that is queued, some of it perhaps later than it is counted.
    const unsigned taken = options_.poll ? queued_ : static_cast<unsigned>(result);
    in_kernel_ += taken;
    queued_ -= taken;
  }

  // Waits for a completion, and deals with all that are there. REQUIRES: something is in flight.
  void CompleteSome() {
    Submit(1);
    io_uring_cqe* entry = nullptr;
    while (io_uring_peek_cqe(ring_.get(), &entry) == 0) {
      const auto index = static_cast<unsigned>(io_uring_cqe_get_data64(entry));
      const int result = entry->res;
      io_uring_cqe_seen(ring_.get(), entry);
      --in_kernel_;
      Continue(index, result);
    }
  }

  // After a transfer of the slot's that ended with `result`.
  void Continue(unsigned index, int result) {
    Slot& slot = slots_[index];
    if (result < 0 && result != -EINTR && result != -EAGAIN) {
      throw os::SystemError(fmt::format("{}{} bytes at offset {} of",
                                        slot.stage == Stage::kReading ? "read " : "write ",
                                        slot.end - slot.begin, slot.begin),
                            Data().path().string(), -result);
    }
    if (result == 0) {
      throw Error(
          fmt::format("'{}' ends within the bytes at offset {}: another program cut it; keep "
                      "others off the data file",
                      Data().path().string(), slot.begin));
    }
    if (result > 0) slot.moved += static_cast<std::uint64_t>(result);
    if (slot.moved < slot.end - slot.begin) {
      Prepare(index);
      return;
    }
    if (slot.stage == Stage::kReading) {
      Apply(slot);
      if (slot.operation.kind() != OperationKind::kRead) {
        slot.stage = Stage::kWriting;
        slot.moved = 0;
        Prepare(index);
        return;
      }
    }
    Finish(index);
  }

  void Finish(unsigned index) {
    Slot& slot = slots_[index];
    Unlock(slot);
    if (slot.timed) Report(slot.start);
    active_.erase(std::find(active_.begin(), active_.end(), index));
    free_.push_back(index);
  }

  void Unlock(Slot& slot) {
    if (slot.locks) file_.locks.Unlock(*slot.locks);
    slot.locks.reset();
  }

  void Report(SteadyClock::time_point start) {
    observer_->Record(static_cast<std::uint64_t>(NanosecondsSince(start)));
  }

  // Waits until the kernel is done with all buffers, whatever the results, and forgets the rest.
  void AwaitAll() noexcept {
    while (in_kernel_ > 0) {
      io_uring_cqe* entry = nullptr;
      const int result = io_uring_wait_cqe(ring_.get(), &entry);
      if (result == -EINTR) continue;
      if (result < 0) break;
      io_uring_cqe_seen(ring_.get(), entry);
      --in_kernel_;
    }
    for (const unsigned index : active_) {
      Unlock(slots_[index]);
      free_.push_back(index);
    }
    active_.clear();
  }

  RingFile& file_;
  RingOptions options_;
  std::uint64_t slot_bytes_;
  os::AnonymousMemory memory_;
  Ring ring_;  // gone before the memory that it knows
  std::vector<Slot> slots_;
  std::vector<unsigned> free_;
  std::vector<unsigned> active_;
  std::optional<BlockAccess> block_access_;  // for discards, if direct
  unsigned queued_ = 0;                      // prepared and not handed over
  unsigned in_kernel_ = 0;                   // handed over and not seen complete
  Observer* observer_ = nullptr;
  std::uint64_t every_ = 0;
};

}  // namespace faultline

#endif
