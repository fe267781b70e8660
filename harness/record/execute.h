// The loop that every reference executor runs, and the loop that feeds it a whole plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "faultline/effect.h"
#include "faultline/operation.h"
#include "harness/record/plan.h"

namespace faultline {

// Applies the effects of `operations`, in order, to the memory that `locate(offset, length)` names:
// a pointer to that range of the file, or nullptr for a range to leave alone. `first_sequence` is
// the first operation's number in its worker's plan. Returns the sum of ReadEffect over the reads
// that were located.
template <class Locate>
std::uint64_t ExecuteInMemory(std::span<const Operation> operations, std::uint64_t first_sequence,
                              Locate locate) {
  // Far enough ahead for a fetch from memory to arrive in time.
  constexpr std::size_t kAhead = 16;
  std::uint64_t checksum = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (i + kAhead < operations.size()) {
      const Operation& later = operations[i + kAhead];
      if (later.kind() != OperationKind::kFlush) {
        __builtin_prefetch(locate(later.offset(), later.length()), 1);
      }
    }
    const Operation& operation = operations[i];
    if (operation.kind() == OperationKind::kFlush) continue;
    std::byte* at = locate(operation.offset(), operation.length());
    if (at == nullptr) continue;
    const std::span<std::byte> bytes(at, operation.length());
    switch (operation.kind()) {
      case OperationKind::kRead:
        checksum += ReadEffect(bytes);
        break;
      case OperationKind::kUpdate:
        UpdateEffect(bytes);
        break;
      case OperationKind::kWrite:
        WriteEffect(bytes, operation.offset(), first_sequence + i);
        break;
      case OperationKind::kDiscard:
        DiscardEffect(bytes);
        break;
      case OperationKind::kFlush:
        break;
    }
  }
  return checksum;
}

// Calls `execute(operations, first_sequence)` with every operation of `passes` passes, batch by
// batch: one worker after another, each in order, with its sequence numbers going on over the
// passes.
template <class Execute>
void ForEachBatch(const Plan& plan, std::uint64_t workers, std::uint64_t passes, Execute execute) {
  std::vector<Operation> batch(4096);
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    std::uint64_t sequence = 0;
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
      const std::unique_ptr<OperationStream> stream = plan.Stream({worker, workers});
      while (const std::size_t count = stream->Next(batch)) {
        execute(std::span<const Operation>(batch).first(count), sequence);
        sequence += count;
      }
    }
  }
}

// Throws Error saying that an operation crosses the end of the range that `executor` holds, which
// ends with a record.
[[noreturn, gnu::cold]] void ThrowStraddling(std::uint64_t offset, std::uint64_t length);

}  // namespace faultline
