#include "harness/document/trace.h"

#include <algorithm>

#include "faultline/error.h"
#include "harness/json/fields.h"
#include "harness/json/line.h"
#include "harness/trace/replay.h"

namespace faultline::document {
namespace {

// The rest is left out of the list of files; the totals have it.
constexpr std::size_t kMostFiles = 1000;

TracedFile FileOf(const TraceSummary& summary, std::size_t file) {
  const FileSummary& figures = summary.files[file];
  const TraceScan& scan = *summary.scan;
  return {.path = scan.files[file].path,
          .size_bytes = scan.files[file].size,
          .extent_bytes = scan.extents[file],
          .reads = figures.reads,
          .read_bytes = figures.read_bytes,
          .writes = figures.writes,
          .written_bytes = figures.written_bytes,
          .flushes = figures.flushes};
}

TracedSizes SizesOf(const SizeBins& bins) {
  TracedSizes sizes;
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (bins[bin] > 0) sizes.emplace_back(std::uint64_t{1} << bin, bins[bin]);
  }
  return sizes;
}

WorkingSet WorkingSetOf(const TraceSummary& summary) {
  WorkingSet set{.bytes = summary.pages.distinct_pages() * kSummaryPageBytes,
                 .interval_seconds = std::nullopt,
                 .bytes_by_interval = {}};
  if (summary.interval_ns == 0) return set;
  set.interval_seconds = static_cast<double>(summary.interval_ns) / 1e9;
  for (const double count : summary.pages.pages_per_interval()) {
    set.bytes_by_interval.push_back(count * kSummaryPageBytes);
  }
  return set;
}

Reuse ReuseOf(const PageSample& pages) {
  Reuse reuse{.method = "SHARDS, fixed size",
              .sampled_pages = PageSample::kSize,
              .rate = pages.rate(),
              .page_bytes = kSummaryPageBytes,
              .first_uses = pages.first_uses(),
              .distances = {},
              .accesses_of_hottest_1_percent = pages.AccessesOfHottest(0.01),
              .accesses_of_hottest_10_percent = pages.AccessesOfHottest(0.1)};
  for (std::size_t bin = 0; bin < PageSample::kDistanceBins; ++bin) {
    const double accesses = pages.distances()[bin];
    if (accesses > 0) {
      reuse.distances.emplace_back((std::uint64_t{1} << bin) * kSummaryPageBytes, accesses);
    }
  }
  return reuse;
}

std::optional<TraceReplay> ReplayOf(const TraceScan& scan) try {
  const ReplayLayout layout = LayOut(scan, {});
  return TraceReplay{.block_bytes = layout.geometry.record_size,
                     .blocks = layout.geometry.records,
                     .operations = layout.operations,
                     .discards = layout.discards,
                     .split_accesses = layout.split_accesses,
                     .compact = layout.compact};
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, TracedFile& file) {
  fields("path", file.path);
  fields("size_bytes", file.size_bytes);
  fields("extent_bytes", file.extent_bytes);
  fields("reads", file.reads);
  fields("read_bytes", file.read_bytes);
  fields("writes", file.writes);
  fields("written_bytes", file.written_bytes);
  fields("flushes", file.flushes);
}

template <class Fields>
void Describe(Fields& fields, TracedEvents& events) {
  fields("count", events.count);
  fields("bytes", events.bytes);
}

template <class Fields>
void Describe(Fields& fields, TracedOrder& order) {
  fields("reads", order.reads);
  fields("writes", order.writes);
}

template <class Fields>
void Describe(Fields& fields, TracedFlushes& flushes) {
  fields("count", flushes.count);
  fields("median_writes", flushes.median_writes);
  fields("median_written_bytes", flushes.median_written_bytes);
  fields("unflushed_writes", flushes.unflushed_writes);
}

template <class Fields>
void Describe(Fields& fields, WorkingSet& set) {
  fields("bytes", set.bytes);
  fields("interval_seconds", set.interval_seconds);
  fields("bytes_by_interval", set.bytes_by_interval);
}

template <class Fields>
void Describe(Fields& fields, Reuse& reuse) {
  fields("method", reuse.method);
  fields("sampled_pages", reuse.sampled_pages);
  fields("rate", reuse.rate);
  fields("page_bytes", reuse.page_bytes);
  fields("first_uses", reuse.first_uses);
  fields("distances", reuse.distances);
  fields("accesses_of_hottest_1_percent", reuse.accesses_of_hottest_1_percent);
  fields("accesses_of_hottest_10_percent", reuse.accesses_of_hottest_10_percent);
}

template <class Fields>
void Describe(Fields& fields, TracedRegion& region) {
  fields("file", region.file);
  fields("offset", region.offset);
  fields("length", region.length);
  fields("accesses", region.accesses);
}

template <class Fields>
void Describe(Fields& fields, TraceReplay& replay) {
  fields("block_bytes", replay.block_bytes);
  fields("blocks", replay.blocks);
  fields("operations", replay.operations);
  fields("discards", replay.discards);
  fields("split_accesses", replay.split_accesses);
  fields("compact", replay.compact);
}

template <class Fields>
void Describe(Fields& fields, Trace& trace) {
  fields.Constant("schema", kTraceSchema);
  fields("recorder", trace.recorder);
  fields("command", trace.command);
  fields("notes", trace.notes);
  fields("trace_bytes", trace.trace_bytes);
  fields("started_ns", trace.started_ns);
  fields("seconds", trace.seconds);
  fields("faults_recorded", trace.faults_recorded);
  fields("processes", trace.processes);
  fields("threads", trace.threads);
  fields("file_count", trace.file_count);
  fields("files", trace.files);
  fields("events", trace.events);
  fields("counts", trace.counts);
  fields("accesses", trace.accesses);
  fields("read_sizes", trace.read_sizes);
  fields("write_sizes", trace.write_sizes);
  fields("sequential", trace.sequential);
  fields("flushes", trace.flushes);
  fields("working_set", trace.working_set);
  fields("reuse", trace.reuse);
  fields("region_bytes", trace.region_bytes);
  fields("hot_regions", trace.hot_regions);
  fields("replay", trace.replay);
}

Trace TraceOf(const TraceSummary& summary) {
  const TraceScan& scan = *summary.scan;
  Trace trace;
  trace.recorder = scan.header.recorder;
  trace.command = scan.header.command;
  trace.notes = scan.end.notes;
  trace.trace_bytes = scan.trace_bytes;
  if (scan.end.started_ns != 0) trace.started_ns = scan.end.started_ns;
  if (scan.end.timed) trace.seconds = static_cast<double>(scan.span_ns) / 1e9;
  trace.faults_recorded = scan.end.faults;
  trace.processes = summary.processes;
  trace.threads = summary.threads;
  trace.file_count = scan.files.size();
  for (std::size_t file = 0; file < std::min(summary.files.size(), kMostFiles); ++file) {
    trace.files.push_back(FileOf(summary, file));
  }
  for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
    trace.events[std::string(EventKindName(static_cast<EventKind>(kind)))] = {scan.events[kind],
                                                                              scan.bytes[kind]};
  }
  for (const TraceCountName& count : kTraceCountNames) {
    trace.counts[std::string(count.name)] = scan.end.counts.*count.count;
  }
  trace.accesses = scan.accesses;
  trace.read_sizes = SizesOf(summary.read_sizes);
  trace.write_sizes = SizesOf(summary.write_sizes);
  trace.sequential = {summary.sequential_reads, summary.sequential_writes};
  trace.flushes = {.count = scan.CountOf(EventKind::kFlush),
                   .median_writes = summary.median_writes_per_flush,
                   .median_written_bytes = summary.median_written_bytes_per_flush,
                   .unflushed_writes = summary.unflushed_writes};
  trace.working_set = WorkingSetOf(summary);
  trace.reuse = ReuseOf(summary.pages);
  trace.region_bytes = summary.region_bytes;
  for (const HotRegion& region : summary.hot_regions) {
    trace.hot_regions.push_back({.file = scan.files[region.file - 1].path,
                                 .offset = region.offset,
                                 .length = region.length,
                                 .accesses = region.accesses});
  }
  trace.replay = ReplayOf(scan);
  return trace;
}

std::string ToText(const Trace& trace) { return ToLines(JsonOf(trace), 1); }

Trace ParseTrace(const std::string& name, const std::string& text) {
  return ReadDocument<Trace>(name, text);
}

}  // namespace faultline::document
