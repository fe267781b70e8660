// Running another program to its end, with what it used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace faultline::peers {

struct ProgramRun {
  // The most that the program, or any process that it started and waited for, had resident at a
  // time: what wait4 reports.
  std::uint64_t peak_resident_bytes = 0;
  std::string output;  // both standard streams
};

// Runs `arguments[0]`, looked up on the PATH, in `directory`. The program is killed when this
// process ends. Throws UnsupportedError when there is no such program, Error with the last line of
// its output when it fails. REQUIRES: a single-threaded process.
ProgramRun RunToItsEnd(const std::vector<std::string>& arguments,
                       const std::filesystem::path& directory);

}  // namespace faultline::peers
