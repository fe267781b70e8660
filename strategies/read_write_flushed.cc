// read-write-flushed: positioned calls, with the file's data synchronised after every n-th change
// of a session (update, write or discard).
//
// System calls per record: those of read-write (pread; pread, pwrite; pwrite), and fdatasync after
// every n-th change.
//
// Not to be compared with strategies whose durability is "after-flush": they leave the waiting to
// the end. Its counterpart is mmap-view-flushed with the same n and sync=on.
#include <fmt/format.h>

#include "faultline/synchronous.h"
#include "strategies/flush_every.h"
#include "strategies/positioned_access.h"

namespace faultline::read_write_flushed {
namespace {

class ReadWriteFlushed final : public Strategy {
 public:
  explicit ReadWriteFlushed(std::uint64_t every) : every_(every) {}

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<FlushEvery<PositionedAccess>>>(every_, file_,
                                                                       record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

  std::map<std::string, std::string> Settings() const override {
    return {{"every", std::to_string(every_)},
            {"flush", fmt::format("the file's data, after every {} changes of a session", every_)}};
  }

 private:
  std::uint64_t every_;
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "read-write-flushed",
    .summary = "positioned calls; the file's data is synchronised after every n-th change",
    .calls = "those of read-write, and fdatasync after every n-th change",
    .copies = "1 per read, 2 per update, 1 per write",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .durability = Durability::kPeriodic,
    .periodic_flush = {.every = "every"},
    .capabilities = {.gives_back = true},
    .options = {EveryOption()},
    .make =
        [](const Options& options) {
          return std::make_unique<ReadWriteFlushed>(options.Count("every"));
        },
}};

}  // namespace
}  // namespace faultline::read_write_flushed
