// Jobs of fio on a file of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/record/dataset.h"

namespace faultline::peers {

struct FioJob {
  std::string engine;
  std::string direction;  // read or write, at random offsets
  std::uint64_t block_bytes = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t operations = 0;
  std::vector<std::string> more;  // further arguments
};

// A file as large as the dataset's, with its content, on storage and not in memory: fio never sees
// the dataset. Throws UnsupportedError where the file can't leave memory.
void MakeFioFile(const std::filesystem::path& directory, const std::string& name,
                 const Dataset& dataset);

// Time of an operation in ns. The same record may come again, as in a trial's plan, and the cache
// is left as it is; what was written is on storage when this returns. Throws Error, also when fio
// did another number of operations; UnsupportedError without fio.
double FioNs(const std::filesystem::path& directory, const std::string& name, const FioJob& job);

// "fio-3.33". Throws UnsupportedError without fio.
std::string FioVersion(const std::filesystem::path& directory);

}  // namespace faultline::peers
