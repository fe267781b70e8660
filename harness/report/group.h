// Groups of trials that differ in nothing but their strategy, and what the judge says of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/document/figure.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"
#include "harness/verdict/group.h"

namespace faultline {

// What a trial is but for its strategy, in a line: workload, records, operations, workers, state,
// and any other option that makes figures differ (OptionRow::own_title).
std::string TrialTitle(const TrialSpec& spec);

// The same of a trial in a document, whose workload need not be there any more: `workload` is its
// spec.
std::string TrialTitle(const TrialSpec& spec, std::string_view workload);

// The trial's strategy, with "#2" behind it for the second trial of an A/A pair.
std::string StrategyTitle(const TrialSpec& spec);

struct TrialGroup {
  std::string title;
  std::vector<std::size_t> trials;  // indices, in the run's order
};

// In the order of the run.
std::vector<TrialGroup> GroupsOf(std::span<const TrialSpec> trials);

// The figures that decide when a group has been measured enough: accepted and durable, of an open
// load the latency's p50 and p99.
std::vector<std::string> HeadlineFigures(LoadMode load);

// As JudgeGroup wants them: all pairs of times, counts against the baseline and the leader. The
// `operations` are those of all passes of a trial.
std::vector<verdict::GroupFigure> GroupFigures(std::uint64_t operations, std::uint64_t record_size);

// Whether the trial's strategy stores what it is asked to: one that doesn't shows what the harness
// itself costs, and is compared with none.
inline bool Stores(const TrialSpec& spec) { return spec.strategy.info().stores(); }

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
