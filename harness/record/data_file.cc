// Opening a data file for a strategy.
#include "faultline/data_file.h"

#include "faultline/error.h"
#include "harness/base/text.h"

namespace faultline {

os::File OpenDataFile(const DatasetFile& file, os::FileAccess access) {
  os::File opened = os::File::Open(file.path, access);
  const std::uint64_t size = opened.Size();
  if (size == file.geometry.file_size()) return opened;
  throw Error(Concat("the data file ", file.path.string(), " has ", size, " bytes, but ",
                     file.geometry.records, " records of ", file.geometry.record_size,
                     " bytes are ", file.geometry.file_size(), "; run again to have it repaired"));
}

}  // namespace faultline
