// Named memory objects over POSIX shared memory and advisory locks.
#include "harness/os/posix/named_object.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <thread>

#include "faultline/system_error.h"
#include "harness/base/clock.h"

namespace faultline::os {
namespace {

// Between checks of an object that a process is just creating or removing, which takes
// microseconds.
constexpr auto kPause = std::chrono::microseconds(200);

// For an object that stays half-made: its creator is stopped, or short of processor time.
constexpr auto kTransitionTimeout = std::chrono::seconds(5);

// Before every name of ours.
constexpr std::string_view kPrefix = "faultline-";

// Where the system shows its named objects.
constexpr const char* kFolder = "/dev/shm";

std::string SystemName(const std::string& name) {
  const bool valid = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
  if (!valid) {
    throw SystemError("use (a name is letters, digits, '-' and '_') the object name", name, EINVAL);
  }
  return fmt::format("/{}{}", kPrefix, name);
}

bool Lock(int fd, int operation) {
  return RetryInterrupted([&] { return ::flock(fd, operation); }) == 0;
}

bool IsSameObject(int a, int b) {
  struct stat first;
  struct stat second;
  return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

bool NameLeadsTo(const std::string& system_name, int fd) {
  const Descriptor found(::shm_open(system_name.c_str(), O_RDONLY, 0));
  return found.get() != -1 && IsSameObject(found.get(), fd);
}

// Whether this descriptor got the exclusive lock, which means that there was no holder of the
// object. Then its name is gone on return. On failure this descriptor holds no lock at all any
// more.
bool RemoveIfUnheld(const std::string& system_name, int fd) {
  if (!Lock(fd, LOCK_EX | LOCK_NB)) return false;
  if (NameLeadsTo(system_name, fd)) ::shm_unlink(system_name.c_str());
  return true;
}

// 0 for one that its creator has not finished.
std::uint64_t SizeOf(int fd) {
  struct stat status;
  return ::fstat(fd, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

// What is to be found under a name.
enum class Found { kNothing, kInTransition, kHeld };

// Opens what `system_name` leads to and shares its lock. Something left over is removed, and is
// nothing.
Found TryHold(const std::string& system_name, bool writable, const std::string& name,
              Descriptor& held) {
  Descriptor fd(::shm_open(system_name.c_str(), writable ? O_RDWR : O_RDONLY, 0));
  if (fd.get() == -1 && errno == ENOENT) return Found::kNothing;
  if (fd.get() == -1) ThrowLastError("open the named object", name);
  // Should its creator be between making and locking it, it will notice and make another.
  if (RemoveIfUnheld(system_name, fd.get())) return Found::kNothing;
  // No shared lock: another process is about to remove it.
  if (!Lock(fd.get(), LOCK_SH | LOCK_NB)) return Found::kInTransition;
  if (!NameLeadsTo(system_name, fd.get()) || SizeOf(fd.get()) == 0) {
    RemoveIfUnheld(system_name, fd.get());
    return Found::kInTransition;
  }
  held = std::move(fd);
  return Found::kHeld;
}

// Waits out transitions, if they end.
Found Hold(const std::string& system_name, bool writable, const std::string& name,
           Descriptor& held) {
  const auto give_up = SteadyClock::now() + kTransitionTimeout;
  while (true) {
    const Found found = TryHold(system_name, writable, name, held);
    if (found != Found::kInTransition || SteadyClock::now() > give_up) return found;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Descriptor CreateNamedObject(const std::string& name, std::uint64_t size) {
  const std::string system_name = SystemName(name);
  while (true) {
    Descriptor fd(::shm_open(system_name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd.get() == -1 && errno == EEXIST) {
      Descriptor other;
      const Found found = Hold(system_name, /*writable=*/false, name, other);
      if (found == Found::kNothing) continue;
      if (found == Found::kHeld) RemoveIfUnheld(system_name, other.get());
      throw SystemError("create the named object", name, EEXIST);
    }
    if (fd.get() == -1) ThrowLastError("create the named object", name);
    if (!Lock(fd.get(), LOCK_SH)) ThrowLastError("lock the named object", name);
    // Before the lock it seemed left over, so another process may have removed it.
    if (!NameLeadsTo(system_name, fd.get())) continue;
    if (RetryInterrupted([&] { return ::ftruncate(fd.get(), static_cast<off_t>(size)); }) != 0) {
      const int code = errno;
      RemoveIfUnheld(system_name, fd.get());
      throw SystemError("give its size to the named object", name, code);
    }
    return fd;
  }
}

NamedObject OpenNamedObject(const std::string& name, bool writable) {
  const std::string system_name = SystemName(name);
  Descriptor held;
  if (Hold(system_name, writable, name, held) != Found::kHeld) {
    throw SystemError("open the named object", name, ENOENT);
  }
  const std::uint64_t size = SizeOf(held.get());
  return {std::move(held), size};
}

Descriptor HoldNamedObjectAgain(const std::string& name, int fd, bool writable) {
  const std::string system_name = SystemName(name);
  Descriptor held;
  if (Hold(system_name, writable, name, held) != Found::kHeld) return Descriptor();
  if (IsSameObject(held.get(), fd)) return held;
  ReleaseName(name, held.get());
  return Descriptor();
}

void ReleaseName(const std::string& name, int fd) { RemoveIfUnheld(SystemName(name), fd); }

void RemoveAbandonedNames() {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder, ignored)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(kPrefix) || !entry.is_regular_file(ignored)) continue;
    const std::string system_name = "/" + file;
    const Descriptor fd(::shm_open(system_name.c_str(), O_RDONLY, 0));
    if (fd.get() != -1) RemoveIfUnheld(system_name, fd.get());
  }
}

}  // namespace faultline::os
