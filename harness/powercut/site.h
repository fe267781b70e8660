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
#include "harness/trial/own_storage.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

class Site {
 public:
  // Takes the process into private mounts, makes the file system and mounts it. `image_directory`
  // is where the image lies, without a name; empty for memory. `trial` says what lies on it. Throws
  // UnsupportedError where that can't be done.
  Site(const std::string& file_system, const std::filesystem::path& image_directory,
       const TrialSpec& trial);

  // Makes the dataset, fills the strategy's own storage, and makes everything durable.
  void Prepare();

  const std::filesystem::path& mount_point() const { return mounted_.point(); }
  std::filesystem::path directory() const { return mount_point() / "data"; }  // of the dataset
  const DatasetFile& data_file() const { return dataset_->file(); }
  std::filesystem::path storage() const;  // the file that the strategy keeps the records in

  // The device as it is now. The file system stays mounted.
  DeviceCopy Copy() const { return CopyDevice(image_, device_, memory_); }

  // Gives file system and device back. Copies of some file systems can't be mounted before that.
  void Dismantle();

  // Mounts a copy as after a power failure, and returns all bytes of its data file, after the
  // strategy put its own storage in order, if it has such, and brought the records back from it.
  // Throws StorageError when it can't. REQUIRES: dismantled.
  std::vector<std::byte> FindDataFile(const DeviceCopy& copy) const;

 private:
  void Move(StorageStep step, const DatasetFile& file) const;

  std::string file_system_;
  TrialSpec trial_;
  os::File image_;
  std::filesystem::path memory_;  // a directory in memory
  os::LoopDevice device_;
  os::MountedFileSystem mounted_;
  std::optional<Dataset> dataset_;
};

}  // namespace faultline
