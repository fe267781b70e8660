#include "harness/powercut/device_copy.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <thread>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/os/file_status.h"
#include "harness/powercut/run_log.h"

namespace faultline {
namespace {

constexpr std::uint64_t kBlockBytes = std::uint64_t{256} << 10;
constexpr std::uint64_t kRestNs = 10'000'000'000;

// Makes `copy` equal to `image`, block by block, skipping what is a hole in both. Returns whether
// anything was to be done.
bool BringUpToDate(const os::File& image, const os::File& copy) {
  const std::uint64_t size = image.Size();
  std::vector<std::byte> wanted(kBlockBytes);
  std::vector<std::byte> found(kBlockBytes);
  bool differed = false;
  std::uint64_t at = 0;
  while ((at = std::min(os::NextData(image, at), os::NextData(copy, at))) < size) {
    at -= at % kBlockBytes;
    const std::uint64_t length = std::min(kBlockBytes, size - at);
    image.ReadExactlyAt(at, std::span(wanted).first(length));
    copy.ReadExactlyAt(at, std::span(found).first(length));
    if (std::memcmp(wanted.data(), found.data(), length) != 0) {
      copy.WriteAt(at, std::span(wanted).first(length));
      differed = true;
    }
    at += length;
    if (at >= size) break;
  }
  return differed;
}

}  // namespace

DeviceCopy CopyDevice(const os::File& image, const os::LoopDevice& device,
                      const std::filesystem::path& directory) {
  DeviceCopy copy{os::File::CreateTemporary(directory), 0};
  copy.image.Resize(image.Size());
  const std::uint64_t give_up_ns = SteadyNowNs() + kRestNs;
  bool first = true;
  while (true) {
    while (device.RequestsInFlight() != 0 && SteadyNowNs() < give_up_ns) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    const std::uint64_t now_ns = SteadyNowNs();
    if (now_ns >= give_up_ns) break;
    // Equal to the copy before it: the device was so from that one's beginning on.
    const bool differed = BringUpToDate(image, copy.image);
    if (!first && !differed) return copy;
    copy.taken_ns = now_ns;
    first = false;
  }
  throw Error(fmt::format(
      "the device {} did not come to rest within {} of a stop; does another process write to it?",
      device.path().native(), FormatSeconds(static_cast<double>(kRestNs) / 1e9)));
}

}  // namespace faultline
