// Where the power is cut: a file system of the process's own on a device that is a file, with the
// dataset on it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/os/scratch_file_system.h"
#include "harness/powercut/device_copy.h"
#include "harness/record/dataset.h"

namespace faultline {

class Site {
 public:
  // Takes the process into private mounts, makes the file system and mounts it. `image_directory`
  // is where the image lies, without a name; empty for memory. Throws UnsupportedError where that
  // can't be done.
  Site(const std::string& file_system, const std::filesystem::path& image_directory,
       const Geometry& geometry, std::uint64_t seed);

  // Makes the dataset, and everything durable.
  void Prepare();

  const std::filesystem::path& mount_point() const { return mounted_.point(); }
  std::filesystem::path directory() const { return mount_point() / "data"; }  // of the dataset
  const DatasetFile& data_file() const { return dataset_->file(); }

  // The device as it is now. The file system stays mounted.
  DeviceCopy Copy() const { return CopyDevice(image_, device_, memory_); }

  // Gives file system and device back. Copies of some file systems can't be mounted before that.
  void Dismantle();

  // Mounts a copy as after a power failure, and returns all bytes of its data file. REQUIRES:
  // dismantled.
  std::vector<std::byte> FindDataFile(const DeviceCopy& copy) const;

 private:
  std::string file_system_;
  Geometry geometry_;
  std::uint64_t seed_;
  os::File image_;
  std::filesystem::path memory_;  // a directory in memory
  os::LoopDevice device_;
  os::MountedFileSystem mounted_;
  std::optional<Dataset> dataset_;
};

}  // namespace faultline
