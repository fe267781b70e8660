// planted-cut: positioned calls that declare a flush after every n-th change, with a fault to
// order, registered in this test program only. What it does wrong is what a power cut has to bring
// to light.
#include <csignal>
#include <thread>
#include <vector>

#include "faultline/synchronous.h"

namespace faultline {
namespace {

struct Plant {
  std::string fault;
  std::uint64_t every = 1;
};

// The change that a fault of one change strikes, and every one at that distance after it.
constexpr std::uint64_t kStrikes = 7;

class PlantedAccess {
 public:
  PlantedAccess(const os::File& file, const Geometry& geometry, const Plant& plant)
      : file_(&file),
        plant_(&plant),
        file_bytes_(geometry.file_size()),
        buffer_(geometry.record_size) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    visit(std::span<const std::byte>(Load(offset, length)));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    ++changes_;
    const bool strikes = changes_ % kStrikes == 0;
    if (strikes && plant_->fault == "crash") std::raise(SIGSEGV);
    while (strikes && plant_->fault == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
    if (strikes && plant_->fault == "misplace") offset = (offset + length) % file_bytes_;
    const std::span<std::byte> bytes = Load(offset, length);
    mutate(bytes);
    Store(offset, bytes, plant_->fault == "skip-one" && strikes);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    ++changes_;
    const auto bytes = std::span(buffer_).first(length);
    produce(bytes);
    Store(offset, plant_->fault == "tear" ? bytes.first(length / 2) : bytes, false);
  }

  void Flush() { file_->SyncData(); }

 private:
  std::span<std::byte> Load(std::uint64_t offset, std::uint64_t length) {
    const auto bytes = std::span(buffer_).first(length);
    file_->ReadExactlyAt(offset, bytes);
    return bytes;
  }

  void Store(std::uint64_t offset, std::span<const std::byte> bytes, bool forget) {
    if (!forget) file_->WriteAt(offset, bytes);
    if (changes_ % plant_->every == 0 && plant_->fault != "skip-flush") file_->SyncData();
  }

  const os::File* file_;
  const Plant* plant_;
  std::uint64_t file_bytes_;
  std::uint64_t changes_ = 0;
  std::vector<std::byte> buffer_;
};

class Planted final : public Strategy {
 public:
  explicit Planted(Plant plant) : plant_(std::move(plant)) {}

  void Open(const DatasetFile& file) override {
    if (plant_.fault == "unsupported") throw UnsupportedError("planted lack of a capability");
    if (plant_.fault == "open") throw Error("planted failure of open");
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    geometry_ = file.geometry;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<PlantedAccess>>(file_, geometry_, plant_);
  }

  void Flush() override {
    if (plant_.fault != "skip-flush") file_.SyncData();
  }

  void Close() override {
    if (plant_.fault == "cut-short") {
      file_.Resize(geometry_.file_size() / 2);
      file_.SyncAll();
    }
    file_.Close();
  }

 private:
  Plant plant_;
  os::File file_;
  Geometry geometry_;
};

StrategyInfo Info(std::string name, Durability durability) {
  return {
      .name = std::move(name),
      .summary = "positioned calls with a fault to order",
      .calls = "as read-write-flushed",
      .durability = durability,
      .periodic_flush = {.every = durability == Durability::kPeriodic ? "every" : ""},
      .options = {{.name = "fault",
                   .kind = OptionKind::kChoice,
                   .default_value = "none",
                   .summary = "what goes wrong",
                   .choices = {"none", "skip-flush", "skip-one", "misplace", "tear", "crash",
                               "hang", "unsupported", "open", "cut-short"}},
                  {.name = "every",
                   .kind = OptionKind::kCount,
                   .default_value = "1",
                   .summary = "changes between two flushes",
                   .minimum = 1}},
      .make = [](const Options& options) {
        return std::make_unique<Planted>(Plant{options.Choice("fault"), options.Count("every")});
      }};
}

const Registration<StrategyInfo> kPeriodic{Info("planted-cut", Durability::kPeriodic)};
const Registration<StrategyInfo> kAfterFlush{Info("planted-flush", Durability::kAfterFlush)};

}  // namespace
}  // namespace faultline
