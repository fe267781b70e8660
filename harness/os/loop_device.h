// Block devices whose storage is a file.
#pragma once

#include <cstdint>
#include <filesystem>

#include "faultline/file.h"

namespace faultline::os {

// A block device over a file: what is written to the device is in the file at once, without a cache
// of the device's own. Move-only. The device is given back when this object and all users of the
// device (a mounted file system) are gone, also when their processes are killed.
class LoopDevice {
 public:
  LoopDevice() = default;
  LoopDevice(LoopDevice&& other) noexcept;
  LoopDevice& operator=(LoopDevice&& other) noexcept;
  ~LoopDevice();

  // `image` is open for reading and writing, and may have no name; it may be closed afterwards. Its
  // size is the device's. Throws UnsupportedError where this process may not have such devices or
  // the system has none.
  static LoopDevice Attach(const File& image);

  const std::filesystem::path& path() const { return path_; }

  // Requests that the device has begun and not finished.
  std::uint64_t RequestsInFlight() const;

 private:
  LoopDevice(std::intptr_t handle, std::filesystem::path path)
      : handle_(handle), path_(std::move(path)) {}

  std::intptr_t handle_ = -1;
  std::filesystem::path path_;
};

}  // namespace faultline::os
