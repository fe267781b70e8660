// A run document (results/README.md) read back, with what comparing runs and advising needs of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trial/measurement.h"
#include "strategies/strategy.h"

namespace faultline {

struct LoadedRepetition {
  Status status = Status::kOk;
  std::string error;                  // one line, or ""
  std::optional<bool> verified;       // absent: not reached, or nothing to verify
  std::optional<double> accepted_ns;  // per operation
  std::optional<double> durable_ns;
  std::optional<double> steady_ns;
  std::optional<double> changed_bytes;              // that the plan asked to change
  std::map<std::string, std::uint64_t> counts;      // totals, summed over the phases
  std::optional<std::uint64_t> peak_bytes;          // resident, the most of all phases
  std::optional<std::uint64_t> limited_peak_bytes;  // charged to the memory limit, cache included
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
  std::string strategy;  // spec
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

  // The repetitions that are ok, in order.
  std::vector<const LoadedRepetition*> Good() const;

  // A figure of those of them that have it.
  std::vector<double> Values(std::optional<double> LoadedRepetition::*figure) const;
};

struct LoadedRun {
  std::string name;  // the document's path, for people
  bool complete = false;
  std::map<std::string, std::string> environment;  // facts that are known
  std::map<std::string, std::string>
      count_units;  // counter that is a total → unit, such as "bytes"
  // By how much figures of one strategy measured twice may differ: a factor of 1 or more, the
  // farther end of the A/A pair's interval. Absent without such a pair.
  std::optional<double> noise_factor;
  std::vector<LoadedTrial> trials;

  const LoadedTrial* Find(const std::string& id) const;  // nullptr if there is none
};

// The document itself, or run.json in the folder `place`. Throws UsageError.
std::filesystem::path RunDocumentPath(const std::filesystem::path& place);

// The run whose document `text` is; `name` names it. Throws UsageError, one line with name and
// field, for another schema, malformed JSON, and missing or wrong fields.
LoadedRun ParseRun(std::string name, const std::string& text);

// ParseRun of the document at RunDocumentPath(place). Throws UsageError also where there is none
// that can be read.
LoadedRun LoadRun(const std::filesystem::path& place);

}  // namespace faultline
