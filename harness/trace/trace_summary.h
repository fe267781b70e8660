// A trace summed up: what is accessed, how, how often, in which order.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/reuse_distance.h"
#include "harness/trace/trace_scan.h"

namespace faultline {

// The unit of working sets and reuse, whatever the recorded system's pages were.
inline constexpr std::uint64_t kSummaryPageBytes = 4096;

// Reads count what was read by calls and by page faults; writes likewise.
struct FileSummary {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t flushes = 0;
};

// A range of a file that is accessed more than others.
struct HotRegion {
  std::uint32_t file = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t accesses = 0;
};

// Accesses by their length: bin 0 for 1 byte, bin n for more than 2^(n-1) up to 2^n bytes.
using SizeBins = std::array<std::uint64_t, 64>;

struct TraceSummary {
  static constexpr std::size_t kIntervals = 100;  // that the trace's time is cut into
  static constexpr std::size_t kHotRegions = 10;

  std::filesystem::path path;
  std::shared_ptr<const TraceScan> scan;
  std::vector<FileSummary> files;  // as in scan->files
  SizeBins read_sizes = {};
  SizeBins write_sizes = {};
  // That begin where the access before of the same file and thread ended.
  std::uint64_t sequential_reads = 0;
  std::uint64_t sequential_writes = 0;
  std::uint64_t processes = 0;
  std::uint64_t threads = 0;
  // Changes (writes and write faults) from one flush to the next, of those that had any.
  std::optional<double> median_writes_per_flush;
  std::optional<double> median_written_bytes_per_flush;
  std::uint64_t unflushed_writes = 0;  // behind the last flush
  PageSample pages;
  std::uint64_t interval_ns = 0;       // of pages.pages_per_interval(); 0 for an untimed trace
  std::uint64_t region_bytes = 0;      // unit of the hot regions
  std::vector<HotRegion> hot_regions;  // most accessed first
};

// Reads the trace twice, in bounded memory. Throws what TraceReader throws.
TraceSummary SummarizeTrace(const std::filesystem::path& path);

// For people, in 80 columns as far as paths allow.
std::string SummaryText(const TraceSummary& summary);

}  // namespace faultline
