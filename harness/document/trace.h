// The summary of a trace for tools, as `faultline trace show --format json` prints it.
// docs/documents.md says what each field is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/trace/trace_summary.h"

namespace faultline::document {

inline constexpr const char* kTraceSchema = "faultline-trace/1";

struct TracedFile {
  std::string path;
  std::optional<std::uint64_t> size_bytes;
  std::uint64_t extent_bytes = 0;
  std::uint64_t reads = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t writes = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t flushes = 0;
};

struct TracedEvents {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

struct TracedOrder {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
};

struct TracedFlushes {
  std::uint64_t count = 0;
  std::optional<double> median_writes;
  std::optional<double> median_written_bytes;
  std::uint64_t unflushed_writes = 0;
};

struct WorkingSet {
  double bytes = 0;
  std::optional<double> interval_seconds;  // absent for an untimed trace
  std::vector<double> bytes_by_interval;
};

struct Reuse {
  std::string method;
  std::uint64_t sampled_pages = 0;
  double rate = 0;
  std::uint64_t page_bytes = 0;
  double first_uses = 0;
  std::vector<std::pair<std::uint64_t, double>> distances;  // bytes, accesses
  double accesses_of_hottest_1_percent = 0;
  double accesses_of_hottest_10_percent = 0;
};

struct TracedRegion {
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t accesses = 0;
};

struct TraceReplay {
  std::uint64_t block_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t operations = 0;
  std::uint64_t discards = 0;
  std::uint64_t split_accesses = 0;
  bool compact = false;
};

// Accesses by their largest length in bytes, a power of two: (length, accesses).
using TracedSizes = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

struct Trace {
  std::string recorder;
  std::string command;
  std::vector<std::string> notes;
  std::uint64_t trace_bytes = 0;
  std::optional<std::uint64_t> started_ns;
  std::optional<double> seconds;
  bool faults_recorded = false;
  std::uint64_t processes = 0;
  std::uint64_t threads = 0;
  std::uint64_t file_count = 0;
  std::vector<TracedFile> files;                // the first thousand
  std::map<std::string, TracedEvents> events;   // by kind
  std::map<std::string, std::uint64_t> counts;  // by name (kTraceCountNames)
  std::uint64_t accesses = 0;
  TracedSizes read_sizes;
  TracedSizes write_sizes;
  TracedOrder sequential;
  TracedFlushes flushes;
  WorkingSet working_set;
  Reuse reuse;
  std::uint64_t region_bytes = 0;
  std::vector<TracedRegion> hot_regions;
  std::optional<TraceReplay> replay;  // absent where there is nothing to replay
};

Trace TraceOf(const TraceSummary& summary);

// Indented, with a line break at its end. Bytes of names that are no UTF-8 are replaced.
std::string ToText(const Trace& trace);

// Throws UsageError, one line with `name` and field.
Trace ParseTrace(const std::string& name, const std::string& text);

}  // namespace faultline::document
