#include "harness/powercut/site.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

fs::path NewDirectory(const fs::path& path) {
  fs::create_directory(path);
  return path;
}

}  // namespace

Site::Site(const std::string& file_system, const fs::path& image_directory,
           const Geometry& geometry, std::uint64_t seed)
    : file_system_(file_system), geometry_(geometry), seed_(seed) {
  // Before the private mounts, which may hide the directory.
  if (!image_directory.empty()) image_ = os::File::CreateTemporary(image_directory);
  memory_ = os::EnterPrivateMounts();
  if (!image_.is_open()) image_ = os::File::CreateTemporary(memory_);
  image_.Resize(os::DeviceBytesFor(file_system, geometry.file_size()));
  device_ = os::LoopDevice::Attach(image_);
  os::MakeFileSystem(file_system, device_.path());
  mounted_ =
      os::MountedFileSystem::Mount(file_system, device_.path(), NewDirectory(memory_ / "original"));
}

void Site::Prepare() {
  dataset_ = Dataset::Prepare(directory(), geometry_, seed_);
  mounted_.Sync();
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
  const fs::path relative = data_file().path.lexically_relative(memory_ / "original");
  std::vector<std::byte> found;
  {
    const os::File file = os::File::Open(point / relative, os::FileAccess::kRead);
    found.resize(file.Size());
    file.ReadExactlyAt(0, found);
  }
  mounted.Unmount();
  return found;
}

}  // namespace faultline
