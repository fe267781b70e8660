// Private mounts by a mount namespace of the process's own, file systems by the mkfs programs.
#include "harness/os/scratch_file_system.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/os/posix/system_call.h"
#include "harness/os/program.h"

namespace faultline::os {
namespace {

constexpr std::chrono::seconds kLongestRelease(2);

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

struct Kind {
  const char* name;
  const char* package;                    // that has its program
  std::uint64_t least_bytes;              // of a device, below which the program refuses or has no
                                          // room for a journal
  std::vector<std::string> make_options;  // of mkfs.NAME, before the device
  const char* mount_options;
};

const std::array<Kind, 3>& Kinds() {
  static const std::array<Kind, 3> kKinds = {{
      // Blocks as on a large disk, and nothing left for the kernel to initialise later, which would
      // write while an experiment runs.
      {"ext4",
       "e2fsprogs",
       64 * kMebibyte,
       {"-q", "-F", "-b", "4096", "-J", "size=8", "-E",
        "lazy_itable_init=0,lazy_journal_init=0,nodiscard"},
       ""},
      // A copy of a file system has its identity too, and is refused without the option.
      {"xfs", "xfsprogs", 320 * kMebibyte, {"-q", "-f", "-K"}, "nouuid"},
      {"btrfs", "btrfs-progs", 256 * kMebibyte, {"-q", "-f", "-K"}, ""},
  }};
  return kKinds;
}

const Kind& FindKind(std::string_view name) {
  for (const Kind& kind : Kinds()) {
    if (kind.name == name) return kind;
  }
  throw UsageError(fmt::format("unknown file system '{}'; it is one of {}", name,
                               Join(FileSystemKinds(), ", ")));
}

[[noreturn]] void ThrowNoPrivateMounts(const char* operation) {
  const int code = errno;
  throw UnsupportedError(
      fmt::format("cannot {}: {}; run as root, outside containers that forbid mounting", operation,
                  std::generic_category().message(code)));
}

// The kernel remembers a btrfs by its identity, which a copy has too, and refuses the older of the
// two while it does.
void ForgetBtrfs(const std::filesystem::path& device) {
  const Descriptor control(::open("/dev/btrfs-control", O_RDWR | O_CLOEXEC));
  if (control.get() == -1) return;
  btrfs_ioctl_vol_args arguments = {};
  std::strncpy(arguments.name, device.c_str(), sizeof arguments.name - 1);
  ::ioctl(control.get(), BTRFS_IOC_FORGET_DEV, &arguments);
}

}  // namespace

std::filesystem::path EnterPrivateMounts() {
  if (::unshare(CLONE_NEWNS) != 0) ThrowNoPrivateMounts("make private mounts");
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    ThrowNoPrivateMounts("keep mounts private");
  }
  // It has to cover some directory, as making a new one would leave it behind after a kill.
  for (const char* covered : {"/dev/shm", "/tmp"}) {
    if (::mount("faultline", covered, "tmpfs", MS_NODEV | MS_NOSUID, "mode=0700") == 0) {
      return covered;
    }
  }
  ThrowNoPrivateMounts("mount a file system in memory");
}

std::vector<std::string> FileSystemKinds() {
  std::vector<std::string> names;
  for (const Kind& kind : Kinds()) names.emplace_back(kind.name);
  return names;
}

std::uint64_t DeviceBytesFor(std::string_view kind, std::uint64_t data_bytes) {
  // A log-structured file system writes anew what it overwrites.
  const std::uint64_t wanted = FindKind(kind).least_bytes + 2 * data_bytes;
  return (wanted + kMebibyte - 1) / kMebibyte * kMebibyte;
}

void MakeFileSystem(std::string_view name, const std::filesystem::path& device) {
  const Kind& kind = FindKind(name);
  const std::string program = fmt::format("mkfs.{}", kind.name);
  std::vector<std::string> arguments = {program};
  arguments.insert(arguments.end(), kind.make_options.begin(), kind.make_options.end());
  arguments.push_back(device.native());
  int code = RunProgram(arguments, /*quiet=*/true);
  if (code == kNotStarted) {
    // Where a user's PATH leaves the administrator's programs out.
    arguments.front() = fmt::format("/usr/sbin/{}", program);
    code = RunProgram(arguments, /*quiet=*/true);
  }
  if (code == kNotStarted) {
    throw UnsupportedError(
        fmt::format("there is no {} on this machine; install {}", program, kind.package));
  }
  if (code != 0) {
    throw Error(fmt::format("{} failed on {} with exit code {}; run it by hand to see why", program,
                            device.native(), code));
  }
}

MountedFileSystem::MountedFileSystem(MountedFileSystem&& other) noexcept
    : kind_(std::move(other.kind_)),
      device_(std::move(other.device_)),
      point_(std::exchange(other.point_, {})) {}

MountedFileSystem& MountedFileSystem::operator=(MountedFileSystem&& other) noexcept {
  MountedFileSystem moved(std::move(other));
  std::swap(kind_, moved.kind_);
  std::swap(device_, moved.device_);
  std::swap(point_, moved.point_);
  return *this;
}

MountedFileSystem::~MountedFileSystem() {
  if (point_.empty()) return;
  ::umount2(point_.c_str(), MNT_DETACH);
  if (kind_ == "btrfs") ForgetBtrfs(device_);
}

MountedFileSystem MountedFileSystem::Mount(std::string_view name,
                                           const std::filesystem::path& device,
                                           const std::filesystem::path& point) {
  const Kind& kind = FindKind(name);
  if (::mount(device.c_str(), point.c_str(), kind.name, MS_NODEV | MS_NOSUID, kind.mount_options) !=
      0) {
    const int code = errno;
    if (code == ENODEV) {
      throw UnsupportedError(fmt::format("this kernel doesn't know the file system {}", kind.name));
    }
    throw SystemError(fmt::format("mount {} from", kind.name), device.native(), code);
  }
  MountedFileSystem mounted;
  mounted.kind_ = name;
  mounted.device_ = device;
  mounted.point_ = point;
  return mounted;
}

void MountedFileSystem::Sync() const {
  const Descriptor directory(
      RetryInterrupted([&] { return ::open(point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (directory.get() == -1 || ::syncfs(directory.get()) != 0) {
    ThrowLastError("make durable the file system on", point_.native());
  }
}

void MountedFileSystem::Unmount() {
  // What a process held may be given back a little later than it ends: an io_uring's files are.
  const auto give_up = SteadyClock::now() + kLongestRelease;
  while (::umount2(point_.c_str(), 0) != 0) {
    if (errno != EBUSY || SteadyClock::now() > give_up) {
      ThrowLastError("unmount", point_.native());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  point_.clear();
  if (kind_ == "btrfs") ForgetBtrfs(device_);
}

}  // namespace faultline::os
