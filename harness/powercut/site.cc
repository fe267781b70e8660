#include "harness/powercut/site.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

fs::path NewDirectory(const fs::path& path) {
  fs::create_directory(path);
  return path;
}

// Room for storage of a strategy's own beside the data file, by the data file's size: what an
// engine keeps beside each record is the most for small ones, and what is changed is stored anew.
std::uint64_t DataBytes(const TrialSpec& trial) {
  constexpr std::uint64_t kTimes = 6;
  return trial.DataGeometry().file_size() * (trial.strategy.HasOwnStorage() ? kTimes : 1);
}

}  // namespace

Site::Site(const std::string& file_system, const fs::path& image_directory, const TrialSpec& trial)
    : file_system_(file_system), trial_(trial) {
  // Before the private mounts, which may hide the directory.
  if (!image_directory.empty()) image_ = os::File::CreateTemporary(image_directory);
  memory_ = os::EnterPrivateMounts();
  if (!image_.is_open()) image_ = os::File::CreateTemporary(memory_);
  image_.Resize(os::DeviceBytesFor(file_system, DataBytes(trial)));
  device_ = os::LoopDevice::Attach(image_);
  os::MakeFileSystem(file_system, device_.path());
  mounted_ =
      os::MountedFileSystem::Mount(file_system, device_.path(), NewDirectory(memory_ / "original"));
}

void Site::Prepare() {
  dataset_ = Dataset::Prepare(directory(), trial_.DataGeometry(), trial_.seed);
  Move(StorageStep::kImport, data_file());
  mounted_.Sync();
}

fs::path Site::storage() const { return trial_.strategy.Storage(data_file()); }

void Site::Move(StorageStep step, const DatasetFile& file) const {
  if (!MoveRecords(step, trial_.strategy, file, trial_.timeout_seconds)) throw Error("interrupted");
}

void Site::Dismantle() {
  mounted_.Unmount();
  device_ = {};
}

std::vector<std::byte> Site::FindDataFile(const DeviceCopy& copy) const {
  const os::LoopDevice device = os::LoopDevice::Attach(copy.image);
  const fs::path point = memory_ / "copy";
  fs::create_directory(point);
  os::MountedFileSystem mounted = os::MountedFileSystem::Mount(file_system_, device.path(), point);
  const fs::path data = point / data_file().path.lexically_relative(memory_ / "original");
  Move(StorageStep::kExport, {data, trial_.DataGeometry()});
  std::vector<std::byte> found;
  {
    const os::File file = os::File::Open(data, os::FileAccess::kRead);
    found.resize(file.Size());
    file.ReadExactlyAt(0, found);
  }
  mounted.Unmount();
  return found;
}

}  // namespace faultline
