// fio's I/O logs (write_iolog), versions 2 and 3: one access a line, of a file by its name.
#include <charconv>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/importer.h"

namespace faultline {
namespace {

class FioImporter final : public Importer {
 public:
  explicit FioImporter(TraceBuilder& builder) : builder_(builder) {}

  void Line(std::string_view line) override {
    if (version_ == 0) {
      ReadVersion(line);
      return;
    }
    std::vector<std::string_view> words = Words(line);
    if (words.empty()) return;
    if (version_ == 3) {
      // Version 3 has microseconds since the beginning before everything else.
      time_ns_ = Number(words.front()) * 1000;
      words.erase(words.begin());
    }
    if (words.size() != 2 && words.size() != 4) {
      throw Error(fmt::format("'{}' is no access: FILE ACTION or FILE ACTION OFFSET LENGTH",
                              line.substr(0, 80)));
    }
    Access(std::string(words[0]), words[1], words);
  }

  void Finish() override {
    if (trims_ > 0) {
      builder_.Note(fmt::format("{} missing, which a trace has no event for",
                                CountOf(trims_, "trim is", "trims are")));
    }
    if (version_ == 2 && !waited_) builder_.SetUntimed();
  }

 private:
  void ReadVersion(std::string_view line) {
    constexpr std::string_view kEnd = " iolog";
    const std::string_view text = Trim(line);
    if (text == "fio version 2 iolog" || text == "fio version 3 iolog") {
      version_ = text[text.size() - kEnd.size() - 1] - '0';
      return;
    }
    throw Error("an I/O log of fio begins with 'fio version 2 iolog' or 'fio version 3 iolog'");
  }

  static std::vector<std::string_view> Words(std::string_view line) {
    std::vector<std::string_view> words;
    while (!(line = Trim(line)).empty()) {
      const std::string_view word = line.substr(0, line.find_first_of(" \t"));
      words.push_back(word);
      line.remove_prefix(word.size());
      if (words.size() > 5) throw Error("more words than an access has");
    }
    return words;
  }

  static std::uint64_t Number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() ||
        number > std::uint64_t{1} << 53) {
      throw Error(fmt::format("'{}' is no number", text.substr(0, 80)));
    }
    return number;
  }

  void Access(const std::string& path, std::string_view action,
              const std::vector<std::string_view>& words) {
    if (action == "wait" && words.size() == 4) {
      time_ns_ += Number(words[2]) * 1000;
      waited_ = true;
      return;
    }
    if (action == "trim") {
      ++trims_;
      return;
    }
    TraceEvent event = {.kind = KindOf(action), .time_ns = time_ns_};
    const bool ranged = event.kind == EventKind::kRead || event.kind == EventKind::kWrite;
    if (ranged && words.size() != 4) {
      throw Error(fmt::format("'{}' has neither offset nor length", action));
    }
    event.file = builder_.FileOf(path);
    if (event.file == 0 || action == "add") return;
    if (event.kind == EventKind::kOpen) event.flags = kFlagWritable;
    if (ranged) {
      event.offset = Number(words[2]);
      event.length = Number(words[3]);
      if (event.length == 0) return;
    }
    builder_.Add(event);
  }

  static EventKind KindOf(std::string_view action) {
    if (action == "read") return EventKind::kRead;
    if (action == "write") return EventKind::kWrite;
    if (action == "sync" || action == "datasync") return EventKind::kFlush;
    if (action == "open" || action == "add") return EventKind::kOpen;
    if (action == "close") return EventKind::kClose;
    throw Error(fmt::format("fio knows no action '{}'", action.substr(0, 80)));
  }

  TraceBuilder& builder_;
  int version_ = 0;
  bool waited_ = false;
  std::uint64_t time_ns_ = 0;
  std::uint64_t trims_ = 0;
};

}  // namespace

std::unique_ptr<Importer> MakeFioImporter(TraceBuilder& builder) {
  return std::make_unique<FioImporter>(builder);
}

}  // namespace faultline
