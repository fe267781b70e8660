// A ring of the kernel's, through which operations are submitted and completed.
#pragma once

#if FAULTLINE_HAVE_LIBURING
#include <liburing.h>

#include <cerrno>
#include <cstddef>
#include <fmt/format.h>
#include <span>

#include "faultline/error.h"
#include "faultline/file.h"
#include "faultline/system_error.h"

namespace faultline {

// A ring with its queues; closed by the destructor.
class Ring {
 public:
  // `depth`: operations in flight. With `poll` a thread of the kernel looks for submissions. Throws
  // UnsupportedError where this system forbids rings, SystemError.
  explicit Ring(unsigned depth, bool poll = false) {
    io_uring_params parameters = {};
    if (poll) {
      parameters.flags = IORING_SETUP_SQPOLL;
      parameters.sq_thread_idle = kIdleMilliseconds;
    }
    const int error = -io_uring_queue_init_params(depth, &ring_, &parameters);
    if (error == ENOSYS || error == EPERM) {
      throw UnsupportedError(
          "this system doesn't let the program use io_uring; see kernel.io_uring_disabled and the "
          "container's rules");
    }
    if (error != 0) {
      throw os::SystemError("set up", fmt::format("a ring of {} operations", depth), error);
    }
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() { io_uring_queue_exit(&ring_); }

  // Makes memory and file known to the kernel once, instead of with every transfer: buffer 0 and
  // file 0. Undone by Forget, or some time after the ring's end. Throws SystemError.
  void Register(std::span<std::byte> memory, const os::File& file) {
    const iovec all = {memory.data(), memory.size()};
    if (const int error = -io_uring_register_buffers(&ring_, &all, 1); error > 0) {
      throw os::SystemError("register with a ring",
                            fmt::format("{} bytes of memory", memory.size()), error);
    }
    const int handle = static_cast<int>(file.handle());
    if (const int error = -io_uring_register_files(&ring_, &handle, 1); error > 0) {
      throw os::SystemError("register with a ring", file.path().string(), error);
    }
  }
  void Forget() {
    io_uring_unregister_files(&ring_);
    io_uring_unregister_buffers(&ring_);
  }

  io_uring* get() { return &ring_; }

 private:
  static constexpr unsigned kIdleMilliseconds = 100;

  io_uring ring_;
};

}  // namespace faultline
#endif
