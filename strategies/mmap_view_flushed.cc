// mmap-view-flushed: one view of the whole file, flushed after every n-th change of a session
// (update, write or discard): for n = 1 just the pages of the record, for larger n the whole view.
//
// System calls per record: none for a read; 1 (msync) for every n-th change. With sync=off
// that call only starts the writing.
//
// Not to be compared with strategies whose durability is "after-flush", and with sync=off not with
// read-write-flushed either, since nothing waits for the device then: that arm is durable only
// after Flush. Its counterpart is read-write-flushed with the same n.

#include "faultline/synchronous.h"
#include "harness/os/file_mapping.h"
#include "strategies/flush_every.h"
#include "strategies/view_access.h"

namespace faultline::mmap_view_flushed {
namespace {

// When and how a session flushes.
struct FlushRule {
  std::uint64_t every = 1;  // changes between two flushes
  bool wait = true;         // until the data is on stable storage
};

class FlushingAccess {
 public:
  FlushingAccess(const os::View& view, const os::File& file, Strategy& strategy, FlushRule rule)
      : records_(view, file, strategy), view_(&view), rule_(rule) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    records_.Read(offset, length, visit);
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    records_.Update(offset, length, mutate);
    CountChange(offset, length);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    records_.Write(offset, length, produce);
    CountChange(offset, length);
  }

  void Discard(const DiscardRun& run) {
    records_.Discard(run);
    changes_ += run.operations - 1;
    CountChange(run.offset, run.length);
  }

  // Waits whatever the rule says: a flush that the plan asks for means durable.
  void Flush() {
    records_.Flush();
    changes_ = 0;
  }

 private:
  void CountChange(std::uint64_t offset, std::uint64_t length) {
    if (++changes_ < rule_.every) return;
    changes_ = 0;
    // Several records are scattered over the view, and one call for all of it costs less than one
    // for each.
    if (rule_.every > 1) offset = length = 0;
    if (rule_.wait) {
      view_->Flush(offset, length);
    } else {
      view_->StartFlush(offset, length);
    }
  }

  ViewAccess records_;
  const os::View* view_;
  FlushRule rule_;
  std::uint64_t changes_ = 0;  // since the last flush
};

class MmapViewFlushed final : public Strategy {
 public:
  explicit MmapViewFlushed(FlushRule rule) : rule_(rule) {}

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    mapping_ = os::FileMapping::FromFile(file_, os::Protection::kReadWrite);
    view_ = mapping_.Map();
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<FlushingAccess>>(view_, file_, *this, rule_);
  }

  void Flush() override { view_.Flush(); }

  void Close() override {
    view_.Unmap();
    mapping_.Close();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"every", std::to_string(rule_.every)},
            {"flushed", rule_.every == 1 ? "the pages of the record" : "the whole view"},
            {"sync", rule_.wait ? "on" : "off: durable only after the final flush"}};
  }

 private:
  FlushRule rule_;
  os::File file_;  // for discards
  os::FileMapping mapping_;
  os::View view_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "mmap-view-flushed",
    .summary = "one view, flushed after every n-th change: the record's pages for n = 1, else all "
               "of it",
    .calls = "none per read; msync after every n-th change",
    .copies = "none",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .durability = Durability::kPeriodic,
    .periodic_flush = {.every = "every", .wait = "sync"},
    .capabilities = {.gives_back = true},
    .options = {EveryOption(),
                {.name = "sync",
                 .kind = OptionKind::kFlag,
                 .default_value = "on",
                 .summary = "wait for stable storage; off only starts the writing"}},
    .make =
        [](const Options& options) {
          return std::make_unique<MmapViewFlushed>(
              FlushRule{.every = options.Count("every"), .wait = options.Flag("sync")});
        },
}};

}  // namespace
}  // namespace faultline::mmap_view_flushed
