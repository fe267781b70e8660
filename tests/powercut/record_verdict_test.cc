// The judgement of one record, on images made up by hand.
#include "harness/powercut/record_verdict.h"

#include <algorithm>
#include <cstring>

#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

// Record 32 of 125 bytes lies on both sides of a page's border, at its byte 96.
constexpr std::uint64_t kRecord = 32;
constexpr std::uint64_t kOffset = kRecord * 125;
constexpr std::uint64_t kBorder = 4096 - kOffset;

std::vector<Change> Changes(OperationKind kind, std::uint64_t count) {
  std::vector<Change> changes;
  for (std::uint64_t i = 0; i < count; ++i) {
    changes.push_back({Operation(kind, kOffset, 125), 10 * i});
  }
  return changes;
}

// The record after the first `count` of the changes.
std::vector<std::byte> Version(std::span<const Change> changes, std::uint64_t count) {
  std::vector<std::byte> state(125);
  FillContent(kGeometry, kTestSeed, kOffset, state);
  for (const Change& change : changes.first(count)) {
    ExecuteInMemory(std::span(&change.operation, 1), change.sequence,
                    [&](std::uint64_t, std::uint64_t) { return state.data(); });
  }
  return state;
}

// The head of one version and the tail of another.
std::vector<std::byte> Mixed(std::span<const Change> changes, std::uint64_t head,
                             std::uint64_t tail, std::uint64_t border) {
  std::vector<std::byte> state = Version(changes, head);
  const std::vector<std::byte> rest = Version(changes, tail);
  std::copy(rest.begin() + static_cast<std::ptrdiff_t>(border), rest.end(),
            state.begin() + static_cast<std::ptrdiff_t>(border));
  return state;
}

void CheckVerdict(std::span<const Change> issued, std::uint64_t acknowledged,
                  std::span<const std::byte> found, RecordState state, std::uint64_t survived,
                  std::uint64_t missing) {
  const RecordVerdict verdict =
      JudgeRecord(kGeometry, kTestSeed, kRecord, issued, acknowledged, found);
  CHECK(static_cast<int>(verdict.state) == static_cast<int>(state));
  CHECK(verdict.survived == survived);
  CHECK(verdict.missing == missing);
}

TEST_CASE("a record as its last change left it is new, whatever was promised") {
  for (const OperationKind kind : {OperationKind::kUpdate, OperationKind::kWrite}) {
    const std::vector<Change> changes = Changes(kind, 3);
    for (std::uint64_t acknowledged = 0; acknowledged <= 3; ++acknowledged) {
      CheckVerdict(changes, acknowledged, Version(changes, 3), RecordState::kIntactNew, 3, 0);
    }
  }
}

TEST_CASE("a record that no change was issued for is new when untouched") {
  CheckVerdict({}, 0, Version({}, 0), RecordState::kIntactNew, 0, 0);
}

TEST_CASE("an earlier state is old unless something acknowledged is missing") {
  const std::vector<Change> changes = Changes(OperationKind::kUpdate, 4);
  CheckVerdict(changes, 0, Version(changes, 0), RecordState::kIntactOld, 0, 0);
  CheckVerdict(changes, 2, Version(changes, 2), RecordState::kIntactOld, 2, 0);
  CheckVerdict(changes, 2, Version(changes, 3), RecordState::kIntactOld, 3, 0);
}

TEST_CASE("a state older than what was acknowledged is lost") {
  for (const OperationKind kind : {OperationKind::kUpdate, OperationKind::kWrite}) {
    const std::vector<Change> changes = Changes(kind, 4);
    CheckVerdict(changes, 3, Version(changes, 2), RecordState::kLost, 2, 1);
    CheckVerdict(changes, 4, Version(changes, 0), RecordState::kLost, 0, 4);
  }
}

TEST_CASE("a state that comes back is taken for its latest") {
  // The first byte of a short update counts round.
  std::vector<Change> changes;
  for (std::uint64_t i = 0; i < 256; ++i) {
    changes.push_back({Operation(OperationKind::kUpdate, kOffset, 4), i});
  }
  CheckVerdict(changes, 256, Version(changes, 0), RecordState::kIntactNew, 256, 0);
}

TEST_CASE("a record whose discard is missing is old or lost, and zeros are its latest discard") {
  const std::vector<Change> changes = {{Operation(OperationKind::kWrite, kOffset, 125), 0},
                                       {Operation(OperationKind::kDiscard, kOffset, 125), 1},
                                       {Operation(OperationKind::kWrite, kOffset, 125), 2},
                                       {Operation(OperationKind::kDiscard, kOffset, 125), 3}};
  const std::span<const Change> first(changes.data(), 2);
  CheckVerdict(first, 1, Version(changes, 1), RecordState::kIntactOld, 1, 0);
  CheckVerdict(first, 2, Version(changes, 1), RecordState::kLost, 1, 1);
  CheckVerdict(first, 2, Version(changes, 2), RecordState::kIntactNew, 2, 0);
  CheckVerdict(first, 0, Mixed(changes, 1, 2, kBorder), RecordState::kTorn, 0, 0);
  CheckVerdict(changes, 3, Version(changes, 2), RecordState::kIntactNew, 4, 0);
  CheckVerdict(std::span(changes).first(3), 3, Version(changes, 2), RecordState::kLost, 2, 1);
}

TEST_CASE("pages of two versions make a torn record") {
  const std::vector<Change> changes = Changes(OperationKind::kWrite, 3);
  CheckVerdict(changes, 0, Mixed(changes, 3, 1, kBorder), RecordState::kTorn, 0, 0);
  CheckVerdict(changes, 0, Mixed(changes, 0, 2, kBorder), RecordState::kTorn, 0, 0);
}

TEST_CASE("a record caught at any byte of a write is torn") {
  const std::vector<Change> changes = Changes(OperationKind::kWrite, 2);
  for (std::uint64_t border = 1; border < 125; ++border) {
    INFO("border at " << border);
    CheckVerdict(changes, 0, Mixed(changes, 2, 1, border), RecordState::kTorn, 0, 0);
  }
}

TEST_CASE("words of several versions make a torn record") {
  const std::vector<Change> changes = Changes(OperationKind::kWrite, 3);
  std::vector<std::byte> found = Version(changes, 3);
  for (const std::uint64_t version : {0, 1, 2}) {
    // Aligned in the file: 4000 is a multiple of 8.
    std::memcpy(found.data() + 16 * (version + 1),
                Version(changes, version).data() + 16 * (version + 1), 8);
  }
  CheckVerdict(changes, 0, found, RecordState::kTorn, 0, 0);
}

TEST_CASE("a torn record misses what was acknowledged only if its parts are older") {
  const std::vector<Change> changes = Changes(OperationKind::kWrite, 3);
  CheckVerdict(changes, 1, Mixed(changes, 3, 1, kBorder), RecordState::kTorn, 1, 0);
  CheckVerdict(changes, 2, Mixed(changes, 3, 1, kBorder), RecordState::kTorn, 0, 2);
}

TEST_CASE("what no state of a record can have left is impossible") {
  const std::vector<Change> changes = Changes(OperationKind::kUpdate, 3);
  std::vector<std::byte> flipped = Version(changes, 3);
  flipped[60] ^= std::byte{1};
  CheckVerdict(changes, 0, flipped, RecordState::kImpossible, 0, 0);
  CheckVerdict(changes, 2, flipped, RecordState::kImpossible, 0, 2);
  // An update more than were issued.
  const std::vector<Change> more = Changes(OperationKind::kUpdate, 4);
  CheckVerdict(changes, 0, Version(more, 4), RecordState::kImpossible, 0, 0);
  const std::vector<std::byte> zeros(125);
  CheckVerdict(changes, 0, zeros, RecordState::kImpossible, 0, 0);
}

}  // namespace
}  // namespace faultline
