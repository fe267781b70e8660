// planted: positioned calls with a fault to order, registered in this test program only. What it
// does wrong is what a trial has to notice, to name and to survive.
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "faultline/synchronous.h"
#include "harness/os/file_mapping.h"

namespace faultline {
namespace {

struct Plant {
  std::string fault;
  std::uint64_t every = 1;  // the n-th operation of a session, and every n-th after it
};

// Ends in SIGBUS: a store to a page of a mapped file that was cut under it.
void StoreBeyondEnd(const std::filesystem::path& directory) {
  const os::File file = os::File::CreateTemporary(directory);
  file.Resize(os::PageSize());
  const os::FileMapping mapping = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  const os::View view = mapping.Map();
  file.Resize(0);
  *const_cast<volatile std::byte*>(view.data()) = std::byte{1};
}

void AllocateWithoutBounds() {
  constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  std::vector<std::unique_ptr<std::byte[]>> blocks;
  while (true) {
    blocks.push_back(std::make_unique<std::byte[]>(kBlockBytes));
    std::memset(blocks.back().get(), static_cast<int>(blocks.size()), kBlockBytes);
  }
}

// Faults that no operation survives.
void Strike(const std::string& fault, const std::filesystem::path& directory) {
  if (fault == "segmentation") std::raise(SIGSEGV);
  if (fault == "abort") std::abort();
  if (fault == "bus") StoreBeyondEnd(directory);
  if (fault == "exit") std::_Exit(0);
  if (fault == "throw") throw std::runtime_error("planted exception");
  if (fault == "throw-number") throw 42;
  if (fault == "throw-bytes") throw std::runtime_error("planted \xff\xfe bytes");
  if (fault == "allocate") AllocateWithoutBounds();
  while (fault == "hang") std::this_thread::sleep_for(std::chrono::seconds(1));
}

class PlantedAccess {
 public:
  PlantedAccess(const os::File& file, const Geometry& geometry, const Plant& plant)
      : file_(&file), plant_(&plant), file_bytes_(geometry.file_size()) {
    buffer_.resize(geometry.record_size);
  }

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const std::span<std::byte> bytes = Load(offset, length);
    if (plant_->fault == "lie" && Due()) bytes[0] ^= std::byte{1};
    visit(std::span<const std::byte>(bytes));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    if (Due()) {
      if (plant_->fault == "drop") return;
      if (plant_->fault == "misplace") offset = (offset + length) % file_bytes_;
      Strike(plant_->fault, file_->path().parent_path());
    }
    const std::span<std::byte> bytes = Load(offset, length);
    mutate(bytes);
    file_->WriteAt(offset, bytes);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const auto bytes = std::span(buffer_).first(length);
    produce(bytes);
    const bool torn = plant_->fault == "tear" && Due();
    file_->WriteAt(offset, torn ? bytes.first(length / 2) : bytes);
  }

  void Discard(const DiscardRun& run) {
    if (plant_->fault == "keep" && Due()) return;
    WriteZeros(*this, run.offset, run.length, buffer_.size());
  }

  void Flush() { file_->SyncData(); }

 private:
  std::span<std::byte> Load(std::uint64_t offset, std::uint64_t length) {
    const auto bytes = std::span(buffer_).first(length);
    file_->ReadExactlyAt(offset, bytes);
    return bytes;
  }

  bool Due() { return ++count_ % plant_->every == 0; }

  const os::File* file_;
  const Plant* plant_;
  std::uint64_t file_bytes_;
  std::uint64_t count_ = 0;
  std::vector<std::byte> buffer_;
};

class Planted final : public Strategy {
 public:
  explicit Planted(Plant plant) : plant_(std::move(plant)) {}

  void Open(const DatasetFile& file) override {
    FailIf("open");
    if (plant_.fault == "unsupported") throw UnsupportedError("planted lack of a capability");
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    geometry_ = file.geometry;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<PlantedAccess>>(file_, geometry_, plant_);
  }

  void Flush() override {
    FailIf("flush");
    file_.SyncData();
  }

  void Close() override {
    FailIf("close");
    file_.Close();
  }

 private:
  void FailIf(const std::string& phase) const {
    if (plant_.fault == phase) throw Error("planted failure of " + phase);
  }

  Plant plant_;
  os::File file_;
  Geometry geometry_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "planted",
    .summary = "positioned calls with a fault to order",
    .calls = "as read-write",
    .options = {{.name = "fault",
                 .kind = OptionKind::kChoice,
                 .default_value = "none",
                 .summary = "what goes wrong",
                 .choices = {"none", "drop", "tear", "misplace", "lie", "keep", "segmentation",
                             "abort", "bus", "exit", "throw", "throw-number", "throw-bytes",
                             "allocate", "hang", "open", "flush", "close", "unsupported"}},
                {.name = "every",
                 .kind = OptionKind::kCount,
                 .default_value = "7",
                 .summary = "the n-th operation, and every n-th after it",
                 .minimum = 1}},
    .make =
        [](const Options& options) {
          return std::make_unique<Planted>(Plant{options.Choice("fault"), options.Count("every")});
        },
}};

}  // namespace
}  // namespace faultline
