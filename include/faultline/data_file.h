// The data file that strategies work on.
#pragma once

#include <filesystem>

#include "faultline/file.h"
#include "faultline/geometry.h"

namespace faultline {

// Where the file is and what it should look like: all that a strategy gets to know.
struct DatasetFile {
  std::filesystem::path path;
  Geometry geometry;
};

// The data file for strategies: opens it and checks that its size is the geometry's. Throws Error
// naming both sizes.
os::File OpenDataFile(const DatasetFile& file, os::FileAccess access);

}  // namespace faultline
