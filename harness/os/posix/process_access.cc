// process_vm_readv, vmsplice and setresuid.
#include "harness/os/process_access.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fmt/format.h>
#include <utility>

#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

constexpr unsigned kNobody = 65534;

}  // namespace

std::uint64_t ReadMemoryOf(std::int64_t process_id, const void* address,
                           std::span<std::byte> into) {
  const iovec local = {into.data(), into.size()};
  const iovec remote = {const_cast<void*>(address), into.size()};
  const ssize_t got = ::process_vm_readv(static_cast<pid_t>(process_id), &local, 1, &remote, 1, 0);
  if (got < 0) ThrowLastError("read the memory of process", std::to_string(process_id));
  return static_cast<std::uint64_t>(got);
}

PagePipe::PagePipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) ThrowLastError("make", "a pipe");
  taking_ = ends[0];
  giving_ = ends[1];
}

PagePipe::PagePipe(PagePipe&& other) noexcept
    : taking_(std::exchange(other.taking_, -1)), giving_(std::exchange(other.giving_, -1)) {}

PagePipe& PagePipe::operator=(PagePipe&& other) noexcept {
  std::swap(taking_, other.taking_);
  std::swap(giving_, other.giving_);
  return *this;
}

PagePipe::~PagePipe() {
  CloseQuietly(taking_);
  CloseQuietly(giving_);
}

void PagePipe::Gift(std::span<const std::byte> pages) const {
  std::size_t done = 0;
  while (done < pages.size()) {
    const iovec part = {const_cast<std::byte*>(pages.data() + done), pages.size() - done};
    const ssize_t put = RetryInterrupted(
        [&] { return ::vmsplice(static_cast<int>(giving_), &part, 1, SPLICE_F_GIFT); });
    if (put < 0 && (errno == ENOSYS || errno == EINVAL)) {
      throw UnsupportedError("this system doesn't put pages into pipes");
    }
    if (put < 0) ThrowLastError("put pages into", "a pipe");
    done += static_cast<std::size_t>(put);
  }
}

void PagePipe::Take(std::span<std::byte> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = RetryInterrupted(
        [&] { return ::read(static_cast<int>(taking_), into.data() + done, into.size() - done); });
    if (got < 0) ThrowLastError("read from", "a pipe");
    if (got == 0) throw Error(fmt::format("a pipe ended after {} of {} bytes", done, into.size()));
    done += static_cast<std::size_t>(got);
  }
}

PagePipe PagePipe::FromTakingEnd(std::intptr_t handle) { return {handle, -1}; }

void BecomeStranger() {
  if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
      ::setresuid(kNobody, kNobody, kNobody) != 0) {
    throw UnsupportedError("only root can become another user, and only where there is one");
  }
}

}  // namespace faultline::os
