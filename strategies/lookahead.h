// A session that knows its next operations, and announces them before they are executed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "strategies/strategy.h"

namespace faultline {

// Asks the processor for the lines that the operation's record begins with, at `at`: further ones it
// fetches by itself.
inline void PrefetchLines(const std::byte* at, const Operation& operation) {
  __builtin_prefetch(at);
  if (operation.kind() == OperationKind::kUpdate) return;
  __builtin_prefetch(at + std::min<std::uint64_t>(64, operation.length() - 1));
  __builtin_prefetch(at + std::min<std::uint64_t>(128, operation.length() - 1));
}

// How far ahead: pieces of so many operations, of which so many are announced before the one that is
// executed.
struct Distance {
  std::size_t piece = 0;   // > 0
  std::size_t pieces = 1;  // > 0
};

// `announce(operation)` is called for every operation that is no flush, within one batch of
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

  bool WorksTogether() const override { return true; }

  void Execute(const Batch& batch, Observer& observer) override {
    std::span<const Operation> to_announce = batch.operations;
    for (std::size_t i = 0; i < distance_.pieces; ++i) AnnouncePieceOf(to_announce);
    std::span<const Operation> left = batch.operations;
    for (std::uint64_t sequence = batch.first_sequence; !left.empty();) {
      AnnouncePieceOf(to_announce);
      if constexpr (requires { announce_.Arrive(); }) announce_.Arrive();
      const auto piece = left.first(std::min(distance_.piece, left.size()));
      records_.Execute({piece, sequence}, observer);
      sequence += piece.size();
      left = left.subspan(piece.size());
    }
    read_checksum_ = records_.read_checksum();
  }

 private:
  // And takes it away.
  void AnnouncePieceOf(std::span<const Operation>& operations) {
    if (operations.empty()) return;
    const auto piece = operations.first(std::min(distance_.piece, operations.size()));
    for (const Operation& operation : piece) {
      if (operation.kind() != OperationKind::kFlush) announce_(operation);
    }
    if constexpr (requires { announce_.Finish(); }) announce_.Finish();
    operations = operations.subspan(piece.size());
  }

  Distance distance_;
  Announce announce_;
  Records records_;
};

}  // namespace faultline
