// Copies of a device: whole, at rest, and without its holes.
#include "harness/powercut/device_copy.h"

#include <csignal>

#include "harness/base/clock.h"
#include "harness/os/file_status.h"
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
    const std::uint64_t before_ns = SteadyNowNs();
    const DeviceCopy copy = CopyDevice(image, device, memory);
    std::vector<std::byte> found(5002);
    copy.image.ReadExactlyAt(2'999'999, found);
    const bool equal = found.front() == std::byte{0} && found.back() == std::byte{0} &&
                       std::equal(some.begin(), some.end(), found.begin() + 1) &&
                       copy.image.Size() == kBytes;
    if (!equal) return 1;
    if (os::AllocatedBytes(copy.image) > kBytes / 2) return 2;
    return copy.taken_ns >= before_ns && copy.taken_ns <= SteadyNowNs() ? 0 : 3;
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

// Step n writes n to one of 200 blocks in turn, and then to the last one: whatever the last block
// says was written is in its block, at any instant.
constexpr std::uint64_t kTurn = 200;

void WriteNumber(const os::File& image, std::uint64_t offset, std::uint64_t number) {
  image.WriteAt(offset, std::as_bytes(std::span(&number, 1)));
}

std::uint64_t NumberAt(const os::File& image, std::uint64_t offset) {
  std::uint64_t number = 0;
  image.ReadExactlyAt(offset, std::as_writable_bytes(std::span(&number, 1)));
  return number;
}

TEST_CASE("a device that changes meanwhile is copied as it was at one instant") {
  CheckDone(InPrivateMounts([](const std::filesystem::path& memory) {
    const os::File image = NewImage(memory);
    const os::LoopDevice device = os::LoopDevice::Attach(image);
    Forked writer([&] {
      const std::uint64_t end_ns = SteadyNowNs() + 300'000'000;
      for (std::uint64_t step = 1; SteadyNowNs() < end_ns; ++step) {
        WriteNumber(image, step % kTurn * 4096, step);
        WriteNumber(image, kBytes - 4096, step);
      }
      return 0;
    });
    while (NumberAt(image, kBytes - 4096) < kTurn) {
    }
    const DeviceCopy copy = CopyDevice(image, device, memory);
    const std::uint64_t last = NumberAt(copy.image, kBytes - 4096);
    for (std::uint64_t step = last - kTurn + 1; step <= last; ++step) {
      if (NumberAt(copy.image, step % kTurn * 4096) < step) return 1;
    }
    return writer.ExitCode();
  }));
}

}  // namespace
}  // namespace faultline
