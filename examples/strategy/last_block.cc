// last-block: positioned calls that read a whole block and answer from it while the records asked
// for lie in it. A strategy of a project of its own: the program loads it by --plugin.
//
// System calls per record: a read is 1 (pread) where the block changes, else none; an update is
// another 1 (pwrite); a write is 1 (pwrite).
#include <algorithm>
#include <cstring>
#include <vector>

#include "faultline/synchronous.h"

namespace {

using namespace faultline;

// What one session does with a record. Synchronous<LastBlock> makes the session of it.
class LastBlock {
 public:
  LastBlock(const os::File& file, std::uint64_t block_bytes, std::uint64_t record_bytes)
      : file_(&file), block_bytes_(block_bytes), record_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    visit(std::span<const std::byte>(Bytes(offset, length)));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const std::span<std::byte> bytes = Bytes(offset, length);
    mutate(bytes);
    file_->WriteAt(offset, bytes);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const std::span<std::byte> bytes(record_.data(), length);
    produce(bytes);
    file_->WriteAt(offset, bytes);
    CopyToBlock(offset, bytes);
  }

  void Flush() { file_->SyncData(); }

 private:
  // The range, in the block that was read last or, if it isn't there, the one that is read now:
  // from the beginning of a block to the end of a block, or of the file. The neighbours' records in
  // it may be old. That does no harm: no other session's record is ever asked for, and only the
  // bytes of a record are written.
  std::span<std::byte> Bytes(std::uint64_t offset, std::uint64_t length) {
    if (offset < begin_ || offset + length > begin_ + size_) {
      begin_ = offset / block_bytes_ * block_bytes_;
      const std::uint64_t end = offset + length;
      block_.resize((end + block_bytes_ - 1) / block_bytes_ * block_bytes_ - begin_);
      size_ = file_->ReadAt(begin_, block_);
    }
    return std::span(block_).subspan(offset - begin_, length);
  }

  // The part of a written record that lies in the block.
  void CopyToBlock(std::uint64_t offset, std::span<const std::byte> bytes) {
    const std::uint64_t from = std::max(offset, begin_);
    const std::uint64_t to = std::min(offset + bytes.size(), begin_ + size_);
    if (from < to) {
      std::memcpy(block_.data() + (from - begin_), bytes.data() + (from - offset), to - from);
    }
  }

  const os::File* file_;
  std::uint64_t block_bytes_;
  std::vector<std::byte> record_;
  std::vector<std::byte> block_;
  std::uint64_t begin_ = 0;  // of the block, in the file
  std::uint64_t size_ = 0;   // bytes of it; 0 before the first is read
};

class LastBlockStrategy final : public Strategy {
 public:
  explicit LastBlockStrategy(std::uint64_t block_bytes) : block_bytes_(block_bytes) {}

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<LastBlock>>(file_, block_bytes_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  os::File file_;
  std::uint64_t block_bytes_;
  std::uint64_t record_bytes_ = 0;
};

// Made when the program loads the library; from then on the strategy is there by its name.
const Registration<StrategyInfo> kRegistered{{
    .name = "last-block",
    .summary = "positioned calls, and reads from the block that was read last",
    .calls = "1 per read of another block: pread; 1 more per update: pwrite; 1 per write: pwrite",
    .copies = "1 per read, 2 per update, 1 per write",
    .discards = "zeros are written, nothing is given back",
    .options = {{.name = "block",
                 .kind = OptionKind::kSize,
                 .default_value = "4KiB",
                 .summary = "bytes that are read together",
                 .minimum = 1,
                 .maximum = 1 << 22}},
    .make = [](const Options& options) -> std::unique_ptr<Strategy> {
      return std::make_unique<LastBlockStrategy>(options.Size("block"));
    },
}};

}  // namespace
