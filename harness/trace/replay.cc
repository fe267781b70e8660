#include "harness/trace/replay.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <numeric>
#include <utility>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/file_ends.h"
#include "harness/trace/trace_reader.h"

namespace faultline {
namespace {

std::uint64_t ChooseBlock(const TraceScan& scan) {
  for (std::size_t size = 0; size < kBlockSizes; ++size) {
    if (scan.split[size] < scan.accesses / 100.0) return kLeastBlock << size;
  }
  return kLeastBlock << (kBlockSizes - 1);
}

std::size_t IndexOf(std::uint64_t block) {
  return static_cast<std::size_t>(std::countr_zero(block) - std::countr_zero(kLeastBlock));
}

// A time since the trace's first access, played at `speed`.
std::int64_t AtSpeed(std::uint64_t ns, double speed) {
  constexpr std::int64_t kLatest = (std::int64_t{1} << 62) - 1;
  const double played = static_cast<double>(ns) / speed;
  return played < static_cast<double>(kLatest) ? static_cast<std::int64_t>(played) : kLatest;
}

std::uint64_t GrownBytes(const ReplayLayout& layout) {
  std::uint64_t bytes = 0;
  for (const ReplayLayout::Region& region : layout.regions) bytes += region.end - region.grows_from;
  return bytes;
}

class ReplayStream final : public OperationStream {
 public:
  ReplayStream(const std::filesystem::path& path, const ReplayLayout& layout, Share share,
               std::uint64_t operations)
      : reader_(path),
        path_(path),
        layout_(layout),
        begin_(share.FirstRecord(layout.geometry) * layout.geometry.record_size),
        end_(begin_ + share.Records(layout.geometry) * layout.geometry.record_size),
        alone_(share.count == 1),
        left_(operations) {
    for (const ReplayLayout::Region& region : layout.regions) ends_.Add(region.first_size);
  }

  std::size_t Next(std::span<Operation> into) override { return Fill(into, {}); }

  std::size_t NextTimed(std::span<Operation> into, std::span<std::int64_t> due_ns) override {
    return Fill(into, due_ns);
  }

  bool IsSetup() const override { return setup_; }

 private:
  // Writes the times too unless `due_ns` is empty.
  std::size_t Fill(std::span<Operation> into, std::span<std::int64_t> due_ns) {
    setup_ = grown_ < layout_.regions.size() || setup_flush_;
    if (setup_) {
      if (const std::size_t filled = FillSetup(into); filled > 0) return filled;
      setup_ = false;
    }
    std::size_t filled = 0;
    while (filled < into.size() && left_ > 0) {
      if (at_ == access_end_ && !Advance()) break;
      if (!due_ns.empty()) due_ns[filled] = due_ns_;
      if (kind_ == OperationKind::kFlush) {
        at_ = access_end_ = 0;
        --left_;
        if (alone_ || std::exchange(changed_, false)) {
          into[filled++] = Operation(OperationKind::kFlush, 0, 1);
        }
      } else {
        filled += Part(into[filled]);
      }
    }
    return filled;
  }

  // The growth of each file, and a flush where there is any in this share.
  std::size_t FillSetup(std::span<Operation> into) {
    std::size_t filled = 0;
    kind_ = OperationKind::kDiscard;
    while (filled < into.size()) {
      if (at_ < access_end_) {
        filled += Part(into[filled]);
      } else if (grown_ < layout_.regions.size()) {
        const ReplayLayout::Region& region = layout_.regions[grown_++];
        at_ = region.grows_from;
        access_end_ = region.end;
      } else {
        break;
      }
      setup_flush_ = changed_;
    }
    if (filled < into.size() && setup_flush_) {
      into[filled++] = Operation(OperationKind::kFlush, 0, 1);
      setup_flush_ = changed_ = false;
    }
    return filled;
  }

  void NoteTime() {
    if (!first_ns_) first_ns_ = event_.time_ns;
    const std::uint64_t since = event_.time_ns - std::min(event_.time_ns, *first_ns_);
    due_ns_ = std::max(due_ns_, AtSpeed(since, layout_.speed));
  }

  // Moves on to the next event that is part of the plan. False at the end.
  bool Advance() {
    while (reader_.Next(event_)) {
      kind_ = KindOf(event_.kind);
      if (kind_ == OperationKind::kFlush) {
        NoteTime();
        access_end_ = at_ + 1;
        return true;
      }
      if (event_.file > layout_.regions.size()) ThrowChanged();
      const FileRange range = PlayedRange();
      if (range.empty()) continue;
      const ReplayLayout::Region& region = layout_.regions[event_.file - 1];
      if (range.end > region.end - region.begin) ThrowChanged();
      at_ = region.begin + range.begin;
      access_end_ = region.begin + range.end;
      NoteTime();
      return true;
    }
    return false;
  }

  // Of the event's file; empty for an event that becomes nothing.
  FileRange PlayedRange() {
    const FileRange cut = ends_.Next(event_);
    if (!IsAccess(event_.kind)) return cut;
    return {event_.offset, event_.offset + event_.length};
  }

  // Takes the access's next part, up to the block's end. Returns 1 if it belongs to this share.
  std::size_t Part(Operation& into) {
    const std::uint64_t block = layout_.geometry.record_size;
    const std::uint64_t part_end = std::min(access_end_, (at_ / block + 1) * block);
    const std::uint64_t part = std::exchange(at_, part_end);
    if (!setup_) --left_;
    if (part < begin_ || part >= end_) return 0;
    changed_ = changed_ || kind_ != OperationKind::kRead;
    into = Operation(kind_, part, part_end - part);
    return 1;
  }

  // Means nothing for events that become none.
  static OperationKind KindOf(EventKind kind) {
    switch (kind) {
      case EventKind::kWrite:
        return OperationKind::kWrite;
      case EventKind::kFaultWrite:
        return OperationKind::kUpdate;
      case EventKind::kTruncate:
        return OperationKind::kDiscard;
      case EventKind::kFlush:
        return OperationKind::kFlush;
      default:
        return OperationKind::kRead;
    }
  }

  [[noreturn]] void ThrowChanged() const {
    throw Error(fmt::format("the trace '{}' was changed since the run began; begin the run again",
                            path_.native()));
  }

  TraceReader reader_;
  std::filesystem::path path_;
  const ReplayLayout& layout_;
  std::uint64_t begin_;  // of the share, in the data file
  std::uint64_t end_;
  bool alone_;
  std::uint64_t left_;    // operations of all shares that the plan still has
  bool changed_ = false;  // since this share's last flush
  FileEnds ends_;
  std::size_t grown_ = 0;     // files that are as they were at first
  bool setup_ = false;        // what is filled in now
  bool setup_flush_ = false;  // is still to come
  TraceEvent event_;
  OperationKind kind_ = OperationKind::kRead;  // that the event becomes
  std::optional<std::uint64_t> first_ns_;      // the time of the first event that is played
  std::int64_t due_ns_ = 0;                    // when this one is due
  std::uint64_t at_ = 0;  // of the access in the data file: what comes next, and its end
  std::uint64_t access_end_ = 0;
};

class ReplayPlan final : public Plan {
 public:
  ReplayPlan(std::filesystem::path path, ReplayLayout layout, std::uint64_t operations,
             std::uint64_t workers, std::optional<std::int64_t> recorded_ns)
      : path_(std::move(path)),
        layout_(std::move(layout)),
        operations_(operations),
        workers_(workers),
        recorded_ns_(recorded_ns) {}

  std::optional<std::int64_t> RecordedNs() const override { return recorded_ns_; }

  bool HasSetup() const override { return GrownBytes(layout_) > 0; }

  std::unique_ptr<OperationStream> Stream(Share share) const override {
    if (share.count != workers_ || share.index >= workers_) {
      throw Error(fmt::format("a plan made for {} workers was asked for share {} of {}", workers_,
                              share.index, share.count));
    }
    return std::make_unique<ReplayStream>(path_, layout_, share, operations_);
  }

 private:
  std::filesystem::path path_;
  ReplayLayout layout_;
  std::uint64_t operations_;
  std::uint64_t workers_;
  std::optional<std::int64_t> recorded_ns_;
};

constexpr std::size_t kMostPaths = 3;

// "my.db (4.0 MiB), my.db-journal (16.5 KiB) and 2 more", the largest first.
std::string LargestFiles(const TraceScan& scan) {
  std::vector<std::size_t> order(scan.files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t shown = std::min(order.size(), kMostPaths);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&scan](std::size_t first, std::size_t second) {
                      return std::pair(scan.extents[second], first) <
                             std::pair(scan.extents[first], second);
                    });
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string& path = scan.files[order[i]].path;
    parts.push_back(fmt::format("{} ({})", path.substr(path.rfind('/') + 1),
                                FormatBytes(scan.extents[order[i]])));
  }
  if (shown < order.size()) parts.push_back(FormatCount(order.size() - shown) + " more");
  return Listing(parts);
}

// Whether a file was surely shorter when the trace first spoke of it.
bool Grows(const TraceScan& scan, std::size_t file) {
  return scan.files[file].size.value_or(scan.extents[file]) < scan.extents[file];
}

std::string GrowthText(const TraceScan& scan, const ReplayLayout& layout) {
  std::vector<std::string> parts;
  const std::uint64_t grown_bytes = GrownBytes(layout);
  bool grows = false;
  for (std::size_t file = 0; file < scan.files.size(); ++file) grows = grows || Grows(scan, file);
  if (grown_bytes > 0) {
    parts.push_back(
        fmt::format("before the clock of each pass {} are discarded", FormatBytes(grown_bytes)));
  } else if (grows) {
    parts.push_back("the first pass begins with holes, later ones overwrite");
  }
  if (scan.cuts > 0) {
    parts.push_back(fmt::format("{} {} ({} of the operations)",
                                CountOf(scan.cuts, "truncation discards", "truncations discard"),
                                FormatBytes(scan.cut_bytes), FormatCount(layout.discards)));
  }
  return parts.empty() ? "no file grows or is cut" : Join(parts, ", ");
}

std::string AccessesText(const TraceScan& scan) {
  const std::uint64_t calls = scan.CountOf(EventKind::kRead) + scan.CountOf(EventKind::kWrite);
  const std::uint64_t faults =
      scan.CountOf(EventKind::kFaultRead) + scan.CountOf(EventKind::kFaultWrite);
  std::vector<std::string> parts;
  if (calls > 0) parts.push_back(fmt::format("{} by calls", FormatCount(calls)));
  if (faults > 0)
    parts.push_back(fmt::format("{} by page faults of mappings", FormatCount(faults)));
  return Join(parts, ", ");
}

}  // namespace

ReplayLayout LayOut(const TraceScan& scan, std::uint64_t block, bool sparse) {
  if (block == 0) block = ChooseBlock(scan);
  if (!std::has_single_bit(block) || block < kLeastBlock ||
      block > kLeastBlock << (kBlockSizes - 1)) {
    throw UsageError(fmt::format(
        "a block of {} can't hold a trace's accesses; a block is a power of two from 512 to 4MiB",
        FormatSize(block)));
  }
  if (scan.accesses == 0) {
    throw UsageError(
        "the trace has no read, no write and no page fault: there is nothing to replay");
  }
  ReplayLayout layout;
  std::uint64_t blocks = 0;
  for (std::size_t file = 0; file < scan.extents.size(); ++file) {
    const std::uint64_t extent = scan.extents[file];
    const std::uint64_t first_size = scan.files[file].size.value_or(0);
    const std::uint64_t begin = blocks * block;
    blocks += extent / block + (extent % block != 0 ? 1 : 0);
    const std::uint64_t end = blocks * block;
    const bool grows = Grows(scan, file) && !sparse;
    layout.regions.push_back({.begin = begin,
                              .grows_from = grows ? begin + first_size : end,
                              .end = end,
                              .first_size = first_size});
    if (blocks > Operation::kMaximumFileSize / block) {
      throw UsageError(
          "the trace's files are larger together than a data file can be (1 TiB); record fewer of "
          "them with --file");
    }
  }
  layout.geometry = {.records = blocks, .record_size = block, .sparse = sparse};
  layout.discards = scan.cut_parts[IndexOf(block)];
  layout.operations =
      scan.parts[IndexOf(block)] + scan.CountOf(EventKind::kFlush) + layout.discards;
  layout.split_accesses = scan.split[IndexOf(block)];
  return layout;
}

std::map<std::string, std::string> ReplayFacts(const TraceScan& scan, const ReplayLayout& layout) {
  std::map<std::string, std::string> facts = {
      {"recorder", scan.header.recorder},
      {"command", scan.header.command},
      {"files", FormatCount(scan.files.size())},
      {"largest files", LargestFiles(scan)},
      {"accesses", AccessesText(scan)},
      {"block", FormatSize(layout.geometry.record_size)},
      {"split", fmt::format("{} of {} accesses lie in several blocks",
                            FormatCount(layout.split_accesses), FormatCount(scan.accesses))},
      {"growth", GrowthText(scan, layout)},
  };
  if (const std::uint64_t bytes = GrownBytes(layout); bytes > 0) {
    facts["setup"] = fmt::format("{} discarded before each pass", FormatBytes(bytes));
  }
  if (layout.discards > 0) facts["discards"] = FormatCount(layout.discards);
  if (scan.CountOf(EventKind::kFlush) > 0) {
    facts["flushes"] = "of one file each in the trace, of everything here";
  }
  if (scan.CountOf(EventKind::kMap) > 0) {
    facts["mapped accesses"] =
        scan.end.faults ? "as page faults: to pages that the program's page tables didn't show yet"
                        : "not recorded, and not played";
  }
  return facts;
}

std::unique_ptr<Plan> MakeReplayPlan(const std::filesystem::path& path, ReplayLayout layout,
                                     std::uint64_t operations, std::uint64_t workers,
                                     std::optional<std::int64_t> recorded_ns) {
  return std::make_unique<ReplayPlan>(path, std::move(layout), operations, workers, recorded_ns);
}

std::optional<std::int64_t> PlayedNs(const TraceScan& scan, const ReplayLayout& layout) {
  if (!scan.end.timed) return std::nullopt;
  return AtSpeed(scan.span_ns - std::min(scan.span_ns, scan.first_ns), layout.speed);
}

}  // namespace faultline
