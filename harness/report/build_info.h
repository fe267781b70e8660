// Facts about this build, for the run document's environment.
#pragma once

#include <filesystem>
#include <string>

#include "harness/os/system_info.h"

namespace faultline {

inline constexpr const char* kVersion = FAULTLINE_VERSION;

// version, build_type, compiler, compiler_flags, sanitizer, benchmark_library.
os::Facts BuildFacts();

// Why this build's times mean nothing, and what to do; or "".
std::string BuildWarning();

// The environment of a document: the machine, the storage of `directory`, this build, and the
// libraries that strategies came from.
os::Facts EnvironmentFacts(const std::filesystem::path& directory);

}  // namespace faultline
