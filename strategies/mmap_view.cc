// mmap-view: one view of the whole file; an update is a store, and the system writes dirty pages
// when it likes.
//
// System calls per record: none. The first access to a page is a page fault, one for several pages
// where the system maps around the fault; a flush is one call for the whole view, and one
// (fallocate) punches a hole for a run of neighbouring discards.
//
// With prefetch=N the processor is asked for the records of the next operations, with willneed=N
// the system for their pages (1 call each: madvise). A program can do so that knows what comes
// next.
//
// Not to be compared with mmap-view-flushed or read-write-flushed: nothing is durable before Flush
// here. Nor its accepted time with other strategies' durable time: the storing is left to the
// flush.
#include "faultline/synchronous.h"
#include "harness/base/text.h"
#include "strategies/lookahead.h"
#include "strategies/view_access.h"
#include "strategies/view_hints.h"

namespace faultline::mmap_view {
namespace {

// How many operations are announced before their turn, and to whom; 0 for none.
struct Ahead {
  std::uint64_t prefetch = 0;  // the processor
  std::uint64_t willneed = 0;  // the system
};

// Asks the processor for records.
struct PrefetchRecords {
  const std::byte* base;

  void operator()(const Operation& operation) const {
    PrefetchLines(base + operation.offset(), operation);
  }
};

// Asks the system for a record's pages.
struct PrefetchPages {
  const os::View* view;

  void operator()(const Operation& operation) const {
    view->Advise(os::ViewAdvice::kWillNeed, operation.offset(), operation.length());
  }
};

class MmapView final : public Strategy {
 public:
  MmapView(ViewHints hints, Ahead ahead) : hints_(std::move(hints)), ahead_(ahead) {
    if (ahead.prefetch != 0 && ahead.willneed != 0) {
      throw UsageError("mmap-view: prefetch and willneed exclude each other; try one of them");
    }
  }

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    mapping_ = os::FileMapping::FromFile(file_, os::Protection::kReadWrite);
    view_ = hints_.Map(mapping_);
  }

  std::unique_ptr<Session> NewSession() override {
    if (ahead_.prefetch != 0) {
      return std::make_unique<Lookahead<Synchronous<ViewAccess>, PrefetchRecords>>(
          Distance{ahead_.prefetch}, PrefetchRecords{view_.data()}, view_, file_, *this);
    }
    if (ahead_.willneed != 0) {
      return std::make_unique<Lookahead<Synchronous<ViewAccess>, PrefetchPages>>(
          Distance{ahead_.willneed}, PrefetchPages{&view_}, view_, file_, *this);
    }
    return std::make_unique<Synchronous<ViewAccess>>(view_, file_, *this);
  }

  void Flush() override { view_.Flush(); }

  void Close() override {
    view_.Unmap();
    mapping_.Close();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    std::map<std::string, std::string> settings = hints_.Settings();
    settings["view"] = FormatSize(view_.size());
    return settings;
  }

 private:
  ViewHints hints_;
  Ahead ahead_;
  os::File file_;  // for discards
  os::FileMapping mapping_;
  os::View view_;
};

std::vector<OptionInfo> OptionsOf() {
  std::vector<OptionInfo> options = ViewHintOptions();
  options.push_back({.name = "prefetch",
                     .kind = OptionKind::kCount,
                     .default_value = "0",
                     .summary = "operations ahead whose records the processor is asked for",
                     .maximum = 4096});
  options.push_back({.name = "willneed",
                     .kind = OptionKind::kCount,
                     .default_value = "0",
                     .summary = "operations ahead whose pages the system is asked for",
                     .maximum = 4096});
  return options;
}

const Registration<StrategyInfo> kRegistered{{
    .name = "mmap-view",
    .summary = "one view of the whole file, written to storage lazily",
    .calls = "none; page faults instead; 1 with willneed: madvise; flush: msync of the whole view",
    .copies = "none",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .capabilities = {.gives_back = true},
    .batches =
        [](const Options& options) {
          return options.Count("prefetch") > 0 || options.Count("willneed") > 0;
        },
    .options = OptionsOf(),
    .make =
        [](const Options& options) {
          return std::make_unique<MmapView>(
              ViewHints(options),
              Ahead{.prefetch = options.Count("prefetch"), .willneed = options.Count("willneed")});
        },
}};

}  // namespace
}  // namespace faultline::mmap_view
