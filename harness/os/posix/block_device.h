// Which block device holds a file system, for the sources of this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/os/posix/mounts.h"

namespace faultline::os {

// The kernel's name ("vda1") of the device with this number, as stat(2) tells it of a file; where
// the number is one of those that file systems make up (btrfs), the device that `mount` was made
// from. "" where there is none.
std::string BlockDeviceUnder(std::uint64_t device_number, const std::optional<Mount>& mount);

}  // namespace faultline::os
