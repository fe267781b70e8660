// Linux's loop devices, in the mode in which the kernel detaches one at its last close.
#include "harness/os/loop_device.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "harness/os/posix/kernel_text.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

constexpr const char* kControl = "/dev/loop-control";
constexpr int kAttempts = 100;

[[noreturn]] void ThrowNoDevice(std::string_view operation, std::string_view subject) {
  const int code = errno;
  throw UnsupportedError(
      fmt::format("cannot {} {}: {}; loop devices need root, the kernel's driver 'loop' and its "
                  "nodes in /dev, which containers often lack",
                  operation, subject, std::generic_category().message(code)));
}

}  // namespace

LoopDevice::LoopDevice(LoopDevice&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)), path_(std::move(other.path_)) {}

LoopDevice& LoopDevice::operator=(LoopDevice&& other) noexcept {
  LoopDevice moved(std::move(other));
  std::swap(handle_, moved.handle_);
  std::swap(path_, moved.path_);
  return *this;
}

LoopDevice::~LoopDevice() { CloseQuietly(handle_); }

LoopDevice LoopDevice::Attach(const File& image) {
  const Descriptor control(RetryInterrupted([&] { return ::open(kControl, O_RDWR | O_CLOEXEC); }));
  if (control.get() == -1) ThrowNoDevice("open", kControl);
  loop_config config = {};
  config.fd = static_cast<std::uint32_t>(image.handle());
  config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const int number = ::ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (number < 0) ThrowNoDevice("find a free", "loop device");
    const std::string path = fmt::format("/dev/loop{}", number);
    Descriptor device(RetryInterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC); }));
    if (device.get() == -1) ThrowNoDevice("open", path);
    if (::ioctl(device.get(), LOOP_CONFIGURE, &config) == 0) {
      return LoopDevice(device.Release(), path);
    }
    // Another process took this one first.
    if (errno != EBUSY) ThrowNoDevice("attach a file to", path);
  }
  throw UnsupportedError("other processes take every loop device first; try again later");
}

std::uint64_t LoopDevice::RequestsInFlight() const {
  // "reads writes"
  const std::optional<std::string> line =
      FirstLine(fmt::format("/sys/block/{}/inflight", path_.filename().native()));
  if (!line) return 0;
  std::string_view text = *line;
  const std::uint64_t reads = TakeNumber(text).value_or(0);
  return reads + TakeNumber(text).value_or(0);
}

}  // namespace faultline::os
