// Distinguishes lost, torn, misplaced and foreign records.
//
// The order of the questions matters, from the answer that can't be a coincidence to the one that
// remains: an older state (lost), counters that are behind (lost) or ahead (misplaced), words that
// all come from the record's own states (torn), another record's content (misplaced), a head and a
// tail of own states (torn), none (foreign).
#include "harness/record/record_history.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "faultline/effect.h"
#include "harness/base/text.h"
#include "harness/record/content.h"
#include "harness/record/dataset.h"

namespace faultline {
namespace {

constexpr std::uint64_t kWordBytes = 8;
// A plan with more places for counters than this in a record is of a kind that no workload makes.
constexpr std::size_t kMaximumCounters = 256;

bool SameBytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  return std::memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

StateComparison::StateComparison(std::uint64_t offset, std::span<const std::byte> found)
    : offset_(offset),
      found_(found),
      wrong_end_(found.size()),
      word_seen_((offset + found.size() - 1) / kWordBytes - offset / kWordBytes + 1) {}

void StateComparison::Add(std::span<const std::byte> state, std::uint64_t begin,
                          std::uint64_t end) {
  const std::uint64_t first_word = offset_ / kWordBytes;
  for (std::uint64_t word = (offset_ + begin) / kWordBytes; word * kWordBytes < offset_ + end;
       ++word) {
    const std::uint64_t from = std::max(word * kWordBytes, offset_) - offset_;
    const std::uint64_t to = std::min((word + 1) * kWordBytes - offset_, found_.size());
    if (SameBytes(state.subspan(from, to - from), found_.subspan(from, to - from))) {
      word_seen_[word - first_word] = true;
    }
  }
  // What lay before (behind) the change is as it was, so a search resumes there at the earliest.
  if (begin <= first_wrong_) {
    first_wrong_ = begin;
    while (first_wrong_ < found_.size() && state[first_wrong_] == found_[first_wrong_]) {
      ++first_wrong_;
    }
  }
  if (end >= wrong_end_) {
    wrong_end_ = end;
    while (wrong_end_ > 0 && state[wrong_end_ - 1] == found_[wrong_end_ - 1]) --wrong_end_;
  }
  longest_head_ = std::max(longest_head_, first_wrong_);
  longest_tail_ = std::max(longest_tail_, found_.size() - wrong_end_);
}

bool StateComparison::EveryWordSeen() const {
  return std::find(word_seen_.begin(), word_seen_.end(), false) == word_seen_.end();
}

RecordHistory::RecordHistory(const Geometry& geometry, std::uint64_t seed, std::uint64_t record,
                             std::span<const std::byte> found)
    : geometry_(geometry),
      seed_(seed),
      offset_(record * geometry.record_size),
      found_(found),
      state_(geometry.record_size),
      comparison_(offset_, found) {
  FillContent(geometry, seed, offset_, state_);
  comparison_.Add(state_, 0, state_.size());
  if (comparison_.matches()) matched_after_ = 0;
}

void RecordHistory::Execute(std::span<const Operation> operations, std::uint64_t first_sequence) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    switch (operation.kind()) {
      case OperationKind::kUpdate:
        NoteUpdate(operation);
        break;
      case OperationKind::kWrite:
        NoteWrite(operation, first_sequence + i);
        break;
      case OperationKind::kDiscard:
        break;
      case OperationKind::kRead:
      case OperationKind::kFlush:
        continue;
    }
    // An offset before the record wraps around to a huge one.
    if (operation.offset() - offset_ < state_.size()) Apply(operation, first_sequence + i);
  }
}

void RecordHistory::Apply(const Operation& operation, std::uint64_t sequence) {
  const std::uint64_t begin = operation.offset() - offset_;
  const auto bytes = std::span(state_).subspan(begin, operation.length());
  ++changes_;
  if (operation.kind() == OperationKind::kUpdate) {
    UpdateEffect(bytes);
    if (without_) UpdateEffect(std::span(without_latest_).subspan(begin, operation.length()));
  } else {
    without_latest_ = state_;
    without_ = operation.kind();
    changes_at_latest_ = changes_;
    if (without_ == OperationKind::kWrite) {
      WriteEffect(bytes, operation.offset(), sequence);
    } else {
      DiscardEffect(bytes);
    }
  }
  comparison_.Add(state_, begin, begin + operation.length());
  if (comparison_.matches()) matched_after_ = changes_;
}

void RecordHistory::NoteUpdate(const Operation& operation) {
  ++all_updates_;
  const Counter counter{operation.offset() % geometry_.record_size,
                        operation.length() >= kWordBytes ? kWordBytes : 1};
  for (const Counter& known : counters_) {
    if (known.position == counter.position && known.width == counter.width) return;
  }
  if (counters_.size() < kMaximumCounters) counters_.push_back(counter);
}

void RecordHistory::NoteWrite(const Operation& operation, std::uint64_t sequence) {
  const std::uint64_t position = operation.offset() % geometry_.record_size;
  if (operation.length() < kWordBytes || operation.offset() == offset_ + position) return;
  // An update of the same record may have counted in the first word since; the second is as
  // written.
  const std::uint64_t index = operation.length() >= 2 * kWordBytes ? 1 : 0;
  const std::uint64_t written = WrittenWord(operation.offset(), sequence, index);
  if (std::memcmp(&written, found_.data() + position + index * kWordBytes, kWordBytes) == 0) {
    stray_ = StrayWrite{sequence, operation.offset()};
  }
}

Diagnosis RecordHistory::Diagnose() {
  if (auto lost = DiagnoseLost()) return *lost;
  if (auto counters = DiagnoseCounters()) return *counters;
  if (comparison_.EveryWordSeen()) return Torn();
  if (auto stray = DiagnoseStray()) return *stray;
  if (comparison_.HeadAndTailSeen()) return Torn();
  return Foreign();
}

std::optional<Diagnosis> RecordHistory::DiagnoseLost() {
  if (matched_after_ == std::uint64_t{0}) {
    return Diagnosis{Damage::kLost,
                     fmt::format("it holds its untouched content, without {}its {}",
                                 changes_ == 1 ? "" : "any of ", CountOf(changes_, "change"))};
  }
  if (matched_after_) {
    return Diagnosis{Damage::kLost,
                     fmt::format("it holds the state after {} of its {}",
                                 FormatCount(*matched_after_), CountOf(changes_, "change"))};
  }
  if (!without_) return std::nullopt;
  // One more state that a record may be in, or be torn from: the latest write or discard was lost,
  // and what came after it was not.
  comparison_.Add(without_latest_, 0, without_latest_.size());
  const bool matches = comparison_.matches();
  comparison_.Add(state_, 0, state_.size());
  if (!matches) return std::nullopt;
  return Diagnosis{
      Damage::kLost,
      fmt::format("the {} that was number {} of its {} is missing, and the {} after it are there",
                  without_ == OperationKind::kWrite ? "write" : "discard",
                  FormatCount(changes_at_latest_), CountOf(changes_, "change"),
                  FormatCount(changes_ - changes_at_latest_))};
}

std::optional<RecordHistory::CounterGap> RecordHistory::MeasureCounters() const {
  CounterGap gap;
  std::vector<std::byte> corrected(found_.begin(), found_.end());
  for (const auto& [position, width] : counters_) {
    std::uint64_t found = 0;
    std::uint64_t right = 0;
    std::memcpy(&found, found_.data() + position, width);
    std::memcpy(&right, state_.data() + position, width);
    std::memcpy(corrected.data() + position, &right, width);
    // The shorter way round, for counters that wrap.
    const std::uint64_t mask = width == kWordBytes ? ~std::uint64_t{0} : 0xff;
    const std::uint64_t ahead = (found - right) & mask;
    const std::uint64_t behind = (right - found) & mask;
    if (std::min(ahead, behind) > all_updates_) return std::nullopt;
    (ahead < behind ? gap.ahead : gap.behind) += std::min(ahead, behind);
  }
  // Something else than counters differs too.
  if (!SameBytes(corrected, state_)) return std::nullopt;
  return gap;
}

std::optional<Diagnosis> RecordHistory::DiagnoseCounters() const {
  const std::optional<CounterGap> gap = MeasureCounters();
  if (!gap) return std::nullopt;
  if (gap->ahead != 0) {
    return Diagnosis{Damage::kMisplaced,
                     fmt::format("its counters are ahead by {}, so it got updates that were meant "
                                 "for other records, beside its own {}",
                                 FormatCount(gap->ahead), CountOf(changes_, "change"))};
  }
  if (gap->behind > changes_) return std::nullopt;
  return Diagnosis{
      Damage::kLost,
      fmt::format("its counters are behind by {} in all: that many of its {} were lost",
                  FormatCount(gap->behind), CountOf(changes_, "change"))};
}

std::optional<Diagnosis> RecordHistory::DiagnoseStray() const {
  if (stray_) {
    return Diagnosis{
        Damage::kMisplaced,
        fmt::format("it holds what operation {} of its worker wrote for record {} (offset {})",
                    FormatCount(stray_->sequence), RecordOf(stray_->offset), stray_->offset)};
  }
  if (const auto stray = FindStrayContent(geometry_, seed_, offset_, found_)) {
    return Diagnosis{Damage::kMisplaced,
                     fmt::format("its bytes from {} on hold the content of record {} (offset {})",
                                 stray->at, RecordOf(stray->origin), stray->origin)};
  }
  return std::nullopt;
}

Diagnosis RecordHistory::Torn() const {
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < found_.size(); ++i) right += found_[i] == state_[i];
  return {Damage::kTorn,
          fmt::format("{} of its {} bytes are as they should be after its {}, the others come from "
                      "different states of it; the first wrong byte is at offset {}",
                      FormatCount(right), FormatCount(found_.size()), CountOf(changes_, "change"),
                      offset_ + comparison_.first_wrong())};
}

Diagnosis RecordHistory::Foreign() const {
  const bool zeros = std::all_of(found_.begin(), found_.end(),
                                 [](std::byte byte) { return byte == std::byte{0}; });
  if (zeros) {
    return {Damage::kForeign, "it is all zeros, as a hole or an unfilled page would be"};
  }
  return {Damage::kForeign, fmt::format("it holds what neither it nor another record ever held; "
                                        "the first wrong byte is at offset {}",
                                        offset_ + comparison_.first_wrong())};
}

}  // namespace faultline
