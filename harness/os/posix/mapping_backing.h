// What a mapping object shares with its views.
#pragma once

#include <cstdint>
#include <string>

#include "harness/os/posix/system_call.h"

namespace faultline::os {

// Immutable; shared, so that making a view costs no system call but the mapping itself.
struct MappingBacking {
  std::string subject;    // what it is, for errors: a path, or words
  Descriptor flush_file;  // a descriptor of the file that views write to; none for memory and
                          // read-only objects
};

}  // namespace faultline::os
