// The operations of a replay, made from the trace as they are asked for.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "faultline/error.h"
#include "harness/trace/replay_cursor.h"
#include "harness/trace/trace_reader.h"

namespace faultline {
namespace {

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
        left_(operations),
        grown_(layout.geometry.sparse ? layout.regions.size() : 0),
        cursor_(layout.geometry.record_size) {
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
      if (cursor_.empty() && !flush_ && !Advance()) break;
      if (!due_ns.empty()) due_ns[filled] = due_ns_;
      if (std::exchange(flush_, false)) {
        --left_;
        if (alone_ || std::exchange(changed_, false)) {
          into[filled++] = Operation(OperationKind::kFlush, 0, 1);
        }
      } else {
        --left_;
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
      if (!cursor_.empty()) {
        filled += Part(into[filled]);
      } else if (grown_ < layout_.regions.size()) {
        const ReplayLayout::Region& region = layout_.regions[grown_++];
        if (region.grows) cursor_.Set(region, {region.grows_from, ~std::uint64_t{0}});
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
    due_ns_ = std::max(due_ns_, PlayedAt(since, layout_.speed));
  }

  // Moves on to the next event that is part of the plan. False at the end.
  bool Advance() {
    while (reader_.Next(event_)) {
      kind_ = KindOf(event_.kind);
      if (kind_ == OperationKind::kFlush) {
        NoteTime();
        flush_ = true;
        return true;
      }
      if (event_.file > layout_.regions.size()) ThrowChanged();
      const FileRange range = PlayedRange();
      if (range.empty()) continue;
      cursor_.Set(layout_.regions[event_.file - 1], range);
      if (IsAccess(event_.kind) && !cursor_.Has(range)) ThrowChanged();
      if (cursor_.empty()) continue;
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

  // Takes the next piece. Returns 1 if it belongs to this share.
  std::size_t Part(Operation& into) {
    const ReplayPiece piece = cursor_.Next();
    if (piece.offset < begin_ || piece.offset >= end_) return 0;
    changed_ = changed_ || kind_ != OperationKind::kRead;
    into = Operation(kind_, piece.offset, piece.length);
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
      case EventKind::kDiscard:
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
  std::size_t grown_;         // files that are as they were at first
  bool setup_ = false;        // what is filled in now
  bool setup_flush_ = false;  // is still to come
  TraceEvent event_;
  OperationKind kind_ = OperationKind::kRead;  // that the event becomes
  bool flush_ = false;                         // it is one, and to be played
  std::optional<std::uint64_t> first_ns_;      // the time of the first event that is played
  std::int64_t due_ns_ = 0;                    // when this one is due
  ReplayCursor cursor_;                        // what of the access is to be played
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

}  // namespace

std::unique_ptr<Plan> MakeReplayPlan(const std::filesystem::path& path, ReplayLayout layout,
                                     std::uint64_t operations, std::uint64_t workers,
                                     std::optional<std::int64_t> recorded_ns) {
  return std::make_unique<ReplayPlan>(path, std::move(layout), operations, workers, recorded_ns);
}

}  // namespace faultline
