// The untouched content of a data file, which FillContent (dataset.h) defines: writes it, compares
// a file with it, and finds where stray bytes of it belong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "faultline/file.h"
#include "faultline/geometry.h"

namespace faultline {

// Writes the whole content into `file` from offset 0, front to back in calls of 1 MiB. Neither cuts
// a longer file nor syncs. `before_each`, unless empty, is called before each call and may throw.
// Throws SystemError.
void WriteContent(const os::File& file, const Geometry& geometry, std::uint64_t seed,
                  const std::function<void()>& before_each = {});

// Compares `file` with its content in blocks of 256 KiB, front to back. Calls `differs` with the
// offset and the right bytes of each block that is not as it should be; a block that the file is
// too short for differs. Stops when `differs` returns false. `before_each`, unless empty, is called
// before each block and may throw. Throws SystemError.
void CompareContent(const os::File& file, const Geometry& geometry, std::uint64_t seed,
                    const std::function<bool(std::uint64_t, std::span<const std::byte>)>& differs,
                    const std::function<void()>& before_each = {});

// Bytes of the content, met at a place where they don't belong.
struct StrayContent {
  std::uint64_t at = 0;      // their position in the bytes searched
  std::uint64_t origin = 0;  // the file offset where they belong
};

// Searches `bytes`, read from file offset `offset`, for content that belongs to another place of
// the file. Needs no scan of the file: a content word leads back to its position. Runs shorter than
// an aligned 64-bit word are not noticed, and in a sparse file, whose content is the same
// everywhere, nothing is.
std::optional<StrayContent> FindStrayContent(const Geometry& geometry, std::uint64_t seed,
                                             std::uint64_t offset,
                                             std::span<const std::byte> bytes);

}  // namespace faultline
