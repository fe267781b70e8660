// What 'perf trace' prints, read as strace's text is.
#include <fmt/format.h>
#include <unordered_map>
#include <utility>

#include "harness/base/text.h"
#include "harness/trace/importer.h"
#include "harness/trace/perf_line.h"
#include "harness/trace/scanning.h"
#include "harness/trace/strace_import.h"

namespace faultline {
namespace {

constexpr std::size_t kMostOpenCalls = std::size_t{1} << 16;

class PerfImporter final : public Importer {
 public:
  PerfImporter(TraceBuilder& builder, const ImportRequest& request)
      : builder_(builder),
        calls_(builder, {.descriptors = request.descriptors, .naming = "use strace -f -y"}) {}

  void Finish() override {
    calls_.Finish();
    if (builder_.accesses() > 0) {
      builder_.Note(
          "perf looks up the paths of descriptors after their calls: where a program uses a "
          "descriptor for several files in turn, some may be another's");
    }
    if (lost_ > 0) {
      builder_.counts().unread_transfers += lost_;
      builder_.Note(fmt::format("{} missing, which came too fast for perf",
                                CountOf(lost_, "call is", "calls are")));
    }
  }

  std::string Unplaced() const override { return calls_.Unplaced(); }

 private:
  void Line(std::string_view text) override {
    if (Trim(text).empty()) return;
    const std::optional<PerfLine> line = ReadPerfLine(text);
    if (!line) return TakeOther(text);
    CountUnderstood();
    if (line->continued) {
      const auto begun = open_.find(line->thread);
      if (begun == open_.end()) return;
      const std::string arguments = std::move(begun->second);
      open_.erase(begun);
      TakeCall(*line, arguments);
    } else if (line->result.empty()) {
      if (open_.size() >= kMostOpenCalls) open_.clear();
      open_[line->thread] = line->arguments;
    } else {
      TakeCall(*line, line->arguments);
    }
  }

  // "LOST 15 events!"
  void TakeOther(std::string_view text) {
    std::string_view rest = Trim(text);
    if (!scanning::Take(rest, "LOST ")) return CountForeign(text);
    lost_ += ToNumber<std::uint32_t>(scanning::TakeWhile(rest, scanning::kDigits)).value_or(0);
    CountOwn(text);
  }

  void TakeCall(const PerfLine& line, std::string_view arguments) {
    if (!call_.Assign(line.name, arguments, line.result)) return;
    calls_.Take(StraceItem{.kind = StraceItem::Kind::kCall,
                           .thread = line.thread,
                           .time_ns = line.time_ns,
                           .name = line.name,
                           .call = &call_.call(),
                           .place = place_});
  }

  TraceBuilder& builder_;
  StraceImporter calls_;
  PerfCall call_;
  std::unordered_map<std::uint32_t, std::string> open_;  // arguments of calls that go on, by thread
  std::uint64_t lost_ = 0;
};

}  // namespace

bool IsPerfLine(std::string_view line) { return ReadPerfLine(line).has_value(); }

std::unique_ptr<Importer> MakePerfImporter(TraceBuilder& builder, const ImportRequest& request) {
  return std::make_unique<PerfImporter>(builder, request);
}

}  // namespace faultline
