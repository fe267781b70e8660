// Copies of a device as it is at one instant.
#pragma once

#include <cstdint>

#include "faultline/file.h"
#include "harness/os/loop_device.h"

namespace faultline {

struct DeviceCopy {
  os::File image;
  std::uint64_t taken_ns = 0;  // the steady clock, when the device was as the copy says
};

// Waits until the device has ended what it had begun, and copies the file that it is made of into a
// nameless one in `directory`, until two copies in a row are equal. Holes stay holes. Throws Error
// when the device doesn't come to rest within 10 seconds: a process still writes to it.
DeviceCopy CopyDevice(const os::File& image, const os::LoopDevice& device,
                      const std::filesystem::path& directory);

}  // namespace faultline
