// blkparse's text in its default format: requests to a block device, which becomes the one file of
// that name ("8,0").
//
// A request is seen several times on its way (Q: queued, D: issued, C: completed). Those of one
// kind count: of the first kind that comes and is one of these three, which is what was queued
// unless the text was filtered.
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/importer.h"

namespace faultline {
namespace {

constexpr std::uint64_t kSectorBytes = 512;
constexpr std::uint64_t kMostSectors = std::uint64_t{1} << 50;

class BlkparseImporter final : public Importer {
 public:
  explicit BlkparseImporter(TraceBuilder& builder) : builder_(builder) {}

  // device processor sequence seconds process action kind [sector + count] [name]
  void Line(std::string_view line) override {
    rest_ = line;
    const std::string_view device = Word();
    if (device.empty() || summary_) return;
    if (!IsDevice(device)) {
      // Totals by processor and device follow the events.
      if (events_seen_ == 0) Fail(line);
      summary_ = true;
      return;
    }
    Number(Word());  // processor
    Number(Word());  // sequence
    const std::uint64_t time_ns = Time(Word());
    const std::uint64_t process = Number(Word());
    const std::string_view action = Word();
    const std::string_view kind = Word();
    ++events_seen_;
    if (action.size() != 1 || std::string_view("QDC").find(action) == std::string_view::npos)
      return;
    if (counted_ == 0) counted_ = action.front();
    if (action.front() != counted_) return;
    Request(device, kind,
            {.process = static_cast<std::uint32_t>(process),
             .thread = static_cast<std::uint32_t>(process),
             .time_ns = time_ns});
  }

  void Finish() override {
    if (counted_ != 0) {
      builder_.Note(
          fmt::format("requests to a block device, as they were {}; what the page cache answered "
                      "is not among them",
                      counted_ == 'Q'   ? "queued"
                      : counted_ == 'D' ? "issued to it"
                                        : "completed"));
    }
    if (discards_ > 0) {
      builder_.Note(fmt::format("{} missing, which a trace has no event for",
                                CountOf(discards_, "discard is", "discards are")));
    }
  }

 private:
  [[noreturn]] static void Fail(std::string_view text) {
    throw Error(fmt::format("'{}' is no event of blkparse's default format", text.substr(0, 80)));
  }

  std::string_view Word() {
    rest_ = Trim(rest_);
    const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t"));
    rest_.remove_prefix(word.size());
    return word;
  }

  static bool IsDevice(std::string_view word) {
    const std::size_t comma = word.find(',');
    return comma != std::string_view::npos && comma > 0 && comma + 1 < word.size() &&
           word.find_first_not_of("0123456789,") == std::string_view::npos;
  }

  static std::uint64_t Number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) Fail(text);
    return number;
  }

  // Seconds with nine decimals.
  static std::uint64_t Time(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos || text.size() - point != 10) Fail(text);
    const std::uint64_t seconds = Number(text.substr(0, point));
    if (seconds > std::uint64_t{1} << 32) Fail(text);
    return seconds * 1'000'000'000 + Number(text.substr(point + 1));
  }

  void Request(std::string_view device, std::string_view kind, TraceEvent event) {
    std::uint64_t sectors = 0;
    const std::string_view sector = Word();
    if (!sector.empty() && sector.find_first_not_of("0123456789") == std::string_view::npos) {
      event.offset = Number(sector);
      if (Word() != "+") Fail(sector);
      sectors = Number(Word());
      if (event.offset > kMostSectors || sectors > kMostSectors) Fail(sector);
    }
    event.offset *= kSectorBytes;
    event.length = sectors * kSectorBytes;
    event.file = builder_.FileOf(std::string(device));
    // Letters before the direction ask for a flush of the device first, those behind it for one of
    // this request ("FWFS").
    const std::size_t direction = kind.find_first_of("RWD");
    const std::string_view before = kind.substr(0, direction);
    const std::string_view after =
        direction == std::string_view::npos ? "" : kind.substr(direction + 1);
    if (before.find('F') != std::string_view::npos) Flush(event);
    if (direction == std::string_view::npos || sectors == 0) return;
    if (kind[direction] == 'D') {
      ++discards_;
      return;
    }
    event.kind = kind[direction] == 'R' ? EventKind::kRead : EventKind::kWrite;
    builder_.Add(event);
    if (event.kind == EventKind::kWrite && after.find('F') != std::string_view::npos) Flush(event);
  }

  void Flush(TraceEvent event) {
    event.kind = EventKind::kFlush;
    event.offset = event.length = 0;
    if (event.file != 0) builder_.Add(event);
  }

  TraceBuilder& builder_;
  std::string_view rest_;
  bool summary_ = false;
  char counted_ = 0;
  std::uint64_t events_seen_ = 0;
  std::uint64_t discards_ = 0;
};

}  // namespace

std::unique_ptr<Importer> MakeBlkparseImporter(TraceBuilder& builder) {
  return std::make_unique<BlkparseImporter>(builder);
}

}  // namespace faultline
