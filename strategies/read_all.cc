// read-all: the whole file is read into the heap, worked on there, and written back as a whole.
//
// System calls per record: none. Opening is one pread per MiB of the file; a flush is one pwrite
// per MiB, and fdatasync.
//
// Not to be compared by its steady phase alone: its costs are in opening and flushing, which grow
// with the file and not with the operations. It needs the file's size in memory, on top of the page
// cache's copy.
#include <fmt/format.h>
#include <mutex>
#include <new>

#include "faultline/synchronous.h"
#include "harness/base/text.h"
#include "strategies/direct_access.h"
#include "strategies/whole_file.h"

namespace faultline::read_all {
namespace {

class ReadAll final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    size_bytes_ = file.geometry.file_size();
    try {
      image_ = std::make_unique_for_overwrite<std::byte[]>(size_bytes_);
    } catch (const std::bad_alloc&) {
      throw Error(fmt::format("no {} of memory to read '{}' into; try fewer records, or mmap-view",
                              FormatBytes(size_bytes_), file.path.string()));
    }
    LoadWholeFile(file_, {image_.get(), size_bytes_});
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<DirectAccess>>(image_.get(), *this);
  }

  // One flush at a time: of two that overlap, the earlier one's older bytes must not land last.
  void Flush() override {
    const std::lock_guard lock(mutex_);
    StoreWholeFile(file_, {image_.get(), size_bytes_});
  }

  void Close() override {
    image_.reset();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"copy", fmt::format("{} in the heap", FormatSize(size_bytes_))},
            {"transfer", FormatSize(kTransferBytes)}};
  }

 private:
  os::File file_;
  std::uint64_t size_bytes_ = 0;
  std::unique_ptr<std::byte[]> image_;
  std::mutex mutex_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "read-all",
    .summary = "the whole file in the heap, written back as a whole by a flush",
    .calls = "none; opening: a pread per MiB; flush: a pwrite per MiB, fdatasync",
    .copies = "none; the file at opening, and its changes at the flush",
    .discards = "zeros are stored, nothing is given back",
    .capabilities = {.processes = false},
    .make = [](const Options&) { return std::make_unique<ReadAll>(); },
}};

}  // namespace
}  // namespace faultline::read_all
