// Judges one record of the image that a power cut left: compares its bytes with every state that
// the record went through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "faultline/geometry.h"
#include "faultline/operation.h"

namespace faultline {

enum class RecordState {
  kIntactNew,   // its state after the last change that was issued
  kIntactOld,   // an earlier state, without any change that was acknowledged as durable missing
  kTorn,        // no state as a whole, but each part of it comes from one
  kLost,        // a state older than the last change that was acknowledged as durable
  kImpossible,  // none of these: bytes that no power cut can have put there
  kUnreadable,  // not found out: the strategy can't recover the storage that held it
};

// A change (update, write or discard) of a record, and its number in the plan.
struct Change {
  Operation operation;
  std::uint64_t sequence = 0;
};

struct RecordVerdict {
  RecordState state = RecordState::kIntactNew;
  std::uint64_t survived = 0;  // changes whose effect is there; for a torn record those that surely
                               // are, for an impossible one none
  std::uint64_t missing = 0;   // changes that were acknowledged as durable and are not there
};

// Judges record `record` of a dataset, of which `found` was found. `issued` are its changes that
// were begun before the cut, in order; the first `acknowledged` of them were acknowledged as
// durable. A state that comes back, as zeros do after each discard, is taken for its latest. A pure
// function. REQUIRES: found.size() == geometry.record_size; the changes lie in the
// record; acknowledged ≤ issued.size().
RecordVerdict JudgeRecord(const Geometry& geometry, std::uint64_t seed, std::uint64_t record,
                          std::span<const Change> issued, std::uint64_t acknowledged,
                          std::span<const std::byte> found);

}  // namespace faultline
