// Running another program, and finding this one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace faultline::os {

// The running executable's own path.
std::filesystem::path OwnExecutable();

// What RunProgram returns when it can't start the program.
inline constexpr int kNotStarted = 127;

// Runs `arguments[0]` (looked up on the PATH) with the rest as arguments and the standard streams
// of this process (`quiet` sends its output nowhere), and returns its exit code, 128 + the signal
// that ended it, or kNotStarted.
int RunProgram(const std::vector<std::string>& arguments, bool quiet = false);

}  // namespace faultline::os
