// blkparse's text: requests to block devices, which become the files of those names ("8,16").
//
// A request is seen several times on its way (Q: queued, D: issued, C: completed), and may be split
// and merged between them. Those of one kind count: what was asked for; else queued ones, if there
// are any; else issued ones. What a mapped device (LVM, dm-crypt) hands on to the one below is seen
// there again (A, then Q) and counts once: where it was sent.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/trace/blkparse_line.h"
#include "harness/trace/importer.h"
#include "harness/trace/scanning.h"
#include "harness/trace/trace_format.h"

namespace faultline {
namespace {

// Requests that wait for what shall count, and ranges that were handed on, at most.
constexpr std::size_t kMostWaitingRequests = 4096;
constexpr std::size_t kMostMoved = std::size_t{1} << 20;

// Ranges of sectors of devices.
class SectorRanges {
 public:
  void Add(const BlkparseLine& line) {
    if (count_ >= kMostMoved) {
      ranges_.clear();
      count_ = 0;
    }
    count_ +=
        ranges_[line.device].insert_or_assign(*line.sector, *line.sector + line.sectors).second ? 1
                                                                                                : 0;
  }

  // Takes away what begins in the line's range. Whether the line begins in one that was added.
  bool Take(const BlkparseLine& line) {
    const auto device = ranges_.find(line.device);
    if (device == ranges_.end() || device->second.empty()) return false;
    std::map<std::uint64_t, std::uint64_t>& ranges = device->second;
    auto at = ranges.upper_bound(*line.sector);
    if (at == ranges.begin()) return false;
    --at;
    if (at->second <= *line.sector) return false;
    while (at != ranges.end() && at->first < *line.sector + line.sectors) {
      at = ranges.erase(at);
      --count_;
    }
    return true;
  }

 private:
  std::map<std::string, std::map<std::uint64_t, std::uint64_t>> ranges_;  // ends by beginnings
  std::size_t count_ = 0;
};

// Whether a line is of blkparse's totals, which follow the events, or begins them.
bool BeginsTotals(std::string_view text) {
  if (text.starts_with("Total (") || text.starts_with("Events (") || text.starts_with("Skips: ") ||
      text.starts_with("Throughput (")) {
    return true;
  }
  return scanning::Take(text, "CPU") && !scanning::TakeWhile(text, scanning::kDigits).empty() &&
         text.starts_with(" (");
}

char ActionOf(BlockRequests requests) {
  switch (requests) {
    case BlockRequests::kQueued:
      return 'Q';
    case BlockRequests::kIssued:
      return 'D';
    case BlockRequests::kCompleted:
      return 'C';
  }
  return 0;
}

class BlkparseImporter final : public Importer {
 public:
  BlkparseImporter(TraceBuilder& builder, const ImportRequest& request) : builder_(builder) {
    if (!request.line_format.empty()) format_.emplace(request.line_format);
    if (request.requests) counted_ = ActionOf(*request.requests);
  }

  void Finish() override {
    Decide();
    if (builder_.accesses() > 0) {
      builder_.Note(fmt::format(
          "requests to a block device{}; what the page cache answered is not among them",
          counted_ == 'Q'   ? ", as they were queued"
          : counted_ == 'D' ? ", as they were issued to it"
          : counted_ == 'C' ? ", as they were completed"
                            : ""));
    }
    if (moved_requests_ > 0) {
      builder_.Note(
          fmt::format("{} counted where they were sent",
                      CountOf(moved_requests_, "request of a device below a mapped one is",
                              "requests of devices below mapped ones are")));
    }
  }

 private:
  void Line(std::string_view text) override {
    if (Trim(text).empty()) return;
    const std::optional<BlkparseLine> line = format_ ? format_->Read(text) : ReadBlkparseLine(text);
    if (!line) {
      totals_ = totals_ || BeginsTotals(text);
      return totals_ ? CountOwn(text) : CountForeign(text);
    }
    totals_ = false;
    CountUnderstood();
    if (line->action == "A") {
      if (line->sector && mapped_.contains(std::string(line->from))) moved_.Add(*line);
      return;
    }
    const char action = line->action.empty() ? 'Q' : line->action.front();
    if (line->action.size() > 1 || std::string_view("QDC").find(action) == std::string_view::npos) {
      return;
    }
    if (action == 'Q') mapped_.insert(line->device);
    // Issued are those of devices of their own only.
    if (action != 'D' && line->sector && IsMoved(*line, action)) return;
    Count({.action = action,
           .device = line->device,
           .kind = std::string(line->kind),
           .process = line->process,
           .time_ns = line->time_ns,
           .offset = line->sector.value_or(0) * scanning::kSectorBytes,
           .length = line->sector ? line->sectors * scanning::kSectorBytes : 0});
  }

  // A request on its way.
  struct Request {
    char action = 0;
    std::string device;
    std::string kind;
    std::uint32_t process = 0;
    std::uint64_t time_ns = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // 0 of a flush
  };

  bool IsMoved(const BlkparseLine& line, char action) {
    // The range stays until the last look at it: what is queued is completed later.
    if (counted_ == 'C' && action == 'Q') return false;
    if (!moved_.Take(line)) return false;
    ++moved_requests_;
    return true;
  }

  // Adds the request if requests count at this point of their way.
  void Count(Request request) {
    if (counted_ != 0) {
      if (request.action == counted_) Add(request);
      return;
    }
    waiting_.push_back(std::move(request));
    if (waiting_.back().action == 'Q' || waiting_.size() > kMostWaitingRequests) Decide();
  }

  void Decide() {
    for (const char action : {'Q', 'D', 'C'}) {
      const auto is = [&](const Request& request) { return request.action == action; };
      if (counted_ == 0 && std::any_of(waiting_.begin(), waiting_.end(), is)) counted_ = action;
    }
    for (const Request& request : std::exchange(waiting_, {})) {
      if (request.action == counted_) Add(request);
    }
  }

  // Letters before the direction ask for a flush of the device first, those behind it for one of
  // this request ("FWFS").
  void Add(const Request& request) {
    TraceEvent event = {.file = builder_.FileOf(request.device),
                        .process = request.process,
                        .thread = request.process,
                        .time_ns = request.time_ns};
    if (event.file == 0) return;
    const std::string_view kind = request.kind;
    const std::size_t direction = kind.find_first_of("RWD");
    const std::string_view before = kind.substr(0, direction);
    const std::string_view after =
        direction == std::string_view::npos ? "" : kind.substr(direction + 1);
    TraceEvent flush = event;
    flush.kind = EventKind::kFlush;
    if (before.find('F') != std::string_view::npos) builder_.Add(flush);
    if (direction == std::string_view::npos || request.length == 0) return;
    event.kind = kind[direction] == 'R'   ? EventKind::kRead
                 : kind[direction] == 'W' ? EventKind::kWrite
                                          : EventKind::kDiscard;
    event.offset = request.offset;
    event.length = request.length;
    if (!trace_format::IsRange(event.kind, event.offset, event.length)) return;
    builder_.Add(event);
    if (event.kind == EventKind::kWrite && after.find('F') != std::string_view::npos) {
      builder_.Add(flush);
    }
  }

  TraceBuilder& builder_;
  std::optional<BlkparseFormat> format_;
  bool totals_ = false;
  char counted_ = 0;  // action; 0: the first of Q, D and C that comes is still to come
  std::vector<Request> waiting_;
  std::set<std::string> mapped_;  // devices that requests were sent to
  SectorRanges moved_;            // of devices below: requests that were sent to others before
  std::uint64_t moved_requests_ = 0;
};

}  // namespace

bool IsBlkparseLine(std::string_view line) { return ReadBlkparseLine(line).has_value(); }

std::unique_ptr<Importer> MakeBlkparseImporter(TraceBuilder& builder,
                                               const ImportRequest& request) {
  return std::make_unique<BlkparseImporter>(builder, request);
}

}  // namespace faultline
