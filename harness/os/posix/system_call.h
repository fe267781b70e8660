// What the sources of this folder share: calls that go on after a signal, and descriptors that
// close themselves.
#pragma once

#include <cerrno>
#include <cstdint>
#include <utility>

namespace faultline::os {

// Calls `call` until it is not interrupted by a signal. For calls that return -1 and set errno.
template <class Call>
auto RetryInterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

// Closes a descriptor, leaving errno alone. On Linux it is closed whatever close says, so it is
// never tried again.
void CloseQuietly(std::intptr_t handle);

// A second descriptor of the same open file, closed on exec. -1 and errno on failure.
int DuplicateDescriptor(std::intptr_t handle);

// Owns one descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Descriptor moved(std::move(other));
    std::swap(fd_, moved.fd_);
    return *this;
  }
  ~Descriptor() { CloseQuietly(fd_); }

  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace faultline::os
