// Turns an access class into a session, with everything inlined: one indirect call per batch, none
// per operation.
#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "faultline/discard.h"
#include "faultline/effect.h"
#include "faultline/strategy.h"

namespace faultline {

// An access class serves one session:
//   Read(offset, length, visit)     calls visit(std::span<const std::byte>) once with the bytes of
//                                   the range
//   Update(offset, length, mutate)  calls mutate(std::span<std::byte>) once with them, or only with
//                                   those that an update may change (kUpdatedBytes), and stores
//                                   what it left
//   Write(offset, length, produce)  calls produce(std::span<std::byte>) once with room for them,
//                                   and stores what it left
//   Flush()                         returns when everything that this session wrote is on stable
//                                   storage
// `offset` and `length` are in bytes. All throw Error.
//
// It may have EndBatch() besides, which is called at the end of every Execute; and
//   Discard(const DiscardRun& run)  makes the run's bytes zero and gives their storage back, as far
//                                   as it can be given back; the run may be longer than a record
// Without the latter zeros are stored by Write, operation by operation.
template <class A>
concept RecordAccess = requires(A access, std::uint64_t n,
                                void (*visit)(std::span<const std::byte>),
                                void (*mutate)(std::span<std::byte>)) {
  access.Read(n, n, visit);
  access.Update(n, n, mutate);
  access.Write(n, n, mutate);
  access.Flush();
};

template <RecordAccess A>
class Synchronous final : public Session {
 public:
  template <class... Arguments>
  explicit Synchronous(Arguments&&... arguments) : access_(std::forward<Arguments>(arguments)...) {}

  void Execute(const Batch& batch, Observer& observer) override {
    const std::uint64_t every = observer.sample_every();
    if (every == 0) {
      Run(batch.operations, batch.first_sequence, batch.uniform);
    } else {
      RunSampled(batch, every, observer);
    }
    if constexpr (requires(A & access) { access.EndBatch(); }) access_.EndBatch();
  }

 private:
  static constexpr std::uint64_t kWordBytes = sizeof(std::uint64_t);

  void Run(std::span<const Operation> operations, std::uint64_t sequence, bool uniform) {
    if (uniform && !operations.empty()) {
      RunUniform(operations, sequence);
    } else {
      RunMixed(operations, sequence);
    }
  }

  // Operations of one kind and length: no loop reads either.
  void RunUniform(std::span<const Operation> operations, std::uint64_t sequence) {
    const Operation& first = operations.front();
    if (first.Is(OperationKind::kRead)) {
      // A word, as a touch of a page is, with its length known to the compiler.
      read_checksum_ += first.length() == kWordBytes
                            ? ReadUniform(operations, Constant<kWordBytes>())
                            : ReadUniform(operations, first.length());
    } else if (IsWordUpdate(first)) {
      UpdateUniform(operations, first.length());
    } else {
      RunMixed(operations, sequence);  // nothing to be gained
    }
  }

  template <std::uint64_t n>
  using Constant = std::integral_constant<std::uint64_t, n>;

  // Returns the sum of what it read.
  template <class Length>
  [[gnu::noinline]] std::uint64_t ReadUniform(std::span<const Operation> operations,
                                              Length length) {
    ReadSum sum;
    WithAccess([&](A & access) __attribute__((always_inline)) {
      for (const Operation operation : operations) {
        access.Read(operation.offset(), length,
                    [&sum](std::span<const std::byte> bytes) { sum.Add(bytes); });
      }
    });
    return sum.total();
  }

  // The machine code of one mapped update is
  //     mov  (operation),%rdx    and  %offset_mask,%rdx    addq  $1,(%base,%rdx)
  // with one step and one comparison of the pointer for four of them, and a guard holds it to that
  // (tests/strategies/codegen_test.py). A loop written by hand over prepared offsets has six
  // instructions for each update and takes 1.00 to 1.06 times as long: the fewer there are, the
  // more updates fit the processor's window, where their cache misses overlap. For the same reason
  // nothing here may find out by itself whether a batch is uniform: a scan of 64 operations before
  // they are executed takes the window for itself, and updates took 1.3 times as long.
  [[gnu::noinline]] void UpdateUniform(std::span<const Operation> operations,
                                       std::uint64_t length) {
    WithAccess([=](A & access) __attribute__((always_inline)) {
      const Operation* at = operations.data();
      const Operation* const end = at + operations.size();
      // Four are loaded before the first of them is executed: the effect is a barrier.
      for (; end - at >= 4; at += 4) {
        const Operation first = at[0], second = at[1], third = at[2], fourth = at[3];
        UpdateWord(access, first.offset(), length);
        UpdateWord(access, second.offset(), length);
        UpdateWord(access, third.offset(), length);
        UpdateWord(access, fourth.offset(), length);
      }
      for (; at != end; ++at) UpdateWord(access, at->offset(), length);
    });
  }

  // Calls `work(access)`, if possible with a copy of the access: no other code knows its address,
  // so it stays in registers across the effects' barriers, where `work` is inlined.
  template <class Work>
  [[gnu::always_inline]] void WithAccess(Work work) {
    if constexpr (std::copyable<A> && std::is_trivially_copyable_v<A>) {
      A access = access_;
      work(access);
      access_ = access;
    } else {
      work(access_);
    }
  }

  // Each kind has a loop of its own, left when the kind changes, so that a plan of one kind runs
  // the tightest loop there can be.
  void RunMixed(std::span<const Operation> operations, std::uint64_t sequence) {
    const Operation* at = operations.data();
    const Operation* const end = at + operations.size();
    std::uint64_t checksum = read_checksum_;
    while (at != end) {
      // The rare kinds last, so that plans of several kinds find theirs by the fewest comparisons.
      const Operation* const first = at;
      if (at->Is(OperationKind::kRead)) {
        at = IsWordRead(*at) ? ReadWords(at, end, checksum) : ReadBytes(at, end, checksum);
        sequence += static_cast<std::uint64_t>(at - first);
      } else if (at->Is(OperationKind::kUpdate)) {
        at = IsWordUpdate(*at) ? UpdateWords(at, end) : UpdateBytes(at, end);
        sequence += static_cast<std::uint64_t>(at - first);
      } else if (at->Is(OperationKind::kWrite)) {
        do {
          access_.Write(at->offset(), at->length(), [=](std::span<std::byte> bytes) {
            WriteEffect(bytes, at->offset(), sequence);
          });
          ++at, ++sequence;
        } while (at != end && at->Is(OperationKind::kWrite));
      } else if (at->Is(OperationKind::kDiscard)) {
        const std::size_t count = DiscardSome({at, end});
        at += count, sequence += count;
      } else {
        access_.Flush();
        ++at, ++sequence;
      }
    }
    read_checksum_ = checksum;
  }

  // Whether this is a read of one word, as a touch of a page is. One comparison answers for kind
  // and length.
  static bool IsWordRead(const Operation& operation) {
    constexpr auto kLowest =
        std::bit_cast<std::uint64_t>(Operation(OperationKind::kRead, 0, kWordBytes));
    return std::bit_cast<std::uint64_t>(operation) - kLowest < Operation::kMaximumFileSize;
  }

  // Each executes reads of its kind from `at` on, adds their sum to `checksum`, and returns where
  // they end. REQUIRES: one is at `at`.
  [[gnu::noinline]] const Operation* ReadWords(const Operation* at, const Operation* end,
                                               std::uint64_t& checksum) {
    WithAccess([&](A & access) __attribute__((always_inline)) {
      at = ReadWordsWith(access, at, end, checksum);
    });
    return at;
  }

  // The fewer instructions a word takes, the more words' cache misses overlap.
  [[gnu::always_inline]] static const Operation* ReadWordsWith(A& access, const Operation* at,
                                                               const Operation* end,
                                                               std::uint64_t& checksum) {
    std::uint64_t sum = 0;
    do {
      access.Read(at->offset(), kWordBytes,
                  [&sum](std::span<const std::byte> bytes) { sum += LoadWord(bytes.data()); });
      ++at;
    } while (at != end && IsWordRead(*at));
    checksum += sum;
    return at;
  }

  const Operation* ReadBytes(const Operation* at, const Operation* end, std::uint64_t& checksum) {
    ReadSum sum;
    do {
      access_.Read(at->offset(), at->length(),
                   [&sum](std::span<const std::byte> bytes) { sum.Add(bytes); });
      ++at;
    } while (at != end && at->Is(OperationKind::kRead) && !IsWordRead(*at));
    checksum += sum.total();
    return at;
  }

  // Whether this is an update of at least a word, which UpdateEffect changes as a whole. One
  // comparison answers for kind and length at once, as operations order by kind, then length, then
  // offset. With two, and a third inside UpdateEffect, an update of warm pages took 1.2 times as
  // long as in a loop written by hand, probably as fewer of them fit the processor's window of
  // instructions, so that fewer cache misses overlap. With one it takes about as long.
  static bool IsWordUpdate(const Operation& operation) {
    constexpr auto kLowest =
        std::bit_cast<std::uint64_t>(Operation(OperationKind::kUpdate, 0, kWordBytes));
    constexpr auto kHighest = std::bit_cast<std::uint64_t>(Operation(
        OperationKind::kUpdate, Operation::kMaximumFileSize - 1, Operation::kMaximumLength));
    return std::bit_cast<std::uint64_t>(operation) - kLowest <= kHighest - kLowest;
  }

  // Each executes updates of its kind from `at` on and returns where they end. REQUIRES: one is at
  // `at`.
  //
  // Out of line, as Run has no registers left to keep this loop's constants in.
  [[gnu::noinline]] const Operation* UpdateWords(const Operation* at, const Operation* end) {
    WithAccess([&](A & access)
                   __attribute__((always_inline)) { at = UpdateWordsWith(access, at, end); });
    return at;
  }

  // Four at a time, read and compared before the first of them is executed: the effect is a
  // barrier, behind which the compiler would read and compare again. That took an update from 1.06
  // to 1.01 times the time of the loop written by hand.
  [[gnu::always_inline]] static const Operation* UpdateWordsWith(A& access, const Operation* at,
                                                                 const Operation* end) {
    while (end - at >= 4) {
      const Operation first = at[0], second = at[1], third = at[2], fourth = at[3];
      if (!(IsWordUpdate(first) && IsWordUpdate(second) && IsWordUpdate(third) &&
            IsWordUpdate(fourth))) {
        break;
      }
      UpdateWord(access, first.offset(), first.length());
      UpdateWord(access, second.offset(), second.length());
      UpdateWord(access, third.offset(), third.length());
      UpdateWord(access, fourth.offset(), fourth.length());
      at += 4;
    }
    for (; at != end; ++at) {
      const Operation operation = *at;
      if (!IsWordUpdate(operation)) break;
      UpdateWord(access, operation.offset(), operation.length());
    }
    return at;
  }

  [[gnu::always_inline]] static void UpdateWord(A& access, std::uint64_t offset,
                                                std::uint64_t length) {
    // Tells the compiler what IsWordUpdate found, and spares the effect its own comparison.
    if (length < kWordBytes) __builtin_unreachable();
    access.Update(offset, length, [](std::span<std::byte> bytes) { UpdateEffect(bytes); });
  }

  const Operation* UpdateBytes(const Operation* at, const Operation* end) {
    do {
      access_.Update(at->offset(), at->length(),
                     [](std::span<std::byte> bytes) { UpdateEffect(bytes); });
      ++at;
    } while (at != end && at->Is(OperationKind::kUpdate) && !IsWordUpdate(*at));
    return at;
  }

  // Executes the first operations, which are discards, and says how many they were. Out of line:
  // the other loops are to be as if it weren't there.
  [[gnu::noinline]] std::size_t DiscardSome(std::span<const Operation> operations) {
    if constexpr (requires(A & access, DiscardRun run) { access.Discard(run); }) {
      const DiscardRun run = DiscardsAtFront(operations);
      access_.Discard(run);
      return run.operations;
    } else {
      const Operation& first = operations.front();
      WriteZeros(access_, first.offset(), first.length(), first.length());
      return 1;
    }
  }

  void RunSampled(const Batch& batch, std::uint64_t every, Observer& observer) {
    using Clock = std::chrono::steady_clock;
    std::span<const Operation> left = batch.operations;
    std::uint64_t sequence = batch.first_sequence;
    while (!left.empty()) {
      const std::uint64_t untimed = (every - sequence % every) % every;
      if (untimed >= left.size()) {
        Run(left, sequence, batch.uniform);
        return;
      }
      Run(left.first(untimed), sequence, batch.uniform);
      left = left.subspan(untimed);
      sequence += untimed;
      const auto start = Clock::now();
      RunMixed(left.first(1), sequence);
      const auto elapsed = Clock::now() - start;
      observer.Record(static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count()));
      left = left.subspan(1);
      ++sequence;
    }
  }

  A access_;
};

}  // namespace faultline
