// A strategy that is right, but sleeps before every write: what `advise` doesn't wait for.
// Built by plugin_test.py.
#include <chrono>
#include <thread>
#include <utility>

#include "strategies/positioned_access.h"
#include "strategies/synchronous.h"

namespace {

using namespace faultline;

class Sleeping : public PositionedAccess {
 public:
  using PositionedAccess::PositionedAccess;

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    PositionedAccess::Write(offset, length, std::forward<Produce>(produce));
  }
};

class Sluggard final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<Sleeping>>(file_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "sluggard",
    .summary = "sleeps before writes",
    .calls = "2 per update: pread, pwrite",
    .make = [](const Options&) -> std::unique_ptr<Strategy> {
      return std::make_unique<Sluggard>();
    },
}};

}  // namespace
