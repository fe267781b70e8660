// Turns an access class into a session, with everything inlined: one indirect call per batch, none
// per operation.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <span>
#include <utility>

#include "harness/record/effect.h"
#include "strategies/strategy.h"

namespace faultline {

// An access class serves one session:
//   Read(offset, length, visit)     calls visit(std::span<const std::byte>) once with the bytes of
//   the range Update(offset, length, mutate)  calls mutate(std::span<std::byte>) once with them,
//   and stores what it left Write(offset, length, produce)  calls produce(std::span<std::byte>)
//   once with room for them, and stores what it left Flush()                         returns when
//   everything this session wrote is on stable storage
// `offset` and `length` are in bytes. All throw Error.
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
  }

 private:
  // Each kind has a loop of its own, left when the kind changes, so that a plan of one kind runs
  // the tightest loop there can be.
  void Run(std::span<const Operation> operations, std::uint64_t sequence) {
    const Operation* at = operations.data();
    const Operation* const end = at + operations.size();
    std::uint64_t checksum = read_checksum_;
    while (at != end) {
      switch (at->kind()) {
        case OperationKind::kRead:
          do {
            access_.Read(at->offset(), at->length(), [&checksum](std::span<const std::byte> bytes) {
              checksum += ReadEffect(bytes);
            });
            ++at, ++sequence;
          } while (at != end && at->kind() == OperationKind::kRead);
          break;
        case OperationKind::kUpdate:
          do {
            access_.Update(at->offset(), at->length(),
                           [](std::span<std::byte> bytes) { UpdateEffect(bytes); });
            ++at, ++sequence;
          } while (at != end && at->kind() == OperationKind::kUpdate);
          break;
        case OperationKind::kWrite:
          do {
            access_.Write(at->offset(), at->length(), [=](std::span<std::byte> bytes) {
              WriteEffect(bytes, at->offset(), sequence);
            });
            ++at, ++sequence;
          } while (at != end && at->kind() == OperationKind::kWrite);
          break;
        case OperationKind::kFlush:
          access_.Flush();
          ++at, ++sequence;
          break;
      }
    }
    read_checksum_ = checksum;
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
