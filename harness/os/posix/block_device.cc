// Finding block devices by the numbers that /sys lists them under.
#include "harness/os/posix/block_device.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fmt/format.h>

namespace faultline::os {
namespace {

std::string NameOf(dev_t number) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::read_symlink(
      fmt::format("/sys/dev/block/{}:{}", major(number), minor(number)), error);
  return error ? std::string() : target.filename().string();
}

}  // namespace

std::string BlockDeviceUnder(std::uint64_t device_number, const std::optional<Mount>& mount) {
  if (std::string name = NameOf(device_number); !name.empty()) return name;
  struct stat source = {};
  if (!mount || !mount->source.starts_with("/dev/")) return {};
  if (::stat(mount->source.c_str(), &source) != 0 || !S_ISBLK(source.st_mode)) return {};
  return NameOf(source.st_rdev);
}

}  // namespace faultline::os
