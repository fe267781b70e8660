// Libraries of a user's own that become part of the running program.
#pragma once

#include <filesystem>
#include <string_view>

namespace faultline::os {

// Whether a file with these contents may be a shared library of this system, and is not cut short:
// the system maps what the file's head describes, and a process that reads beyond the end is
// killed.
bool LooksLikeLibrary(std::string_view contents);

// Loads a library for the rest of this process's life and makes its static objects. All that it
// refers to is looked up before any of its code runs, first in this program. Throws
// UnsupportedError with the system's reason; an exception of a static object ends the process.
void LoadSharedLibrary(const std::filesystem::path& path);

}  // namespace faultline::os
