// Closing and duplicating descriptors.
#include "harness/os/posix/system_call.h"

#include <fcntl.h>
#include <unistd.h>

namespace faultline::os {

void CloseQuietly(std::intptr_t handle) {
  if (handle == -1) return;
  const int saved_error = errno;
  ::close(static_cast<int>(handle));
  errno = saved_error;
}

int DuplicateDescriptor(std::intptr_t handle) {
  return ::fcntl(static_cast<int>(handle), F_DUPFD_CLOEXEC, 0);
}

}  // namespace faultline::os
