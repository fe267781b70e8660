// Opening a data file for a strategy.
#include "faultline/data_file.h"

#include <fmt/format.h>

#include "faultline/error.h"

namespace faultline {

os::File OpenDataFile(const DatasetFile& file, os::FileAccess access) {
  os::File opened = os::File::Open(file.path, access);
  const std::uint64_t size = opened.Size();
  if (size == file.geometry.file_size()) return opened;
  throw Error(
      fmt::format("the data file {} has {} bytes, but {} records of {} bytes are {}; run again to "
                  "have it repaired",
                  file.path.string(), size, file.geometry.records, file.geometry.record_size,
                  file.geometry.file_size()));
}

}  // namespace faultline
