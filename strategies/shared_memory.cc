// shared-memory: a mapping object with no file behind it, loaded at opening, worked on through a
// view, stored to the file by a flush.
//
// System calls per record: none. Opening is one pread per MiB of the file; a flush is one pwrite
// per MiB, and fdatasync.
//
// Not to be compared by its steady phase alone: its costs are in opening and flushing, which grow
// with the file and not with the operations. Beside read-all it shows what pages of a shared object
// cost against those of the heap.
#include <fmt/format.h>
#include <mutex>

#include "faultline/synchronous.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "strategies/direct_access.h"
#include "strategies/whole_file.h"

namespace faultline::shared_memory {
namespace {

class SharedMemory final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    mapping_ = os::FileMapping::FromMemory(file.geometry.file_size());
    view_ = mapping_.Map();
    LoadWholeFile(file_, view_.bytes());
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<DirectAccess>>(view_.data(), *this);
  }

  // One flush at a time: of two that overlap, the earlier one's older bytes must not land last.
  void Flush() override {
    const std::lock_guard lock(mutex_);
    StoreWholeFile(file_, view_.bytes());
  }

  void Close() override {
    view_.Unmap();
    mapping_.Close();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"copy", fmt::format("{} of shared memory", FormatSize(view_.size()))},
            {"transfer", FormatSize(kTransferBytes)}};
  }

 private:
  os::File file_;
  os::FileMapping mapping_;
  os::View view_;
  std::mutex mutex_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "shared-memory",
    .summary = "a mapping object with no file, loaded at opening, stored to the file by a flush",
    .calls = "none; opening: a pread per MiB; flush: a pwrite per MiB, fdatasync",
    .copies = "none; the file at opening, and its changes at the flush",
    .discards = "zeros are stored, nothing is given back",
    .capabilities = {.processes = false},
    .make = [](const Options&) { return std::make_unique<SharedMemory>(); },
}};

}  // namespace
}  // namespace faultline::shared_memory
