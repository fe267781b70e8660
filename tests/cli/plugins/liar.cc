// A strategy that forgets every update and says nothing: what the verification of a run must find.
// Built by plugin_test.py, which also gives it another name.
#include "strategies/positioned_access.h"
#include "strategies/synchronous.h"

namespace {

using namespace faultline;

class Forgetful : public PositionedAccess {
 public:
  using PositionedAccess::PositionedAccess;

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&&) {
    Read(offset, length, [](std::span<const std::byte>) {});
  }
};

class Liar final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<Forgetful>>(file_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kRegistered{{
    .name = NAME,
    .summary = "forgets updates",
    .calls = "1 per update: pread",
    .make = [](const Options&) -> std::unique_ptr<Strategy> { return std::make_unique<Liar>(); },
}};

}  // namespace
