// What one repetition of a trial found out. The run document (docs/documents.md) has the same
// fields and says what each means.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/os/memory_limit.h"
#include "harness/probe/probe.h"
#include "harness/record/dataset.h"
#include "harness/trial/histogram.h"
#include "harness/trial/timeline.h"

namespace faultline {

enum class Phase { kOpen, kFirst, kSteady, kFlush, kClose };
inline constexpr std::array kPhases = {Phase::kOpen, Phase::kFirst, Phase::kSteady, Phase::kFlush,
                                       Phase::kClose};
// The phases of the accepted, the durable and the steady time.
inline constexpr auto kAcceptedPhases = std::span(kPhases).first(3);
inline constexpr auto kDurablePhases = std::span(kPhases).first(4);
inline constexpr auto kSteadyPhases = std::span(kPhases).subspan(2, 1);
inline constexpr EnumNames<Phase> kPhaseNames{"open", "first", "steady", "flush", "close"};
inline std::string_view PhaseName(Phase phase) { return kPhaseNames(phase); }

struct PhaseResult {
  double seconds = 0;
  Counters counters;

  // Without the time that the threads of the process were ready and waited for a processor. A wait
  // that is longer than the phase itself fell between reading that counter and the clock.
  double NetSeconds() const;
};

// A counter summed over the phases; absent if absent in one of them, and without any.
CounterValue TotalOf(const std::map<Phase, PhaseResult>& phases, const std::string& counter);

// Nanoseconds of these phases per operation; nothing if one was not finished, or without
// operations. Net of waiting, a flush keeps the clock's time: the device goes on with it while the
// worker waits.
std::optional<double> NsPerOperation(const std::map<Phase, PhaseResult>& phases,
                                     std::span<const Phase> wanted, std::uint64_t operations,
                                     bool net_of_waiting);

enum class Status {
  kOk,
  kFailed,        // wrong result, error, crash, hang
  kInterference,  // right result, but other activity held it up
  kUnsupported,   // this machine, this build or this strategy can't do it
  kCutOff,        // far slower than others, so it wasn't waited for
  kInterrupted,   // the user stopped the run; never part of a document
};
inline constexpr EnumNames<Status> kStatusNames{"ok",          "failed",  "interference",
                                                "unsupported", "cut off", "interrupted"};
inline std::string_view StatusName(Status status) { return kStatusNames(status); }

// Whether a repetition that ended so has figures: its result is right.
inline bool HasFigures(Status status) {
  return status == Status::kOk || status == Status::kInterference;
}

// The times of a measurement, ns per operation, by their names in documents.
inline constexpr const char* kAcceptedFigure = "ns_per_operation";
inline constexpr const char* kDurableFigure = "durable_ns_per_operation";
inline constexpr const char* kSteadyFigure = "steady_ns_per_operation";

struct CacheReport {
  PreparedCache before;
  std::optional<os::Residency> after;  // absent when the file was gone
};

struct MemoryReport {
  os::LimitedMemory usage;
  std::string mechanism;
};

struct LatencyReport {
  Histogram histogram;         // ns
  std::uint64_t timer_ns = 0;  // what reading the clock twice costs: contained in every sample
};

// How an open loop went, over all passes and workers (harness/trial/open_loop.h).
struct OpenLoopReport {
  // An open loop that began its operations at less than this share of the rate intended didn't keep
  // it: its latencies are those of a queue that grows, and say little but that.
  static constexpr double kKeptShare = 0.99;

  std::uint64_t late_operations = 0;  // due while their session was busy with one due before
  std::uint64_t due_together = 0;     // at the very time of the one before
  Histogram harness_late;             // ns from due to begun, where the session was idle
  // Operations per second, between the first and the last; absent where all are due at once.
  std::optional<double> intended_rate;
  std::optional<double> achieved_rate;

  std::optional<bool> RateKept() const;
};

struct Measurement {
  Status status = Status::kOk;
  std::string error;  // one line, or ""
  std::optional<bool> verified;
  std::uint64_t operations = 0;         // over all timed passes
  std::uint64_t steady_operations = 0;  // of the steady passes
  std::uint64_t asked_read_bytes = 0;
  std::uint64_t asked_changed_bytes = 0;
  std::map<Phase, PhaseResult> phases;  // those that were finished
  // From the beginning of the first phase to the end of the flush, with what lies between the
  // phases; absent if the flush was not finished.
  std::optional<double> elapsed_seconds;
  std::optional<CacheReport> cache;
  std::optional<MemoryReport> memory;
  std::optional<LatencyReport> latency;
  bool open_loop = false;                   // the time it took was intended, and is no cost
  bool net_of_waiting = false;              // the times per operation are (ShareClock)
  std::optional<OpenLoopReport> open_load;  // of an open loop whose passes were finished
  std::vector<std::pair<double, std::uint64_t>> series;  // seconds, operations so far
  std::vector<TimelineRow> timeline;                     // if it was asked for
  std::map<std::string, std::string> effective_settings;
  std::map<std::string, std::string> absent_counters;  // counter → why

  // Seconds of the phases, or nothing if one of them was not finished.
  std::optional<double> AcceptedSeconds() const;  // open, first, steady
  std::optional<double> DurableSeconds() const;   // and flush

  // Absent also for an open loop.
  std::optional<double> NsPerOperation() const;
  std::optional<double> DurableNsPerOperation() const;
  std::optional<double> SteadyNsPerOperation() const;

  // TotalOf the finished phases.
  CounterValue Total(const std::string& counter) const { return TotalOf(phases, counter); }
};

}  // namespace faultline
