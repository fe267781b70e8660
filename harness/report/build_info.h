// Facts about this build, for the environment of documents and for --version.
#pragma once

#include <filesystem>
#include <string>

#include "harness/os/system_info.h"

namespace faultline {

inline constexpr const char* kVersion = FAULTLINE_VERSION;

// The commit that this was built from, as git describes it, with "-dirty" where files differed from
// it; "unknown" outside a repository. Asked for in every build (cmake/Commit.cmake).
extern const char* const kCommit;

// version, commit, build_type, compiler, compiler_flags, sanitizer, benchmark_library.
os::Facts BuildFacts();

// "faultline 0.1.0", and a line for each of the facts that tell two builds apart.
std::string VersionText();

// Why this build's times mean nothing, and what to do; or "".
std::string BuildWarning();

// The environment of a document: the machine, the storage of `directory`, this build, and the
// libraries that strategies came from.
os::Facts EnvironmentFacts(const std::filesystem::path& directory);

}  // namespace faultline
