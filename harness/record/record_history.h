// Finds out why a record of a data file is wrong: compares what was found in it with all the states
// that it went through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "faultline/geometry.h"
#include "faultline/operation.h"
#include "harness/record/verification.h"

namespace faultline {

// Which bytes of a found record agree with any of the states it was compared with. Memory is a few
// bits per byte of the record, however many states there are; a comparison reads only what changed
// since the one before.
class StateComparison {
 public:
  // `offset` is the record's in the file: words and sectors are aligned there. `found` must outlive
  // this.
  StateComparison(std::uint64_t offset, std::span<const std::byte> found);

  // Takes in a state that differs from the one before only in [begin, end). REQUIRES: the first
  // call names it all.
  void Add(std::span<const std::byte> state, std::uint64_t begin, std::uint64_t end);

  // Whether the state added last equals what was found.
  bool matches() const { return first_wrong_ == found_.size(); }

  // Whether every 64-bit word of the file (or what the record has of it) agreed with some state.
  bool EveryWordSeen() const;

  // Whether what was found can be cut in two, such that each part agreed with some state.
  bool HeadAndTailSeen() const { return longest_head_ + longest_tail_ >= found_.size(); }

  // The first byte at which the state added last differs; the record's size if none does.
  std::uint64_t first_wrong() const { return first_wrong_; }

 private:
  std::uint64_t offset_;
  std::span<const std::byte> found_;
  std::uint64_t first_wrong_ = 0;
  std::uint64_t wrong_end_ = 0;  // one past the last byte that differs
  std::uint64_t longest_head_ = 0;
  std::uint64_t longest_tail_ = 0;
  std::vector<bool> word_seen_;
};

// What was found out about a wrong record.
struct Diagnosis {
  Damage damage = Damage::kForeign;
  std::string text;  // "it holds …", without a full stop
};

// Runs a plan once more for the sake of one record.
class RecordHistory {
 public:
  // `found` is what the file holds for `record`: record_size bytes, which must outlive this.
  RecordHistory(const Geometry& geometry, std::uint64_t seed, std::uint64_t record,
                std::span<const std::byte> found);

  // Takes in a batch of one worker. All batches of all passes are to come in order before Diagnose.
  void Execute(std::span<const Operation> operations, std::uint64_t first_sequence);

  // REQUIRES: `found` differs from the record's final state.
  Diagnosis Diagnose();

 private:
  // The counter that updates at one place of a record count in.
  struct Counter {
    std::uint64_t position = 0;  // in the record
    std::uint64_t width = 0;     // 8 bytes, or 1 for updates of fewer
  };

  // An operation that wrote elsewhere just what was found here.
  struct StrayWrite {
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0;
  };

  // How far the found counters are from the right ones.
  struct CounterGap {
    std::uint64_t behind = 0;
    std::uint64_t ahead = 0;
  };

  void Apply(const Operation& operation, std::uint64_t sequence);
  void NoteUpdate(const Operation& operation);
  void NoteWrite(const Operation& operation, std::uint64_t sequence);

  std::optional<Diagnosis> DiagnoseLost();
  std::optional<Diagnosis> DiagnoseCounters() const;
  std::optional<Diagnosis> DiagnoseStray() const;
  std::optional<CounterGap> MeasureCounters() const;
  Diagnosis Torn() const;
  Diagnosis Foreign() const;
  std::uint64_t RecordOf(std::uint64_t offset) const { return offset / geometry_.record_size; }

  Geometry geometry_;
  std::uint64_t seed_;
  std::uint64_t offset_;  // of the record in the file
  std::span<const std::byte> found_;
  std::vector<std::byte> state_;
  // The state as it would be had the latest write or discard not taken place, and which it was.
  std::vector<std::byte> without_latest_;
  std::optional<OperationKind> without_;
  std::uint64_t changes_ = 0;            // updates, writes and discards of this record so far
  std::uint64_t changes_at_latest_ = 0;  // with the latest write or discard
  std::uint64_t all_updates_ = 0;        // of any record
  std::optional<std::uint64_t>
      matched_after_;  // as many changes as gave the latest state that matched
  StateComparison comparison_;
  std::vector<Counter> counters_;
  std::optional<StrayWrite> stray_;
};

}  // namespace faultline
