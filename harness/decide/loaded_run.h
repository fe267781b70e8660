// A run document (docs/documents.md) read back, with what comparing runs and advising needs of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/measurement.h"
#include "harness/verdict/group.h"
#include "strategies/strategy.h"

namespace faultline {

struct LoadedRepetition {
  std::uint64_t round = 0;
  Status status = Status::kOk;
  std::string error;                  // one line, or ""
  std::optional<bool> verified;       // absent: not reached, or nothing to verify
  std::optional<double> accepted_ns;  // per operation
  std::optional<double> durable_ns;
  std::optional<double> steady_ns;
  std::map<std::string, double> latency;            // ns: "p50", "p99", "p999"; empty for none
  std::optional<double> changed_bytes;              // that the plan asked to change
  std::map<std::string, std::uint64_t> counts;      // totals, summed over the phases
  std::optional<std::uint64_t> peak_bytes;          // resident, the most of all phases
  std::optional<std::uint64_t> limited_peak_bytes;  // charged to the memory limit, cache included

  bool interference() const { return status == Status::kInterference; }
  bool usable() const { return HasFigures(status); }

  // A figure that the judge compares, by its name in the document (report/group.h); nothing for one
  // that the repetition lacks.
  std::optional<double> Figure(std::string_view name) const;
};

// As the document has them. An absent limit is none.
struct LoadedParameters {
  std::uint64_t records = 0;
  std::uint64_t record_size = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t operations = 0;
  std::uint64_t passes = 0;
  std::uint64_t threads = 0;
  std::uint64_t processes = 0;
  std::string cache;
  std::optional<std::uint64_t> memory_limit_bytes;
};

// Why a trial under an open load takes part in no comparison of times.
inline constexpr std::string_view kOpenLoadIsNoCost =
    "open load: its operations were due at given times, so what they took in all is no cost";

struct LoadedTrial {
  std::string id;
  std::string section;   // of the suite, or ""
  std::string group;     // title of the trials that it may be compared with
  std::string strategy;  // spec
  std::string title;  // the strategy's name within the group: its spec, "#2" behind an A/A twin's
  Durability durability = Durability::kAfterFlush;
  std::map<std::string, std::string> effective;
  std::string workload;      // spec
  bool own_flushes = false;  // the workload's plan has flushes of its own, which are its durability
  std::optional<bool> gives_back;  // what is discarded; nothing where the document doesn't say
  std::map<std::string, std::string> replay;  // facts of a replayed trace, by name; else empty
  LoadedParameters parameters;
  // Every member of the document's "parameters" as text, "null" for null: also those that a later
  // version has added.
  std::map<std::string, std::string> all_parameters;
  std::vector<LoadedRepetition> repetitions;

  std::uint64_t Count(Status status) const;

  // That of the first repetition with the status; "" without one.
  std::string ErrorOf(Status status) const;

  // Its operations were due at given times, so what they took in all is no cost.
  bool open_load() const;

  bool stores() const { return durability != Durability::kNever; }

  // Why its figures count for nothing: a repetition failed, left a wrong file or was not verified.
  // "" if none did. Strategies that store nothing have nothing to verify.
  std::string Problem() const;

  // The values of a figure, as the judge takes them. Empty without usable repetitions.
  verdict::Rounds RoundsOf(std::string_view figure) const;

  // The repetitions that count, at most one of each round: those without interference, or all that
  // are usable where fewer than verdict::kFewestRounds are without.
  std::vector<const LoadedRepetition*> Usable() const;
};

struct LoadedRun {
  std::string name;  // the document's path, for people
  bool complete = false;
  std::map<std::string, std::string> environment;  // facts that are known
  std::map<std::string, std::string>
      count_units;  // counter that is a total → unit, such as "bytes"
  std::vector<LoadedTrial> trials;
  // What the judge says of the groups, in the document's order: each trial's is one of them.
  std::vector<verdict::JudgedGroup> groups;
  bool judged_anew = false;  // when it was read: the document has no comparisons (judged_anew.h)

  const LoadedTrial* Find(const std::string& id) const;  // nullptr if there is none
};

// The document itself, or run.json in the folder `place`. Throws UsageError.
std::filesystem::path RunDocumentPath(const std::filesystem::path& place);

// The run whose document `text` is; `name` names it. A document of an older version, without
// comparisons, is judged anew. Throws UsageError, one line with name and field, for another schema,
// malformed JSON, and missing or wrong fields.
LoadedRun ParseRun(std::string name, const std::string& text);

// ParseRun of the document at RunDocumentPath(place). Throws UsageError also where there is none
// that can be read.
LoadedRun LoadRun(const std::filesystem::path& place);

}  // namespace faultline
