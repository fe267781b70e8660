// Closing and duplicating descriptors.
#include "harness/os/posix/system_call.h"

#include <fcntl.h>
#include <unistd.h>

namespace faultline::os {

// Offsets and sizes are 64-bit everywhere in this program; a 32-bit off_t would cut them silently.
static_assert(sizeof(off_t) == 8, "build with _FILE_OFFSET_BITS=64");

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
