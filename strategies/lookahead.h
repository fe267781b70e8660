// A session that knows its next operations, and announces them before they are executed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "strategies/synchronous.h"

namespace faultline {

// `announce(operation)` is called for every operation that is no flush, `distance` to twice as many
// operations before it is executed, within one batch; and where it has one, `announce.Finish()`
// after every so many of them.
template <RecordAccess A, class Announce>
class Lookahead final : public Session {
 public:
  // REQUIRES: distance > 0. The rest is for the access.
  template <class... Arguments>
  Lookahead(std::uint64_t distance, Announce announce, Arguments&&... arguments)
      : distance_(distance),
        announce_(std::move(announce)),
        records_(std::forward<Arguments>(arguments)...) {}

  void Execute(const Batch& batch, Observer& observer) override {
    const std::span<const Operation> operations = batch.operations;
    AnnounceAll(operations.first(std::min(distance_, operations.size())));
    for (std::size_t done = 0; done < operations.size();) {
      const std::size_t here = std::min(distance_, operations.size() - done);
      const std::size_t next = std::min(distance_, operations.size() - done - here);
      AnnounceAll(operations.subspan(done + here, next));
      records_.Execute({operations.subspan(done, here), batch.first_sequence + done}, observer);
      done += here;
    }
    read_checksum_ = records_.read_checksum();
  }

 private:
  void AnnounceAll(std::span<const Operation> operations) {
    for (const Operation& operation : operations) {
      if (operation.kind() != OperationKind::kFlush) announce_(operation);
    }
    if constexpr (requires { announce_.Finish(); }) announce_.Finish();
  }

  std::size_t distance_;
  Announce announce_;
  Synchronous<A> records_;
};

}  // namespace faultline
