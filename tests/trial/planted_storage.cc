// planted-storage: a copy of the data file as the strategy's own storage, with a fault to order,
// registered in this test program only.
#include <csignal>

#include "faultline/synchronous.h"
#include "strategies/positioned_access.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlantedSuffix = ".planted";

fs::path StorageOf(const DatasetFile& file) { return file.path.native() + kPlantedSuffix; }

class PlantedStorage final : public Strategy {
 public:
  explicit PlantedStorage(std::string fault) : fault_(std::move(fault)) {}

  void Import(const DatasetFile& file) const override {
    if (fault_ == "import") std::raise(SIGSEGV);
    if (fault_ == "unsupported") throw UnsupportedError("planted lack of room");
    fs::copy_file(file.path, StorageOf(file), fs::copy_options::overwrite_existing);
  }

  void Export(const DatasetFile& file) const override {
    if (fault_ == "export") throw Error("planted failure of an export");
    if (fault_ == "forget") return;
    const std::vector<std::byte> old = fault_ == "drop"
                                           ? LastRecord(file.path, file.geometry)
                                           : LastRecord(StorageOf(file), file.geometry);
    fs::copy_file(StorageOf(file), file.path, fs::copy_options::overwrite_existing);
    os::File::Open(file.path, os::FileAccess::kReadWrite)
        .WriteAt(file.geometry.file_size() - old.size(), old);
  }

  void Discard(const DatasetFile& file) const override { fs::remove(StorageOf(file)); }

  void Open(const DatasetFile& file) override {
    if (fault_ == "open") throw Error("planted failure of open");
    file_ = os::File::Open(StorageOf(file), os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<PositionedAccess>>(file_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  static std::vector<std::byte> LastRecord(const fs::path& path, const Geometry& geometry) {
    std::vector<std::byte> record(geometry.record_size);
    os::File::Open(path, os::FileAccess::kRead)
        .ReadExactlyAt(geometry.file_size() - record.size(), record);
    return record;
  }

  std::string fault_;
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kPlantedStorage{{
    .name = "planted-storage",
    .summary = "a copy of the data file as the strategy's own storage, with a fault to order",
    .calls = "as read-write",
    .own_storage = kPlantedSuffix,
    .options = {{.name = "fault",
                 .kind = OptionKind::kChoice,
                 .default_value = "none",
                 .summary = "what goes wrong",
                 .choices = {"none", "import", "unsupported", "open", "drop", "forget", "export"}}},
    .make =
        [](const Options& options) {
          return std::make_unique<PlantedStorage>(options.Choice("fault"));
        },
}};

}  // namespace
}  // namespace faultline
