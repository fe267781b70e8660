// The manifest beside a data file: a short text that proves the file to be one that Faultline made.
//
// The proof is the file's identity. A manifest names the device, the inode and the time of birth of
// the file that was created together with it, so a file that was put at the same path later, or
// copied there, does not match, even if it got the inode of one that was deleted. Nothing is
// concluded from the file's content: a trial may have left any bytes in it, and a file whose
// identity matches is repaired.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "faultline/file.h"
#include "faultline/geometry.h"

namespace faultline {

enum class ManifestState {
  kBuilding,  // the file is ours, and its content is not complete yet
  kReady,     // it was complete and synced once
};

struct Manifest {
  ManifestState state = ManifestState::kBuilding;
  Geometry geometry;
  std::uint64_t seed = 0;
  std::uint64_t device = 0;  // of the data file
  std::uint64_t inode = 0;
  std::uint64_t born_ns = 0;

  bool operator==(const Manifest&) const = default;
};

// The manifest as text: a line with the version, then `key=value` lines.
std::string FormatManifest(const Manifest& manifest);

// Throws Error, naming `path`, for anything but what FormatManifest writes.
Manifest ParseManifest(std::string_view text, const std::filesystem::path& path);

// "faultline-1000000x125-1993.data", with "-sparse" before the dot for a sparse one.
std::string DataFileName(const Geometry& geometry, std::uint64_t seed);

// NAME.manifest for NAME.data. Throws Error when `data_file` does not end in ".data".
std::filesystem::path ManifestPath(const std::filesystem::path& data_file);

// Whether anything has this name, be it a dangling link.
bool NameIsTaken(const std::filesystem::path& path);

// The manifest of a data file. Throws Error when it is missing, not a plain file, or not a
// manifest.
Manifest LoadManifest(const std::filesystem::path& data_file);

// Opens a data file after making sure that it is the one its manifest names: a regular file, no
// link, one name, the same device, inode and time of birth. Throws Error otherwise; nothing is
// changed.
os::File OpenOwned(const std::filesystem::path& data_file, const Manifest& manifest,
                   os::FileAccess access);

}  // namespace faultline
