// Groups of trials that differ in nothing but their strategy, and what the judge says of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"
#include "harness/verdict/group.h"

namespace faultline {

// What a trial is but for its strategy, in a line: workload, records, operations, workers, state.
std::string TrialTitle(const TrialSpec& spec);

// The trial's strategy, with "#2" behind it for the second trial of an A/A pair.
std::string StrategyTitle(const TrialSpec& spec);

struct TrialGroup {
  std::string title;
  std::vector<std::size_t> trials;  // indices, in the run's order
};

// In the order of the run.
std::vector<TrialGroup> GroupsOf(std::span<const TrialSpec> trials);

// A figure that strategies are compared by. Less is better in all of them.
struct FigureInfo {
  const char* name;  // in the run document
  const char* word;  // for people
  bool counted;      // a count of the process's own: fewer or more, not faster or slower
};

// Times until the calls had returned, until everything was durable, of the passes after the first;
// percentiles of the latency; and what the kernel counts for the process itself. Counters of a whole
// device are none of them, as others move them too.
std::span<const FigureInfo> JudgedFigures();

// nullptr for a name that is none of them.
const FigureInfo* FindFigure(std::string_view name);

// Those that decide when a group has been measured enough: accepted and durable, of an open load the
// latency's p50 and p99.
std::vector<std::string> HeadlineFigures(LoadMode load);

// As JudgeGroup wants them: all pairs of times, counts against the baseline and the leader.
std::vector<verdict::GroupFigure> GroupFigures();

// "faster", "fewer", "tied", …
std::string_view VerdictWord(verdict::Verdict verdict, const FigureInfo& figure);

// Whether the trial's strategy stores what it is asked to: one that doesn't shows what the harness
// itself costs, and is compared with none.
bool Stores(const TrialSpec& spec);

struct RepetitionEnd {
  Status status = Status::kOk;
  std::string_view error;
};

// Why a trial can't be compared with others, whatever figures it has; "" if it can.
std::string TroubleOf(std::span<const RepetitionEnd> repetitions);

// The strategy a run's others are compared with, unless the user names another one.
inline constexpr const char* kUsualBaseline = "read-write";

// A trial's strategy with the values of its repetitions; `rounds` are theirs.
verdict::GroupArm ArmOf(const TrialSpec& spec, std::span<const Measurement> repetitions,
                        std::span<const std::uint64_t> rounds);

}  // namespace faultline
