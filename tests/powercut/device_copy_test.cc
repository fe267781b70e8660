// Copies of a device: whole, at rest, and without its holes.
#include "harness/powercut/device_copy.h"

#include <csignal>

#include "harness/os/scratch_file_system.h"
#include "harness/powercut/run_log.h"
#include "tests/os/support.h"

namespace faultline {
namespace {

using os::testing::Forked;

constexpr std::uint64_t kBytes = std::uint64_t{8} << 20;

// The test's body in a process with mounts of its own; returns 0, 77 where that can't be had, or
// what the body returns.
template <class Body>
int InPrivateMounts(Body body) {
  Forked process([&] {
    try {
      const std::filesystem::path memory = os::EnterPrivateMounts();
      return body(memory);
    } catch (const UnsupportedError&) {
      return 77;
    }
  });
  return process.ExitCode();
}

void CheckDone(int code) {
  if (code == 77) {
    WARN("SKIPPED: no loop devices here, or no root");
  } else {
    CHECK(code == 0);
  }
}

os::File NewImage(const std::filesystem::path& memory) {
  os::File image = os::File::CreateTemporary(memory);
  image.Resize(kBytes);
  return image;
}

TEST_CASE("a copy has what the device was given, and the device's holes") {
  CheckDone(InPrivateMounts([](const std::filesystem::path& memory) {
    const os::File image = NewImage(memory);
    const os::LoopDevice device = os::LoopDevice::Attach(image);
    const os::File disk = os::File::Open(device.path(), os::FileAccess::kReadWrite);
    const std::vector<std::byte> some(5000, std::byte{42});
    disk.WriteAt(3'000'000, some);
    disk.SyncData();
    const std::uint64_t before_ns = NowNs();
    const DeviceCopy copy = CopyDevice(image, device, memory);
    std::vector<std::byte> found(5002);
    copy.image.ReadExactlyAt(2'999'999, found);
    const bool equal = found.front() == std::byte{0} && found.back() == std::byte{0} &&
                       std::equal(some.begin(), some.end(), found.begin() + 1) &&
                       copy.image.Size() == kBytes;
    if (!equal) return 1;
    if (copy.image.AllocatedBytes() > kBytes / 2) return 2;
    return copy.taken_ns >= before_ns && copy.taken_ns <= NowNs() ? 0 : 3;
  }));
}

TEST_CASE("what a file system holds back is in no copy") {
  CheckDone(InPrivateMounts([](const std::filesystem::path& memory) {
    const os::File image = NewImage(memory);
    const os::LoopDevice device = os::LoopDevice::Attach(image);
    const os::File disk = os::File::Open(device.path(), os::FileAccess::kReadWrite);
    disk.WriteAt(0, std::vector<std::byte>(4096, std::byte{1}));  // and no sync
    const DeviceCopy copy = CopyDevice(image, device, memory);
    std::byte first{};
    copy.image.ReadExactlyAt(0, std::span(&first, 1));
    return first == std::byte{0} ? 0 : 1;
  }));
}

TEST_CASE("a device that changes meanwhile is copied until it rests") {
  CheckDone(InPrivateMounts([](const std::filesystem::path& memory) {
    const os::File image = NewImage(memory);
    const os::LoopDevice device = os::LoopDevice::Attach(image);
    Forked writer([&] {
      for (int i = 0; i < 300; ++i) {
        const std::vector<std::byte> some(4096, static_cast<std::byte>(i));
        image.WriteAt(static_cast<std::uint64_t>(i) * 4096, some);
        image.WriteAt(kBytes - 4096, some);
      }
      return 0;
    });
    const DeviceCopy during = CopyDevice(image, device, memory);
    if (writer.ExitCode() != 0) return 1;
    const DeviceCopy after = CopyDevice(image, device, memory);
    std::vector<std::byte> wanted(kBytes);
    std::vector<std::byte> found(kBytes);
    image.ReadExactlyAt(0, wanted);
    after.image.ReadExactlyAt(0, found);
    return wanted == found ? 0 : 2;
  }));
}

}  // namespace
}  // namespace faultline
