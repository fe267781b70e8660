// The specification of one trial: a strategy, a workload, a file, and the state that it begins in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/base/enum_names.h"
#include "harness/record/dataset.h"
#include "harness/record/plan.h"
#include "harness/trial/open_loop.h"
#include "strategies/strategy_choice.h"
#include "workloads/workload_choice.h"

namespace faultline {

enum class LatencyMode {
  kOff,
  kSampled,  // one operation in kLatencySampleEvery, during the timed passes
  kAll,      // every operation, in a further pass of its own that no phase includes
};
inline constexpr EnumNames<LatencyMode> kLatencyModeNames{"off", "sampled", "all"};

// A prime, so that it doesn't keep step with a strategy that flushes periodically.
inline constexpr std::uint64_t kLatencySampleEvery = 101;

enum class LoadMode {
  kClosed,  // an operation begins when the one before it is done
  kOpen,    // it begins when it is due, whatever became of the one before it
};
inline constexpr EnumNames<LoadMode> kLoadModeNames{"closed", "open"};

inline constexpr std::uint64_t kDefaultRecords = 1'000'000;
inline constexpr std::uint64_t kDefaultRecordSize = 125;

// What os::MemoryLimit takes.
inline constexpr std::uint64_t kLeastMemoryLimitBytes = std::uint64_t{4} << 20;

// Its options are described in trial_options.cc, a row each; a default here is the default of the
// option.
struct TrialSpec {
  std::string section;  // of the suite, or ""
  StrategyChoice strategy;
  WorkloadChoice workload;
  std::uint64_t records = 0;      // 0: what the workload wants, or kDefaultRecords
  std::uint64_t record_size = 0;  // bytes; 0: what the workload wants, or kDefaultRecordSize
  std::uint64_t operations = 0;   // of one pass, all workers together; 0: what the workload wants
  std::uint64_t passes = 2;       // the first, and the steady ones
  std::uint64_t threads = 1;      // of each process
  std::uint64_t processes = 1;
  CacheState cache = CacheState::kPaged;
  std::optional<std::uint64_t> memory_limit_bytes;
  std::uint64_t seed = 1;
  LatencyMode latency = LatencyMode::kOff;
  LoadMode load = LoadMode::kClosed;
  std::optional<double> rate;  // of an open load, operations per second of all workers together;
                               // absent: the plan's recorded times
  Arrivals arrivals = Arrivals::kEven;  // of a rate
  bool timeline = false;                // sample the machine while the passes run (timeline.h)
  std::filesystem::path directory;
  double timeout_seconds = 300;  // for each phase
  std::uint64_t copy = 1;        // 2 for the second of an A/A pair
  bool net_of_waiting = false;   // no option: ShareClock decides it for trials that are compared

  std::uint64_t workers() const { return threads * processes; }

  // All passes that are executed, a separate latency pass included.
  std::uint64_t executed_passes() const { return passes + (latency == LatencyMode::kAll ? 1 : 0); }

  // Unique in a run: "SECTION/STRATEGY/WORKLOAD", "#2" behind the second of an A/A pair.
  std::string Id() const;

  Geometry DataGeometry() const;  // REQUIRES: resolved
};

// Checks options and numbers, and replaces zeros by the workload's wishes. Throws UsageError, also
// for contradictions between options (more workers than records; that a window is smaller than a
// record is the strategy's to say, which is made once for that), and UnsupportedError for a
// strategy that this build doesn't have. REQUIRES: a strategy and a workload.
TrialSpec Resolve(TrialSpec spec);

// The plan of a resolved trial.
std::unique_ptr<Plan> MakePlan(const TrialSpec& spec);

// "" if this build and this strategy can run the trial, or why they can't ("strategy read-all can't
// be shared by several processes").
std::string WhyUnsupported(const TrialSpec& spec);

// Makes the times of trials that are compared with each other alike: net of the time that their
// workers were ready and waited for a processor (PhaseResult::NetSeconds) where that can be told
// for all of them, else those of the clock. It can be told where nothing else of the trial goes on
// while its worker waits: of a single worker in a closed loop, with at most one operation under
// way, whose file is in memory, so that no read-ahead is under way either.
void ShareClock(std::span<TrialSpec* const> compared);

}  // namespace faultline
