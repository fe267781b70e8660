// Moving a whole file into memory and back, for the strategies that work on a copy of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/file.h"

namespace faultline {

// Bytes per call: large enough that the call itself costs nothing beside the copying, small enough
// that the target stays in the processor's cache while the system fills it.
inline constexpr std::size_t kTransferBytes = std::size_t{1} << 20;

// Reads the file from its beginning until `into` is full. Throws SystemError, also when the file is
// shorter.
inline void LoadWholeFile(const os::File& file, std::span<std::byte> into) {
  for (std::size_t done = 0; done < into.size(); done += kTransferBytes) {
    file.ReadExactlyAt(done, into.subspan(done, std::min(kTransferBytes, into.size() - done)));
  }
}

// Writes all of `from` over the file's beginning and returns when it is on stable storage. Throws
// SystemError.
inline void StoreWholeFile(const os::File& file, std::span<const std::byte> from) {
  for (std::size_t done = 0; done < from.size(); done += kTransferBytes) {
    file.WriteAt(done, from.subspan(done, std::min(kTransferBytes, from.size() - done)));
  }
  file.SyncData();
}

}  // namespace faultline
