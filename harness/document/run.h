// The run document, run.json: what a run measured and what its comparisons say. These structs are
// what is written, read back, compared and advised on. docs/documents.md says what each field is.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/json/json_place.h"
#include "harness/os/system_info.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial.h"
#include "harness/verdict/estimate.h"
#include "harness/verdict/group.h"
#include "strategies/registry.h"

namespace faultline::document {

// The schema that a run document names, and the one of the version before.
inline constexpr const char* kRunSchema = "faultline-run/2";
inline constexpr const char* kOldRunSchema = "faultline-run/1";

struct Strategy {
  std::string name;
  std::string spec;
  std::string title;  // its name within the group: its spec, "#2" behind an A/A twin's
  Durability durability = Durability::kAfterFlush;
  // After how many changes of a session it makes them durable by itself; absent if it doesn't.
  std::optional<std::uint64_t> flush_period;
  std::string calls;
  std::string copies;  // "" where the strategy doesn't say; so with `discards`
  std::string discards;
  std::optional<bool> gives_back;  // what is discarded; absent where the document doesn't say
  std::string plugin;              // the library's file, or "" for a strategy of Faultline itself
  std::map<std::string, std::string> effective;  // settings
};

struct Workload {
  std::string name;
  std::string spec;
  bool needs_durability = false;  // its plan has flushes of its own
  std::map<std::string, std::string> facts;
};

// The parameters of a trial: those that comparisons and advice use by name, and all others, also
// those that a later version has added.
struct Parameters {
  std::uint64_t records = 0;
  std::uint64_t record_size = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t operations = 0;
  std::uint64_t passes = 0;
  std::uint64_t threads = 0;
  std::uint64_t processes = 0;
  std::string cache;
  std::optional<std::uint64_t> memory_limit_bytes;
  std::map<std::string, JsonScalar> others;

  // All of them as people read them: "1000", "paged", "null".
  std::map<std::string, std::string> Texts() const;
};

// Bytes that the plan asked for.
struct Asked {
  std::uint64_t read_bytes = 0;
  std::uint64_t changed_bytes = 0;
};

struct Cache {
  CacheState state = CacheState::kCold;
  bool proved = false;
  std::string why_not;
  std::uint64_t cached_pages_before = 0;
  std::optional<std::uint64_t> cached_pages_after;
  std::uint64_t total_pages = 0;
  std::string source;
};

struct Memory {
  std::uint64_t limit_bytes = 0;
  std::uint64_t peak_bytes = 0;
  std::optional<std::uint64_t> anonymous_bytes;
  std::optional<std::uint64_t> file_bytes;
  std::optional<std::uint64_t> limit_hits;
  std::optional<std::uint64_t> kills;
  std::string mechanism;
};

// All in ns but the samples.
struct Latency {
  std::uint64_t samples = 0;
  std::uint64_t timer_ns = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p90 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t p999 = 0;
  std::uint64_t max = 0;
  std::vector<std::array<std::uint64_t, 3>> bins;  // lower and upper bound, inclusive; count
};

// How late operations began whose session was idle, in ns.
struct HarnessLate {
  std::uint64_t samples = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t max = 0;
};

struct OpenLoop {
  std::uint64_t late_operations = 0;
  std::uint64_t due_together = 0;
  std::optional<double> intended_operations_per_second;
  std::optional<double> achieved_operations_per_second;
  std::optional<bool> rate_kept;
  std::optional<HarnessLate> harness_late_ns;
};

// Some of the 100 ms intervals of a timeline.
struct Stage {
  double begin_seconds = 0;
  double seconds = 0;
  std::uint64_t operations = 0;
  double operations_per_second = 0;  // the median of the intervals'
  Counters totals;                   // what the counters that are totals grew by
};

// filling: until memory is taken away from the trial for the first time; absent when it was from
// the first sample on. stall: the longest time after that in which intervals had less than a tenth
// of the median rate of filling; absent when there is none. steady: what comes after filling,
// without the stall; absent when memory never was short.
struct Stages {
  std::optional<Stage> filling;
  std::optional<Stage> stall;
  std::optional<Stage> steady;
};

struct Repetition {
  std::uint64_t round = 0;
  std::uint64_t order = 0;
  Status status = Status::kOk;
  std::string error;             // one line, or ""
  std::optional<bool> verified;  // absent: not reached, or nothing to verify
  std::uint64_t operations = 0;
  Asked asked;
  std::optional<double> accepted_ns;  // per operation
  std::optional<double> durable_ns;
  std::optional<double> steady_ns;
  std::map<Phase, PhaseResult> phases;  // those that were finished
  std::optional<Cache> cache;
  std::optional<Memory> memory;
  std::optional<Latency> latency;
  std::optional<OpenLoop> open_loop;
  std::vector<std::pair<double, std::uint64_t>> series;  // seconds, operations so far
  std::vector<TimelineRow> timeline;
  std::optional<Stages> stages;

  bool interference() const { return status == Status::kInterference; }
  bool usable() const { return HasFigures(status); }

  // A figure that the judge compares, by its name (figure.h); nothing for one that the repetition
  // lacks.
  std::optional<double> Figure(std::string_view name) const;

  // A counter that is a total, summed over the phases; absent if absent in one of them.
  CounterValue Total(const std::string& counter) const;

  // Resident, the most of all phases.
  CounterValue PeakResidentBytes() const;
};

// Figure → estimate; an absent one is that of a figure that no repetition had.
using Figures = std::map<std::string, std::optional<Estimate>>;

struct Summary {
  std::uint64_t repetitions = 0;
  std::uint64_t ok = 0;
  std::uint64_t interference = 0;
  std::uint64_t failed = 0;
  std::uint64_t unsupported = 0;
  std::uint64_t cut_off = 0;
  // Of the repetitions without interference, or of all where fewer than verdict::kFewestRounds of
  // their rounds have one: what the verdicts are made of (verdict::Rounds::Costs).
  Figures figures;
  bool with_interference = false;  // repetitions with interference are in the figures

  // `name` unknown: absent.
  std::optional<Estimate> Figure(const std::string& name) const;
};

struct Trial {
  std::string id;
  std::string section;          // of the suite, or ""
  std::string group;            // title of the trials that it may be compared with
  bool net_of_waiting = false;  // its times per operation (ShareClock)
  Strategy strategy;
  Workload workload;
  Parameters parameters;
  std::vector<Repetition> repetitions;
  Summary summary;

  std::uint64_t Count(Status status) const;

  // That of the first repetition with the status; "" without one.
  std::string ErrorOf(Status status) const;

  // Its operations were due at given times, so what they took in all is no cost.
  bool open_load() const;

  // Adds the waiting for a processor to the times per operation that are net of it.
  void TakeClockTimes();

  bool stores() const { return strategy.durability != Durability::kNever; }

  // Facts of a replayed trace, by name; empty for any other workload.
  const std::map<std::string, std::string>& replay() const;

  // Why its figures count for nothing: a repetition failed, left a wrong file or was not verified.
  // "" if none did. Strategies that store nothing have nothing to verify.
  std::string Problem() const;

  // The values of a figure, as the judge takes them. Empty without usable repetitions.
  verdict::Rounds RoundsOf(std::string_view figure) const;

  // The repetitions that count, at most one of each round: those without interference, or all that
  // are usable where fewer than verdict::kFewestRounds are without.
  std::vector<const Repetition*> Usable() const;
};

struct Run {
  std::string name;  // of its file, for people; no field of the document
  bool complete = false;
  std::string suite;
  os::Facts environment;
  std::map<std::string, CounterInfo> counters;
  std::map<std::string, std::string> absent;  // counter → why
  std::vector<std::string> warnings;
  std::vector<LimitProof> limit_proofs;
  // What the judge says of the groups, in the document's order: each trial's is one of them. Empty
  // in a document of an older version that says nothing (has_comparisons).
  std::vector<verdict::JudgedGroup> groups;
  std::vector<Trial> trials;
  bool judged_anew = false;     // groups and comparisons were added when it was read
  bool has_comparisons = true;  // no field of the document

  const Trial* Find(const std::string& id) const;  // nullptr if there is none

  // Counters that are totals → unit, such as "bytes".
  std::map<std::string, std::string> CountUnits() const;
};

// The parameters of a resolved trial.
Parameters ParametersOf(const TrialSpec& spec);

// A trial in one line.
std::string ToText(const Trial& trial);

// The whole document, a trial a line: those of `run`, or `trials`, which are texts of trials, so
// that only what has changed is put into words again.
std::string ToText(const Run& run);
std::string ToText(const Run& run, std::span<const std::string> trials);

// The document that `text` is; `name` names it in errors. One of an older version is read too: its
// trials may lack the title of their group then. Throws UsageError, one line with name and field,
// for another schema, malformed JSON, missing and wrong fields, and for comparisons that contradict
// themselves or the trials.
Run ParseRun(std::string name, const std::string& text);

}  // namespace faultline::document
