// direct: positioned calls past the system's cache, in aligned blocks.
//
// System calls per record: a read is 1 (pread of the blocks around it), an update is 2 (pread,
// pwrite), a write is 2, or 1 (pwrite) where records are whole blocks; a run of neighbouring
// discards is 1 (fallocate), and the writes of zeros around whole blocks.
//
// Not to be compared with cached strategies on data that fits in memory as if the cache were a
// fault of theirs: every read here goes to the device. Nor is a write durable when it returns: the
// device's own cache, and the file's size and place, are the flush's business.
#include "faultline/synchronous.h"
#include "strategies/block_access.h"

namespace faultline::direct {
namespace {

class Direct final : public Strategy {
 public:
  explicit Direct(std::uint64_t block_bytes) : block_bytes_(block_bytes) {}

  void Open(const DatasetFile& file) override {
    file_.Open(file, block_bytes_);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<BlockAccess>>(file_, locks_, record_bytes_);
  }

  void Flush() override { file_.Sync(); }
  void Close() override { file_.Close(); }

  std::map<std::string, std::string> Settings() const override {
    return {{"block", FormatSize(block_bytes_)}};
  }

 private:
  std::uint64_t block_bytes_;
  std::uint64_t record_bytes_ = 0;
  BlockFile file_;
  BlockLocks locks_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "direct",
    .summary = "positioned calls past the system's cache, in aligned blocks around the record",
    .calls =
        "1 per read: pread; 2 per update: pread, pwrite; 2 per write, 1 where records are whole "
        "blocks",
    .copies = "none: the device's transfers begin and end in the program's buffer",
    .discards = "1 per run of neighbours: fallocate, which gives whole blocks back; zeros are "
                "written around them",
    .capabilities = {.processes = false, .gives_back = true},
    .slow = true,
    .options = {BlockOption()},
    .make = [](const Options& options) { return std::make_unique<Direct>(BlockBytes(options)); },
}};

}  // namespace
}  // namespace faultline::direct
