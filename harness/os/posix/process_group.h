// The end of a process group.
#pragma once

#include <sys/types.h>

#include <optional>

#include "harness/os/child_process.h"

namespace faultline::os {

// Awaits a child that leads a process group of its own, and kills what is left of the group.
// Nothing, with errno, when it was awaited elsewhere.
std::optional<ChildEnd> AwaitGroup(pid_t leader);

}  // namespace faultline::os
