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

#include "harness/record/effect.h"
#include "strategies/discard.h"
#include "strategies/strategy.h"

namespace faultline {

// An access class serves one session:
//   Read(offset, length, visit)     calls visit(std::span<const std::byte>) once with the bytes of
//                                   the range
//   Update(offset, length, mutate)  calls mutate(std::span<std::byte>) once with them, or only with
//                                   those that an update may change (kUpdatedBytes), and stores what
//                                   it left
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
      Run(batch.operations, batch.first_sequence);
    } else {
      RunSampled(batch, every, observer);
    }
    if constexpr (requires(A & access) { access.EndBatch(); }) access_.EndBatch();
  }

 private:
  static constexpr std::uint64_t kWordBytes = sizeof(std::uint64_t);

  // Each kind has a loop of its own, left when the kind changes, so that a plan of one kind runs
  // the tightest loop there can be.
  void Run(std::span<const Operation> operations, std::uint64_t sequence) {
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
    if constexpr (std::copyable<A> && std::is_trivially_copyable_v<A>) {
      A access = access_;  // in registers, as in UpdateWords
      at = ReadWordsWith(access, at, end, checksum);
      access_ = access;
      return at;
    } else {
      return ReadWordsWith(access_, at, end, checksum);
    }
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
    std::uint64_t sum = 0;
    do {
      access_.Read(at->offset(), at->length(),
                   [&sum](std::span<const std::byte> bytes) { sum += ReadEffect(bytes); });
      ++at;
    } while (at != end && at->Is(OperationKind::kRead) && !IsWordRead(*at));
    checksum += sum;
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
    if constexpr (std::copyable<A> && std::is_trivially_copyable_v<A>) {
      // Nobody else knows this copy's address: it stays in registers across the effect's barrier.
      A access = access_;
      at = UpdateWordsWith(access, at, end);
      access_ = access;
      return at;
    } else {
      return UpdateWordsWith(access_, at, end);
    }
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
      UpdateWord(access, first);
      UpdateWord(access, second);
      UpdateWord(access, third);
      UpdateWord(access, fourth);
      at += 4;
    }
    for (; at != end; ++at) {
      const Operation operation = *at;
      if (!IsWordUpdate(operation)) break;
      UpdateWord(access, operation);
    }
    return at;
  }

  [[gnu::always_inline]] static void UpdateWord(A& access, Operation operation) {
    const std::uint64_t length = operation.length();
    // Tells the compiler what IsWordUpdate found, and spares the effect its own comparison.
    if (length < kWordBytes) __builtin_unreachable();
    access.Update(operation.offset(), length,
                  [](std::span<std::byte> bytes) { UpdateEffect(bytes); });
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
        Run(left, sequence);
        return;
      }
      Run(left.first(untimed), sequence);
      left = left.subspan(untimed);
      sequence += untimed;
      const auto start = Clock::now();
      Run(left.first(1), sequence);
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
