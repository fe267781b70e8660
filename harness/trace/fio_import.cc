// fio's I/O logs (write_iolog), versions 2 and 3: one access a line, of a file or a device by its
// name.
//
//   fio version 3 iolog
//   12 /data/my file.img open
//   20 /data/my file.img write 8192 4096
#include <algorithm>
#include <optional>
#include <vector>

#include "harness/base/text.h"
#include "harness/trace/importer.h"
#include "harness/trace/scanning.h"
#include "harness/trace/trace_format.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMostFioNumber = std::uint64_t{1} << 53;

std::optional<std::uint64_t> ReadFioNumber(std::string_view text) {
  const auto number = ToNumber<std::uint64_t>(text);
  return number && *number <= kMostFioNumber ? number : std::nullopt;
}

// The last word of a text, taken away with the blanks before it.
std::string_view TakeLastWord(std::string_view& text) {
  text = Trim(text);
  const std::size_t blank = text.find_last_of(" \t");
  const std::string_view word = blank == std::string_view::npos ? text : text.substr(blank + 1);
  text.remove_suffix(word.size());
  return word;
}

// What a line says besides its time.
struct FioLine {
  std::string_view path;  // may hold blanks
  std::string_view action;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool ranged = false;  // it has offset and length
};

constexpr std::string_view kFioActions[] = {"add",      "open", "close", "read", "write",
                                            "datasync", "sync", "trim",  "wait"};

bool IsFioAction(std::string_view word) {
  return std::find(std::begin(kFioActions), std::end(kFioActions), word) != std::end(kFioActions);
}

// FILE ACTION, or FILE ACTION OFFSET LENGTH.
std::optional<FioLine> ReadFioLine(std::string_view text) {
  FioLine line;
  const std::string_view whole = text;
  const auto length = ReadFioNumber(TakeLastWord(text));
  const auto offset = ReadFioNumber(TakeLastWord(text));
  line.ranged = length && offset;
  if (!line.ranged) text = whole;
  line.offset = offset.value_or(0);
  line.length = length.value_or(0);
  line.action = TakeLastWord(text);
  line.path = Trim(text);
  if (!IsFioAction(line.action) || line.path.empty()) return std::nullopt;
  const bool wants_range = line.action == "read" || line.action == "write" ||
                           line.action == "trim" || line.action == "wait";
  if (wants_range && !line.ranged) return std::nullopt;
  return line;
}

class FioImporter final : public Importer {
 public:
  explicit FioImporter(TraceBuilder& builder) : builder_(builder) {}

  void Finish() override {
    if (version_ == 2 && !waited_) builder_.SetUntimed();
  }

 private:
  void Line(std::string_view text) override {
    if (Trim(text).empty()) return;
    if (IsFioLine(text)) {
      CountUnderstood();
      version_ = Trim(text).find('2') != std::string_view::npos ? 2 : 3;
      return;
    }
    std::optional<std::uint64_t> time_us;
    std::string_view rest = text;
    if (version_ == 3) {
      // Since the beginning, before everything else.
      scanning::SkipBlanks(rest);
      time_us = ReadFioNumber(scanning::TakeWhile(rest, scanning::kDigits));
      if (!time_us) return CountForeign(text);
    }
    const std::optional<FioLine> line = version_ == 0 ? std::nullopt : ReadFioLine(rest);
    if (!line || !trace_format::IsRange(EventKind::kRead, line->offset, line->length)) {
      return CountForeign(text);
    }
    CountUnderstood();
    if (time_us) time_ns_ = *time_us * 1000;
    Access(*line);
  }

  void Access(const FioLine& line) {
    if (line.action == "wait") {
      time_ns_ = std::min(time_ns_ + line.offset * 1000, kMostFioNumber * 1000);
      waited_ = true;
      return;
    }
    TraceEvent event = {.file = builder_.FileOf(std::string(line.path)), .time_ns = time_ns_};
    if (event.file == 0 || line.action == "add") return;
    event.kind = KindOf(line.action);
    if (event.kind == EventKind::kOpen) event.flags = kFlagWritable;
    if (IsAccess(event.kind) || event.kind == EventKind::kDiscard) {
      if (line.length == 0) return;
      event.offset = line.offset;
      event.length = line.length;
    }
    builder_.Add(event);
  }

  static EventKind KindOf(std::string_view action) {
    if (action == "read") return EventKind::kRead;
    if (action == "write") return EventKind::kWrite;
    if (action == "open") return EventKind::kOpen;
    if (action == "close") return EventKind::kClose;
    if (action == "trim") return EventKind::kDiscard;
    return EventKind::kFlush;
  }

  TraceBuilder& builder_;
  int version_ = 0;
  bool waited_ = false;
  std::uint64_t time_ns_ = 0;
};

}  // namespace

bool IsFioLine(std::string_view line) {
  const std::string_view text = Trim(line);
  return text == "fio version 2 iolog" || text == "fio version 3 iolog";
}

std::unique_ptr<Importer> MakeFioImporter(TraceBuilder& builder, const ImportRequest&) {
  return std::make_unique<FioImporter>(builder);
}

}  // namespace faultline
