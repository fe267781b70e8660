// What several experiments need: files of their own, and counts around a piece of work.
#pragma once

#include <cstdint>
#include <string>

#include "claims/claim.h"
#include "harness/os/file.h"
#include "harness/os/page_cache.h"

namespace faultline {

// A new file of incompressible content, on storage when this returns.
os::File NewFile(const Laboratory& laboratory, const std::string& name, std::uint64_t bytes);

// Dirty pages of the file, or UnsupportedError where the system can't tell.
std::uint64_t DirtyPages(const os::File& file);

// Empties the cache of the file; UnsupportedError where its pages can't leave memory.
void EvictOrRefuse(const os::File& file);

// The block device under the file; UnsupportedError where there is none.
std::string RequireDevice(const os::File& file);
std::uint64_t DeviceBytesWritten(const std::string& device);

// Minor and major faults of this process so far.
std::uint64_t FaultsSoFar();

}  // namespace faultline
