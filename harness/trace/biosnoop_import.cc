// What bcc's biosnoop prints: requests to block devices as they were completed.
//
//   TIME(s)     COMM           PID     DISK      T SECTOR     BYTES  QUE(ms) LAT(ms)
//   0.000004    db writer      1950    nvme0n1   W 13092560   4096      0.01    0.74
#include <algorithm>
#include <vector>

#include "harness/base/text.h"
#include "harness/trace/importer.h"
#include "harness/trace/scanning.h"
#include "harness/trace/trace_format.h"

namespace faultline {
namespace {

std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = Trim(text)).empty()) {
    words.push_back(text.substr(0, text.find_first_of(" \t")));
    text.remove_prefix(words.back().size());
  }
  return words;
}

class BiosnoopImporter final : public Importer {
 public:
  explicit BiosnoopImporter(TraceBuilder& builder) : builder_(builder) {}

  void Finish() override {
    builder_.Note(
        "requests to a block device, as they were completed; what the page cache answered is not "
        "among them");
  }

 private:
  void Line(std::string_view text) override {
    if (Trim(text).empty()) return;
    if (IsBiosnoopLine(text)) {
      // A command's name may hold blanks, so columns are told by how many stand behind it.
      const std::vector<std::string_view> names = WordsOf(text);
      const auto command = std::find(names.begin(), names.end(), "COMM");
      behind_command_.assign(command == names.end() ? names.end() : command + 1, names.end());
      CountUnderstood();
      return;
    }
    TraceEvent event;
    std::string disk;
    if (!Read(WordsOf(text), event, disk)) return CountForeign(text);
    CountUnderstood();
    event.file = builder_.FileOf(disk);
    if (event.file != 0 && event.length > 0) builder_.Add(event);
  }

  bool Read(const std::vector<std::string_view>& words, TraceEvent& event,
            std::string& disk) const {
    if (words.size() < behind_command_.size() + 2) return false;
    const auto cell = [&](std::string_view name) -> std::string_view {
      const auto at = std::find(behind_command_.begin(), behind_command_.end(), name);
      return at == behind_command_.end() ? "" : *(words.end() - (behind_command_.end() - at));
    };
    const auto time_ns = scanning::ToUnits(words.front(), 1'000'000'000);
    const auto process = ToNumber<std::uint32_t>(cell("PID"));
    const auto sector = ToNumber<std::uint64_t>(cell("SECTOR"));
    const auto bytes = ToNumber<std::uint64_t>(cell("BYTES"));
    const std::string_view kind = cell("T");
    disk = cell("DISK");
    if (!time_ns || !process || !sector || !bytes || disk.empty()) return false;
    if (*sector > trace_format::kMaximumEnd / scanning::kSectorBytes) return false;
    if (kind.starts_with('R')) {
      event.kind = EventKind::kRead;
    } else if (kind.starts_with('W')) {
      event.kind = EventKind::kWrite;
    } else if (kind.starts_with('D')) {
      event.kind = EventKind::kDiscard;
    } else {
      return false;
    }
    event.process = event.thread = *process;
    event.time_ns = *time_ns;
    event.offset = *sector * scanning::kSectorBytes;
    event.length = *bytes;
    return trace_format::IsRange(event.kind, event.offset, event.length);
  }

  TraceBuilder& builder_;
  // Names of columns; of texts without the line that has them, those of the default.
  std::vector<std::string> behind_command_ = {"PID", "DISK", "T", "SECTOR", "BYTES", "LAT(ms)"};
};

}  // namespace

bool IsBiosnoopLine(std::string_view line) {
  const std::string_view text = Trim(line);
  return text.starts_with("TIME(") && text.find(" COMM ") != std::string_view::npos &&
         text.find(" SECTOR ") != std::string_view::npos;
}

std::unique_ptr<Importer> MakeBiosnoopImporter(TraceBuilder& builder, const ImportRequest&) {
  return std::make_unique<BiosnoopImporter>(builder);
}

}  // namespace faultline
