// read-write-flushed: positioned calls, with the file's data synchronised after every n-th update
// or write of a session.
//
// System calls per record: those of read-write (pread; pread, pwrite; pwrite), and fdatasync after
// every n-th update or write.
//
// Not to be compared with strategies whose durability is "after-flush": they leave the waiting to
// the end. Its counterpart is mmap-view-flushed with the same n and sync=on.
#include "strategies/positioned_access.h"
#include "strategies/synchronous.h"

namespace faultline {
namespace {

class SyncingAccess {
 public:
  SyncingAccess(const os::File& file, std::uint64_t record_bytes, std::uint64_t every)
      : records_(file, record_bytes), every_(every) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    records_.Read(offset, length, visit);
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    records_.Update(offset, length, mutate);
    CountChange();
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    records_.Write(offset, length, produce);
    CountChange();
  }

  void Flush() {
    records_.Flush();
    changes_ = 0;
  }

 private:
  void CountChange() {
    if (++changes_ >= every_) Flush();
  }

  PositionedAccess records_;
  std::uint64_t every_;
  std::uint64_t changes_ = 0;  // since the last flush
};

class ReadWriteFlushed final : public Strategy {
 public:
  explicit ReadWriteFlushed(std::uint64_t every) : every_(every) {}

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<SyncingAccess>>(file_, record_bytes_, every_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

  std::map<std::string, std::string> Settings() const override {
    return {{"every", Concat(every_)},
            {"flush", Concat("the file's data, after every ", every_, " changes of a session")}};
  }

 private:
  std::uint64_t every_;
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "read-write-flushed",
    .summary = "positioned calls; the file's data is synchronised after every n-th change",
    .calls = "those of read-write, and fdatasync after every n-th update or write",
    .durability = Durability::kPeriodic,
    .options = {{.name = "every",
                 .kind = OptionKind::kCount,
                 .default_value = "1",
                 .summary = "updates and writes of a session between two synchronisations",
                 .minimum = 1}},
    .make =
        [](const Options& options) {
          return std::make_unique<ReadWriteFlushed>(options.Count("every"));
        },
}};

}  // namespace
}  // namespace faultline
