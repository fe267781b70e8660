// seek-read-write: the form of 1993, a shared position that is moved before every transfer.
//
// System calls per record: a read is 2 (lseek, read), an update is 4 (lseek, read, lseek, write), a
// write is 2 (lseek, write); a run of discards is 1 (fallocate). Each session has a file handle of
// its own, as a position can't be shared.
//
// Not to be compared with strategies that share one handle when the number of sessions is large and
// opening is counted.
#include <mutex>

#include "faultline/synchronous.h"

namespace faultline::seek_read_write {
namespace {

class SeekingAccess {
 public:
  SeekingAccess(const os::File& file, std::uint64_t record_bytes)
      : file_(&file), buffer_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    visit(std::span<const std::byte>(Load(offset, length)));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const std::span<std::byte> record = Load(offset, length);
    mutate(record);
    Store(offset, record);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const std::span<std::byte> record(buffer_.data(), length);
    produce(record);
    Store(offset, record);
  }

  // One call; what is left of a block of the file system's is overwritten with zeros by it.
  void Discard(const DiscardRun& run) { file_->Discard(run.offset, run.length); }

  void Flush() { file_->SyncData(); }

 private:
  std::span<std::byte> Load(std::uint64_t offset, std::uint64_t length) {
    const std::span<std::byte> record(buffer_.data(), length);
    file_->Seek(offset);
    file_->ReadExactly(record);
    return record;
  }

  void Store(std::uint64_t offset, std::span<const std::byte> record) {
    file_->Seek(offset);
    file_->Write(record);
  }

  const os::File* file_;
  std::vector<std::byte> buffer_;
};

class SeekReadWrite final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    data_file_ = file;
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
  }

  std::unique_ptr<Session> NewSession() override {
    auto file = std::make_unique<os::File>(OpenDataFile(data_file_, os::FileAccess::kReadWrite));
    const std::lock_guard lock(mutex_);
    session_files_.push_back(std::move(file));
    return std::make_unique<Synchronous<SeekingAccess>>(*session_files_.back(),
                                                        data_file_.geometry.record_size);
  }

  void Flush() override { file_.SyncData(); }

  void Close() override {
    for (const auto& file : session_files_) file->Close();
    file_.Close();
  }

 private:
  DatasetFile data_file_;
  os::File file_;  // for Flush; it has no position of interest
  std::mutex mutex_;
  std::vector<std::unique_ptr<os::File>>
      session_files_;  // closed here, as sessions may outlive Close
};

const Registration<StrategyInfo> kRegistered{{
    .name = "seek-read-write",
    .summary = "the form of 1993: seek, read, seek, write",
    .calls =
        "2 per read: lseek, read; 4 per update: lseek, read, lseek, write; 2 per write: lseek, "
        "write",
    .copies = "1 per read, 2 per update, 1 per write",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .capabilities = {.gives_back = true},
    .make = [](const Options&) { return std::make_unique<SeekReadWrite>(); },
}};

}  // namespace
}  // namespace faultline::seek_read_write
