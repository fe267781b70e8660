// mmap-private: a copy-on-write view of the whole file; changes stay in this process until a flush
// writes them back by hand.
//
// System calls per record: none. The first store to a page is a fault that copies it; a flush is
// one pwrite per run of changed pages, and fdatasync.
//
// Not to be compared by memory with mmap-view: every changed page exists twice, and its private
// copy can't be dropped without swap space. Nor by its accepted time: no store reaches the file
// before the flush.
//
// Only changed bytes are written back, tracked per session, so that sessions and processes whose
// records share a page don't overwrite each other's changes with their stale copies.
#include <fmt/format.h>
#include <mutex>

#include "faultline/synchronous.h"
#include "harness/os/file_mapping.h"
#include "strategies/change_log.h"

namespace faultline::mmap_private {
namespace {

// Writes the logged ranges of `view` to the file and forgets them. Not durable yet.
void WriteBack(const os::View& view, const os::File& file, ChangeLog& changes) {
  changes.ForEachRun([&](std::uint64_t offset, std::uint64_t length) {
    file.WriteAt(offset, view.bytes().subspan(offset, length));
  });
  changes.Clear();
}

class PrivateAccess {
 public:
  PrivateAccess(const os::View& view, const os::File& file, ChangeLog& changes)
      : base_(view.data()), view_(&view), file_(&file), changes_(&changes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    visit(std::span<const std::byte>(base_ + offset, length));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    changes_->Add(offset, length);
    mutate(std::span<std::byte>(base_ + offset, length));
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    changes_->Add(offset, length);
    produce(std::span<std::byte>(base_ + offset, length));
  }

  // Of this session's own changes: the other sessions are at work on theirs.
  void Flush() {
    WriteBack(*view_, *file_, *changes_);
    file_->SyncData();
  }

 private:
  std::byte* base_;
  const os::View* view_;
  const os::File* file_;
  ChangeLog* changes_;
};

class MmapPrivate final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    mapping_ = os::FileMapping::FromFile(file_, os::Protection::kReadWrite);
    view_ = mapping_.Map({.access = os::ViewAccess::kCopyOnWrite});
  }

  std::unique_ptr<Session> NewSession() override {
    auto changes = std::make_unique<ChangeLog>(view_.size(), os::PageSize());
    const std::lock_guard lock(mutex_);
    change_logs_.push_back(std::move(changes));
    return std::make_unique<Synchronous<PrivateAccess>>(view_, file_, *change_logs_.back());
  }

  void Flush() override {
    for (const auto& changes : change_logs_) WriteBack(view_, file_, *changes);
    file_.SyncData();
  }

  void Close() override {
    change_logs_.clear();
    view_.Unmap();
    mapping_.Close();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"view", fmt::format("{}, copy on write", FormatSize(view_.size()))},
            {"tracking", fmt::format("changed bytes per page of {}", FormatSize(os::PageSize()))}};
  }

 private:
  os::File file_;
  os::FileMapping mapping_;
  os::View view_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ChangeLog>> change_logs_;  // one per session
};

const Registration<StrategyInfo> kRegistered{{
    .name = "mmap-private",
    .summary = "a copy-on-write view of the whole file, changed bytes written back by a flush",
    .calls = "none; page faults that copy instead; flush: a pwrite per run of changed pages, "
             "fdatasync",
    .copies = "none; a page at its first change, and all changes at the flush",
    .discards = "zeros are stored, nothing is given back",
    .make = [](const Options&) { return std::make_unique<MmapPrivate>(); },
}};

}  // namespace
}  // namespace faultline::mmap_private
