// A trace's summary for tools: docs/documents.md has it field by field.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/trace/replay.h"
#include "harness/trace/trace_summary.h"

namespace faultline {
namespace {

using nlohmann::json;

// The rest is left out of the list of files; the totals have it.
constexpr std::size_t kMostFiles = 1000;

template <class T>
json OrNull(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json FileJson(const TraceSummary& summary, std::size_t file) {
  const FileSummary& figures = summary.files[file];
  return {{"path", summary.scan->files[file].path},
          {"size_bytes", OrNull(summary.scan->files[file].size)},
          {"extent_bytes", summary.scan->extents[file]},
          {"reads", figures.reads},
          {"read_bytes", figures.read_bytes},
          {"writes", figures.writes},
          {"written_bytes", figures.written_bytes},
          {"flushes", figures.flushes}};
}

json SizesJson(const SizeBins& bins) {
  json array = json::array();
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (bins[bin] > 0) array.push_back({std::uint64_t{1} << bin, bins[bin]});
  }
  return array;
}

json ReuseJson(const PageSample& pages) {
  json distances = json::array();
  for (std::size_t bin = 0; bin < PageSample::kDistanceBins; ++bin) {
    if (pages.distances()[bin] > 0) {
      distances.push_back({(std::uint64_t{1} << bin) * kSummaryPageBytes, pages.distances()[bin]});
    }
  }
  return {{"method", "SHARDS, fixed size"},
          {"sampled_pages", PageSample::kSize},
          {"rate", pages.rate()},
          {"page_bytes", kSummaryPageBytes},
          {"first_uses", pages.first_uses()},
          {"distances", std::move(distances)},
          {"accesses_of_hottest_1_percent", pages.AccessesOfHottest(0.01)},
          {"accesses_of_hottest_10_percent", pages.AccessesOfHottest(0.1)}};
}

json WorkingSetJson(const TraceSummary& summary) {
  json bytes = json::array();
  if (summary.interval_ns > 0) {
    for (const double count : summary.pages.pages_per_interval()) {
      bytes.push_back(count * kSummaryPageBytes);
    }
  }
  const json interval = summary.interval_ns > 0
                            ? json(static_cast<double>(summary.interval_ns) / 1e9)
                            : json(nullptr);
  return {{"bytes", summary.pages.distinct_pages() * kSummaryPageBytes},
          {"interval_seconds", interval},
          {"bytes_by_interval", std::move(bytes)}};
}

json ReplayJson(const TraceScan& scan) try {
  const ReplayLayout layout = LayOut(scan, 0);
  return {{"block_bytes", layout.geometry.record_size},
          {"blocks", layout.geometry.records},
          {"operations", layout.operations},
          {"discards", layout.discards},
          {"split_accesses", layout.split_accesses}};
} catch (const Error&) {
  return nullptr;
}

}  // namespace

std::string SummaryJson(const TraceSummary& summary) {
  const TraceScan& scan = *summary.scan;
  json events = json::object();
  for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
    events[std::string(EventKindName(static_cast<EventKind>(kind)))] = {
        {"count", scan.events[kind]}, {"bytes", scan.bytes[kind]}};
  }
  json files = json::array();
  for (std::size_t file = 0; file < std::min(summary.files.size(), kMostFiles); ++file) {
    files.push_back(FileJson(summary, file));
  }
  json regions = json::array();
  for (const HotRegion& region : summary.hot_regions) {
    regions.push_back({{"file", scan.files[region.file - 1].path},
                       {"offset", region.offset},
                       {"length", region.length},
                       {"accesses", region.accesses}});
  }
  const json document = {
      {"schema", "faultline-trace/1"},
      {"recorder", scan.header.recorder},
      {"command", scan.header.command},
      {"notes", scan.end.notes},
      {"trace_bytes", scan.trace_bytes},
      {"started_ns", scan.end.started_ns == 0 ? json(nullptr) : json(scan.end.started_ns)},
      {"seconds", scan.end.timed ? json(static_cast<double>(scan.span_ns) / 1e9) : json(nullptr)},
      {"faults_recorded", scan.end.faults},
      {"processes", summary.processes},
      {"threads", summary.threads},
      {"file_count", scan.files.size()},
      {"files", std::move(files)},
      {"events", std::move(events)},
      {"accesses", scan.accesses},
      {"read_sizes", SizesJson(summary.read_sizes)},
      {"write_sizes", SizesJson(summary.write_sizes)},
      {"sequential", {{"reads", summary.sequential_reads}, {"writes", summary.sequential_writes}}},
      {"flushes",
       {{"count", scan.CountOf(EventKind::kFlush)},
        {"median_writes", OrNull(summary.median_writes_per_flush)},
        {"median_written_bytes", OrNull(summary.median_written_bytes_per_flush)},
        {"unflushed_writes", summary.unflushed_writes}}},
      {"working_set", WorkingSetJson(summary)},
      {"reuse", ReuseJson(summary.pages)},
      {"region_bytes", summary.region_bytes},
      {"hot_regions", std::move(regions)},
      {"replay", ReplayJson(scan)}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace faultline
