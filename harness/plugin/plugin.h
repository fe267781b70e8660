// Strategies from outside the tree: shared libraries that users build with the installed headers
// and name on the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/system_info.h"

namespace faultline {

struct Plugin {
  std::string file;  // its name, without the folders that it lies in
  std::uint64_t bytes = 0;
  std::string checksum;  // CRC-32 of its contents, 8 hexadecimal digits
  bool optimized = true;
  std::vector<std::string> strategies;
};

// Loads the library, and registers its strategies like built-in ones. Child processes have them
// too, since they begin as copies of this one. Throws UsageError when there is no such file, when
// it is no library, was built for another Faultline (none of its code has run then), has no
// strategies, or one whose name can't be used or is taken; UnsupportedError when the system can't
// load it. To be called before anything else looks strategies up, by one thread.
void LoadPlugin(const std::filesystem::path& path);

// Where the strategy comes from; nullptr for one of Faultline's own.
const Plugin* PluginOf(std::string_view strategy);

// For each that was compiled without optimisation: that its times mean nothing, and what to do.
std::vector<std::string> PluginWarnings();

// plugins: "none", or for each its file's name, size, checksum and strategies.
os::Facts PluginFacts();

}  // namespace faultline
