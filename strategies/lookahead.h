// A session that knows its next operations, and announces them before they are executed. A strategy
// with such sessions says so (StrategyInfo::batches).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "faultline/strategy.h"

namespace faultline {

// Asks the processor for the lines that the operation's record begins with, at `at`: further ones
// it fetches by itself.
inline void PrefetchLines(const std::byte* at, const Operation& operation) {
  __builtin_prefetch(at);
  if (operation.Is(OperationKind::kUpdate)) return;
  __builtin_prefetch(at + std::min<std::uint64_t>(64, operation.length() - 1));
  __builtin_prefetch(at + std::min<std::uint64_t>(128, operation.length() - 1));
}

// How far ahead: pieces of `piece` operations (more, where they end with discards), of which
// `pieces` are announced before the one that is executed.
struct Distance {
  std::size_t piece = 0;   // > 0
  std::size_t pieces = 1;  // > 0
};

// `announce(operation)` is called for every read, update and write, within one batch of
// operations and before it is executed: at the beginning of the pieces-th piece before its own.
// Where it has them, `announce.Finish()` is called after each piece, and `announce.Arrive()` before
// that piece is executed.
//
// `Records` is the session that executes them.
template <class Records, class Announce>
class Lookahead final : public Session {
 public:
  // The rest is for that session.
  template <class... Arguments>
  Lookahead(Distance distance, Announce announce, Arguments&&... arguments)
      : distance_(distance),
        announce_(std::move(announce)),
        records_(std::forward<Arguments>(arguments)...) {}

  void Execute(const Batch& batch, Observer& observer) override {
    std::span<const Operation> to_announce = batch.operations;
    for (std::size_t i = 0; i < distance_.pieces; ++i) AnnouncePieceOf(to_announce);
    std::span<const Operation> left = batch.operations;
    for (std::uint64_t sequence = batch.first_sequence; !left.empty();) {
      AnnouncePieceOf(to_announce);
      if constexpr (requires { announce_.Arrive(); }) announce_.Arrive();
      const auto piece = PieceOf(left);
      records_.Execute({piece, sequence, batch.uniform}, observer);
      sequence += piece.size();
      left = left.subspan(piece.size());
    }
    read_checksum_ = records_.read_checksum();
  }

 private:
  // The next piece. It is longer where discards would be cut apart, which are executed as one
  // range.
  std::span<const Operation> PieceOf(std::span<const Operation> operations) const {
    std::size_t count = std::min(distance_.piece, operations.size());
    while (count < operations.size() && operations[count - 1].Is(OperationKind::kDiscard) &&
           operations[count].Is(OperationKind::kDiscard)) {
      ++count;
    }
    return operations.first(count);
  }

  // And takes it away.
  void AnnouncePieceOf(std::span<const Operation>& operations) {
    if (operations.empty()) return;
    const auto piece = PieceOf(operations);
    for (const Operation& operation : piece) {
      const OperationKind kind = operation.kind();
      if (kind != OperationKind::kFlush && kind != OperationKind::kDiscard) announce_(operation);
    }
    if constexpr (requires { announce_.Finish(); }) announce_.Finish();
    operations = operations.subspan(piece.size());
  }

  Distance distance_;
  Announce announce_;
  Records records_;
};

}  // namespace faultline
