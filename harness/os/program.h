// Running another program, and finding this one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace faultline::os {

// The running executable's own path.
std::filesystem::path OwnExecutable();

// Runs `arguments[0]` (looked up on the PATH) with the rest as arguments and the standard streams
// of this process
// (`quiet` sends its output nowhere) and returns its exit code, or 128 + the signal that ended it;
// 127 if it can't be started.
int RunProgram(const std::vector<std::string>& arguments, bool quiet = false);

}  // namespace faultline::os
