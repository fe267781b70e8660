// mmap-view: one view of the whole file; an update is a store, and the system writes dirty pages
// when it likes.
//
// System calls per record: none. The first access to a page is a page fault, one for several pages
// where the system maps around the fault; a flush is one call for the whole view.
//
// Not to be compared with mmap-view-flushed or read-write-flushed: nothing is durable before Flush
// here. Nor its accepted time with other strategies' durable time: the storing is left to the
// flush.
#include "harness/os/file_mapping.h"
#include "strategies/direct_access.h"
#include "strategies/synchronous.h"

namespace faultline {
namespace {

os::ViewAdvice ParseAdvice(std::string_view name) {
  if (name == "random") return os::ViewAdvice::kRandom;
  if (name == "sequential") return os::ViewAdvice::kSequential;
  return os::ViewAdvice::kWillNeed;
}

class MmapView final : public Strategy {
 public:
  MmapView(std::string advice, bool populate) : advice_(std::move(advice)), populate_(populate) {}

  void Open(const DatasetFile& file) override {
    const os::File data = OpenDataFile(file, os::FileAccess::kReadWrite);
    mapping_ = os::FileMapping::FromFile(data, os::Protection::kReadWrite);
    view_ = mapping_.Map({.populate = populate_});
    if (advice_ != "none") view_.Advise(ParseAdvice(advice_));
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<DirectAccess>>(view_.data(), *this);
  }

  void Flush() override { view_.Flush(); }

  void Close() override {
    view_.Unmap();
    mapping_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"advice", advice_ == "none" ? "none given" : advice_ + ", accepted by the system"},
            {"populate", populate_ ? "asked for; the system doesn't say how far it went" : "off"},
            {"view", FormatSize(view_.size())}};
  }

 private:
  std::string advice_;
  bool populate_;
  os::FileMapping mapping_;
  os::View view_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "mmap-view",
    .summary = "one view of the whole file, written to storage lazily",
    .calls = "none; page faults instead; flush: msync of the whole view",
    .options = {{.name = "advice",
                 .kind = OptionKind::kChoice,
                 .default_value = "none",
                 .summary = "hint to the system about the view's coming accesses",
                 .choices = {"none", "random", "sequential", "willneed"}},
                {.name = "populate",
                 .kind = OptionKind::kFlag,
                 .default_value = "off",
                 .summary = "bring every page in, and into the page table, while opening"}},
    .make =
        [](const Options& options) {
          return std::make_unique<MmapView>(options.Choice("advice"), options.Flag("populate"));
        },
}};

}  // namespace
}  // namespace faultline
