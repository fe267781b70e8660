// The counts of one power cut: every record of the file that was found, judged and added up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "harness/powercut/plan_history.h"
#include "harness/powercut/run_log.h"

namespace faultline {

inline constexpr std::size_t kRecordStates = 6;

// Updates of about one age at the cut.
struct AgeGroup {
  std::uint64_t updates = 0;
  std::uint64_t survived = 0;
};

// Of one cut, or of several added up.
struct CutTally {
  std::uint64_t cuts = 0;
  std::uint64_t updates = 0;       // updates, writes and discards that were issued
  std::uint64_t acknowledged = 0;  // of them, as durable
  std::uint64_t survived = 0;      // of them, are there
  std::uint64_t acknowledged_missing = 0;
  std::array<std::uint64_t, kRecordStates> records = {};  // by RecordState
  std::uint64_t straddling_records = 0;                   // those that lie on two pages or more
  std::uint64_t straddling_torn = 0;
  std::map<int, AgeGroup> survival;  // by AgeGroupOf
  std::string first_impossible;      // what the first impossible record holds, one line, or ""
  std::string recovery_error;        // why the first storage can't be recovered, one line, or ""

  std::uint64_t in_state(RecordState state) const {
    return records[static_cast<std::size_t>(state)];
  }
  void Add(const CutTally& other);
};

// Ages are grouped by 1, 1.5, 2, 3, 5 and 7 times powers of ten: group 0 ends at 1 µs, group 1 at
// 1.5 µs. The bounds of a group are in seconds, the upper one belongs to it; the first begins at 0.
int AgeGroupOf(double age_seconds);
double AgeGroupLow(int group);
double AgeGroupHigh(int group);

// Judges a data file that a cut at `cut_ns` left, `found`, against the plan as far as the log says
// that it was executed. A file that is too short has impossible records, as none was ever cut.
CutTally JudgeCut(const PlanHistory& history, std::uint64_t seed, const LoggedRun& run,
                  std::uint64_t cut_ns, std::span<const std::byte> found);

// Judges storage of the strategy's own that a cut left and the strategy can't recover, for the
// reason `error`: every record is unreadable, and no change survived.
CutTally JudgeUnrecovered(const PlanHistory& history, const LoggedRun& run, std::uint64_t cut_ns,
                          const std::string& error);

}  // namespace faultline
