// Devices over files, file systems on them, and mounts that no other process sees.
#include "harness/os/scratch_file_system.h"

#include <sched.h>
#include <sys/mount.h>

#include "faultline/file.h"
#include "harness/os/loop_device.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;
using testing::InPrivateMounts;

std::string Mounts() { return ReadBytes("/proc/mounts"); }

bool IsAttached(const std::filesystem::path& device) {
  return std::filesystem::exists("/sys/block" / device.filename() / "loop");
}

File NewImage(const std::filesystem::path& memory) {
  File image = File::CreateTemporary(memory);
  image.Resize(DeviceBytesFor("ext4", 0));
  return image;
}

TEST_CASE("private mounts are seen by no other process and end with the process", "[scratch]") {
  const std::string before = Mounts();
  InPrivateMounts([&](const std::filesystem::path& memory) {
    if (!std::filesystem::is_empty(memory)) return 1;
    File::Create(memory / "file");
    if (Mounts() == before) return 2;
    Forked outside([] { return 0; });
    return outside.ExitCode();
  });
  CHECK(Mounts() == before);
}

TEST_CASE("private mounts stay private where mounts are passed on", "[scratch]") {
  // A process with mounts of its own again, which it passes on to its children, as systemd does.
  Forked outside([] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_SHARED, nullptr) != 0) {
      return 77;
    }
    const std::string before = Mounts();
    Forked inside([&] {
      EnterPrivateMounts();
      return Mounts() != before ? 0 : 1;
    });
    const int code = inside.ExitCode();
    return code != 0 ? code : Mounts() == before ? 0 : 2;
  });
  const int code = outside.ExitCode();
  if (code == 77) {
    WARN("SKIPPED: no root");
  } else {
    CHECK(code == 0);
  }
}

TEST_CASE("what is written to a device is in its file and the other way round", "[scratch]") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    const File image = NewImage(memory);
    std::filesystem::path path;
    {
      const LoopDevice device = LoopDevice::Attach(image);
      path = device.path();
      const File disk = File::Open(path, FileAccess::kReadWrite);
      disk.WriteAt(1 << 20, testing::Bytes("written"));
      disk.SyncData();
      std::vector<std::byte> found(7);
      image.ReadExactlyAt(1 << 20, found);
      if (testing::Text(found) != "written") return 1;
      if (device.RequestsInFlight() != 0) return 2;
      if (!IsAttached(path)) return 3;
    }
    return IsAttached(path) ? 4 : 0;
  });
}

TEST_CASE("a file system is made, mounted, synced and unmounted", "[scratch]") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    const File image = NewImage(memory);
    LoopDevice device = LoopDevice::Attach(image);
    MakeFileSystem("ext4", device.path());
    std::filesystem::create_directory(memory / "point");
    MountedFileSystem mounted = MountedFileSystem::Mount("ext4", device.path(), memory / "point");
    ReplaceFile(memory / "point" / "file", "content");
    mounted.Sync();
    {
      const File held = File::Open(memory / "point" / "file", FileAccess::kRead);
      try {
        mounted.Unmount();
        return 1;
      } catch (const SystemError&) {
        // A process uses it.
      }
    }
    mounted.Unmount();
    if (std::filesystem::exists(memory / "point" / "file")) return 2;
    {
      const MountedFileSystem again =
          MountedFileSystem::Mount("ext4", device.path(), memory / "point");
      if (ReadText(memory / "point" / "file") != "content") return 3;
    }
    return std::filesystem::is_empty(memory / "point") ? 0 : 4;
  });
}

TEST_CASE("a device lives as long as what is mounted from it and no longer", "[scratch]") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    LoopDevice device;
    {
      const File image = NewImage(memory);
      device = LoopDevice::Attach(image);
    }
    const std::filesystem::path path = device.path();
    MakeFileSystem("ext4", path);
    std::filesystem::create_directory(memory / "point");
    MountedFileSystem mounted = MountedFileSystem::Mount("ext4", path, memory / "point");
    device = {};
    if (!IsAttached(path)) return 1;
    ReplaceFile(memory / "point" / "file", "content");
    mounted.Unmount();
    return IsAttached(path) ? 2 : 0;
  });
}

TEST_CASE("a device without a file system can't be mounted", "[scratch]") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    const File image = NewImage(memory);
    const LoopDevice device = LoopDevice::Attach(image);
    std::filesystem::create_directory(memory / "point");
    return testing::KindThrownBy(
               [&] { MountedFileSystem::Mount("ext4", device.path(), memory / "point"); })
               ? 0
               : 1;
  });
}

TEST_CASE("an unknown kind of file system is refused with those that there are", "[scratch]") {
  CHECK_THROWS_WITH(DeviceBytesFor("ext5", 0), ContainsSubstring("ext4, xfs, btrfs"));
  for (const std::string& kind : FileSystemKinds()) {
    CHECK(DeviceBytesFor(kind, std::uint64_t{1} << 30) > std::uint64_t{1} << 30);
    CHECK(DeviceBytesFor(kind, 12345) % 4096 == 0);
  }
}

TEST_CASE("a process that may not mount is told so", "[scratch]") {
  Forked process([] {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 2;
    try {
      EnterPrivateMounts();
      return 1;
    } catch (const UnsupportedError&) {
      return 0;
    }
  });
  CHECK(process.ExitCode() == 0);
}

}  // namespace
}  // namespace faultline::os
