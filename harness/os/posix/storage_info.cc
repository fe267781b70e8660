// Facts about the file system that holds a directory, and about the device under it.
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <fmt/format.h>
#include <string_view>

#include "harness/os/posix/block_device.h"
#include "harness/os/posix/kernel_text.h"
#include "harness/os/posix/mounts.h"
#include "harness/os/system_info.h"
#include "harness/os/whole_file.h"

namespace faultline::os {
namespace {

using Fact = std::optional<std::string>;

// Settings of the whole disk are above those of its partitions, and /sys leads from one to the
// other by "..".
Fact OfDisk(const std::string& device, std::string_view setting) {
  if (device.empty()) return std::nullopt;
  for (const std::string_view way : {"/", "/../"}) {
    if (Fact fact = FirstLine(fmt::format("/sys/class/block/{}{}{}", device, way, setting)))
      return fact;
  }
  return std::nullopt;
}

Fact Scheduler(const std::string& device) {
  const Fact line = OfDisk(device, "queue/scheduler");
  return line ? Fact(ChoiceIn(*line)) : std::nullopt;
}

Fact ReadAheadBytes(const std::string& device) {
  const Fact kilobytes = OfDisk(device, "queue/read_ahead_kb");
  if (!kilobytes) return std::nullopt;
  std::string_view text = *kilobytes;
  const auto number = TakeNumber(text);
  if (!number) return std::nullopt;
  return std::to_string(*number * 1024);
}

Fact Rotational(const std::string& device) {
  const Fact flag = OfDisk(device, "queue/rotational");
  if (!flag) return std::nullopt;
  return *flag == "0" ? "no" : "yes";
}

}  // namespace

Facts StorageFacts(const std::filesystem::path& directory) {
  struct stat status = {};
  struct statvfs file_system = {};
  if (::stat(directory.c_str(), &status) != 0 || ::statvfs(directory.c_str(), &file_system) != 0) {
    ThrowLastError("find the file system of", directory.string());
  }
  const std::optional<Mount> mount = MountOf(directory);
  const std::string device = BlockDeviceUnder(status.st_dev, mount);
  Facts facts;
  facts["block_size"] = std::to_string(file_system.f_bsize);
  facts["device"] = device.empty() ? std::nullopt : Fact(device);
  facts["device_model"] = OfDisk(device, "device/model");
  facts["device_physical_block_size"] = OfDisk(device, "queue/physical_block_size");
  facts["file_system"] = mount ? Fact(mount->kind) : std::nullopt;
  facts["free_bytes"] = std::to_string(FreeBytes(directory));
  facts["mount_options"] =
      mount ? Fact(fmt::format("{},{}", mount->options, mount->super_options)) : std::nullopt;
  facts["read_ahead_bytes"] = ReadAheadBytes(device);
  facts["rotational"] = Rotational(device);
  facts["scheduler"] = Scheduler(device);
  facts["write_cache"] = OfDisk(device, "queue/write_cache");
  return facts;
}

}  // namespace faultline::os
