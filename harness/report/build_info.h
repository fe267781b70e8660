// Facts about this build, for the run document's environment.
#pragma once

#include "harness/os/system_info.h"

namespace faultline {

inline constexpr const char* kVersion = FAULTLINE_VERSION;

// version, build_type, compiler, compiler_flags, sanitizer, benchmark_library.
os::Facts BuildFacts();

}  // namespace faultline
