// direct-flushed: positioned calls past the system's cache, with the file's data synchronised after
// every n-th change of a session (update, write or discard).
//
// System calls per record: those of direct, and fdatasync after every n-th change.
//
// Its counterparts are read-write-flushed and mmap-view-flushed with the same n: this one waits for
// the device twice, for the transfer and for its cache.

#include "faultline/synchronous.h"
#include "strategies/block_access.h"
#include "strategies/flush_every.h"

namespace faultline::direct_flushed {
namespace {

class DirectFlushed final : public Strategy {
 public:
  DirectFlushed(std::uint64_t block_bytes, std::uint64_t every)
      : block_bytes_(block_bytes), every_(every) {}

  void Open(const DatasetFile& file) override {
    file_.Open(file, block_bytes_);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<FlushEvery<BlockAccess>>>(every_, file_, locks_,
                                                                  record_bytes_);
  }

  void Flush() override { file_.Sync(); }
  void Close() override { file_.Close(); }

  std::map<std::string, std::string> Settings() const override {
    return {{"block", FormatSize(block_bytes_)}, {"every", std::to_string(every_)}};
  }

 private:
  std::uint64_t block_bytes_;
  std::uint64_t every_;
  std::uint64_t record_bytes_ = 0;
  BlockFile file_;
  BlockLocks locks_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "direct-flushed",
    .summary = "blocks past the system's cache; the file's data is synchronised after every n-th "
               "change",
    .calls = "those of direct, and fdatasync after every n-th change",
    .copies = "none: the device's transfers begin and end in the program's buffer",
    .discards = "1 per run of neighbours: fallocate, which gives whole blocks back; zeros are "
                "written around them",
    .durability = Durability::kPeriodic,
    .periodic_flush = {.every = "every"},
    .capabilities = {.processes = false, .gives_back = true},
    .options = {BlockOption(), EveryOption()},
    .make =
        [](const Options& options) {
          return std::make_unique<DirectFlushed>(BlockBytes(options), options.Count("every"));
        },
}};

}  // namespace
}  // namespace faultline::direct_flushed
