// How a trace's files lie in the data file; the operations are made in replay_stream.cc.
#include "harness/trace/replay.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/replay_cursor.h"
#include "harness/trace/trace_reader.h"

namespace faultline {
namespace {

constexpr std::uint64_t kLeastHuge = std::uint64_t{1} << 30;
constexpr std::uint64_t kHugeFactor = 8;

std::uint64_t ChooseBlock(const TraceScan& scan) {
  for (std::size_t size = 0; size < kBlockSizes; ++size) {
    if (scan.split[size] < scan.accesses / 100.0) return kLeastBlock << size;
  }
  return kLeastBlock << (kBlockSizes - 1);
}

std::size_t IndexOf(std::uint64_t block) {
  return static_cast<std::size_t>(std::countr_zero(block) - std::countr_zero(kLeastBlock));
}

std::uint64_t InBlocks(std::uint64_t bytes, std::uint64_t block) {
  return bytes / block * block + (bytes % block != 0 ? block : 0);
}

// Of all files as a whole; the largest number if that is more.
std::uint64_t WholeBytes(const TraceScan& scan, std::uint64_t block) {
  std::uint64_t bytes = 0;
  for (const std::uint64_t extent : scan.extents) {
    const std::uint64_t more = InBlocks(extent, block);
    bytes = more > ~std::uint64_t{0} - bytes ? ~std::uint64_t{0} : bytes + more;
  }
  return bytes;
}

bool IsCompact(const TraceScan& scan, const LayoutOptions& options, std::uint64_t whole_bytes,
               std::uint64_t unit) {
  if (options.compaction != Compaction::kWhereHuge) {
    return options.compaction == Compaction::kAlways;
  }
  return whole_bytes > kLeastHuge && !options.sparse &&
         scan.touched.Bytes(unit) <= whole_bytes / kHugeFactor;
}

// Whether a file was surely shorter when the trace first spoke of it.
bool Grows(const TraceScan& scan, std::size_t file) {
  return scan.files[file].size.value_or(scan.extents[file]) < scan.extents[file];
}

// Discards are cut by what the data file has.
std::uint64_t CountDiscards(const TraceScan& scan, const ReplayLayout& layout) {
  std::uint64_t count = 0;
  TraceReader reader(scan.path);
  FileEnds ends;
  ReplayCursor cursor(layout.geometry.record_size);
  for (const ReplayLayout::Region& region : layout.regions) ends.Add(region.first_size);
  TraceEvent event;
  while (reader.Next(event)) {
    if (event.file > layout.regions.size()) break;
    const FileRange cut = ends.Next(event);
    if (cut.empty()) continue;
    for (cursor.Set(layout.regions[event.file - 1], cut); !cursor.empty(); cursor.Next()) ++count;
  }
  return count;
}

void CheckBlock(std::uint64_t block) {
  if (std::has_single_bit(block) && block >= kLeastBlock &&
      block <= kLeastBlock << (kBlockSizes - 1)) {
    return;
  }
  throw UsageError(fmt::format(
      "a block of {} can't hold a trace's accesses; a block is a power of two from 512 to 4MiB",
      FormatSize(block)));
}

}  // namespace

ReplayLayout LayOut(const TraceScan& scan, const LayoutOptions& options) {
  const std::uint64_t block = options.block == 0 ? ChooseBlock(scan) : options.block;
  CheckBlock(block);
  if (scan.accesses == 0) {
    throw UsageError(
        "the trace has no read, no write and no page fault: there is nothing to replay");
  }
  const std::uint64_t unit = std::max(block, scan.touched.unit());
  ReplayLayout layout;
  layout.whole_bytes = WholeBytes(scan, block);
  layout.compact = IsCompact(scan, options, layout.whole_bytes, unit);
  std::uint64_t bytes = 0;
  for (std::size_t file = 0; file < scan.extents.size(); ++file) {
    const std::uint64_t first_size = scan.files[file].size.value_or(0);
    ReplayLayout::Region region = {
        .first_size = first_size, .grows_from = first_size, .grows = Grows(scan, file)};
    std::vector<FileRange> ranges = {{0, InBlocks(scan.extents[file], block)}};
    if (layout.compact) {
      ranges = scan.touched.RangesOf(static_cast<std::uint32_t>(file + 1), unit);
    }
    for (const FileRange& range : ranges) {
      if (range.empty()) continue;
      region.parts.push_back({range, bytes});
      const std::uint64_t length = range.end - range.begin;
      if (length > Operation::kMaximumFileSize - bytes) {
        throw UsageError(
            "the trace's files are larger together than a data file can be (1 TiB); record fewer "
            "of them with --file");
      }
      bytes += length;
    }
    layout.regions.push_back(std::move(region));
  }
  layout.geometry = {.records = bytes / block, .record_size = block, .sparse = options.sparse};
  layout.discards = scan.cut_parts[IndexOf(block)];
  if (layout.compact && layout.discards > 0) layout.discards = CountDiscards(scan, layout);
  layout.operations =
      scan.parts[IndexOf(block)] + scan.CountOf(EventKind::kFlush) + layout.discards;
  layout.split_accesses = scan.split[IndexOf(block)];
  return layout;
}

std::uint64_t GrownBytes(const ReplayLayout& layout) {
  std::uint64_t bytes = 0;
  if (layout.geometry.sparse) return bytes;
  for (const ReplayLayout::Region& region : layout.regions) {
    if (!region.grows) continue;
    for (const ReplayLayout::Part& part : region.parts) {
      bytes += part.range.end - std::clamp(region.grows_from, part.range.begin, part.range.end);
    }
  }
  return bytes;
}

std::int64_t PlayedAt(std::uint64_t ns, double speed) {
  constexpr std::int64_t kLatest = (std::int64_t{1} << 62) - 1;
  const double played = static_cast<double>(ns) / speed;
  return played < static_cast<double>(kLatest) ? static_cast<std::int64_t>(played) : kLatest;
}

std::optional<std::int64_t> PlayedNs(const TraceScan& scan, const ReplayLayout& layout) {
  if (!scan.end.timed) return std::nullopt;
  return PlayedAt(scan.span_ns - std::min(scan.span_ns, scan.first_ns), layout.speed);
}

}  // namespace faultline
