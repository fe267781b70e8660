#include "harness/powercut/record_verdict.h"

#include <optional>
#include <vector>

#include "harness/record/dataset.h"
#include "harness/record/execute.h"
#include "harness/record/record_history.h"

namespace faultline {
namespace {

// Aligned words, since a page or a sector is written as a whole; or a head and a tail, since a page
// may be taken while the processor is at work on a record in it.
bool PartsSeen(const StateComparison& comparison) {
  return comparison.EveryWordSeen() || comparison.HeadAndTailSeen();
}

}  // namespace

RecordVerdict JudgeRecord(const Geometry& geometry, std::uint64_t seed, std::uint64_t record,
                          std::span<const Change> issued, std::uint64_t acknowledged,
                          std::span<const std::byte> found) {
  const std::uint64_t offset = record * geometry.record_size;
  std::vector<std::byte> state(geometry.record_size);
  FillContent(geometry, seed, offset, state);
  StateComparison any_state(offset, found);
  StateComparison permitted(offset, found);  // states that have all acknowledged changes
  std::optional<std::uint64_t> version;      // the latest that was found
  for (std::uint64_t number = 0; number <= issued.size(); ++number) {
    std::uint64_t begin = 0;
    std::uint64_t end = state.size();
    if (number > 0) {
      const Change& change = issued[number - 1];
      begin = change.operation.offset() - offset;
      end = begin + change.operation.length();
      ExecuteInMemory(
          std::span(&change.operation, 1), change.sequence,
          [&](std::uint64_t at, std::uint64_t) { return state.data() + (at - offset); });
    }
    any_state.Add(state, begin, end);
    if (any_state.matches()) version = number;
    if (number == acknowledged) permitted.Add(state, 0, state.size());
    if (number > acknowledged) permitted.Add(state, begin, end);
  }
  if (version && *version < acknowledged) {
    return {RecordState::kLost, *version, acknowledged - *version};
  }
  if (version) {
    const bool is_new = *version == issued.size();
    return {is_new ? RecordState::kIntactNew : RecordState::kIntactOld, *version, 0};
  }
  if (!PartsSeen(any_state)) return {RecordState::kImpossible, 0, acknowledged};
  if (PartsSeen(permitted)) return {RecordState::kTorn, acknowledged, 0};
  return {RecordState::kTorn, 0, acknowledged};
}

}  // namespace faultline
