// read-write: positioned calls through a buffer, the plain way to do record I/O today.
//
// System calls per record: a read is 1 (pread), an update is 2 (pread, pwrite), a write is 1
// (pwrite); a run of neighbouring discards is 1 (fallocate).
//
// Not to be compared with mmap-view-flushed or read-write-flushed: nothing is durable before Flush
// here, and waiting for the device is what those two measure.
#include "faultline/synchronous.h"
#include "strategies/positioned_access.h"

namespace faultline::read_write {
namespace {

class ReadWrite final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<PositionedAccess>>(file_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "read-write",
    .summary = "positioned read and write calls per record",
    .calls = "1 per read: pread; 2 per update: pread, pwrite; 1 per write: pwrite",
    .copies = "1 per read, 2 per update, 1 per write",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .capabilities = {.gives_back = true},
    .make = [](const Options&) { return std::make_unique<ReadWrite>(); },
}};

}  // namespace
}  // namespace faultline::read_write
