// What the C library's streams need of the system and standard C does not offer: 64-bit positions
// and durability.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>

namespace faultline::os {

// The stream for reading and writing an existing file ("r+b"), not inherited by programs started
// later; a symbolic link at the end of `path` is refused. Throws SystemError.
std::FILE* OpenStream(const std::filesystem::path& path);

// Moves the position; false and the stream's error on failure.
bool SeekStream(std::FILE* stream, std::uint64_t offset);

// Writes the stream's buffer, then returns when the file's data is on stable storage. Throws
// SystemError.
void SyncStream(std::FILE* stream, const std::filesystem::path& path);

}  // namespace faultline::os
