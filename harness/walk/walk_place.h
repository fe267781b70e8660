// The directory in which a walk's files are made, and the file of its own that is walked when the
// user names none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/record/dataset.h"
#include "harness/report/new_directories.h"

namespace faultline {

// The destructor removes everything that was made here, the directory too if it was. What a killed
// walk left is known by its manifest and is used, and removed, by the next.
class WalkPlace {
 public:
  // Makes the directory if need be and keeps other runs off it. Throws UsageError.
  explicit WalkPlace(const std::filesystem::path& directory);
  WalkPlace(const WalkPlace&) = delete;
  WalkPlace& operator=(const WalkPlace&) = delete;
  ~WalkPlace();

  const std::filesystem::path& directory() const { return directory_; }

  // A file of `bytes` bytes (a multiple of the page size) of incompressible content, on storage and
  // not in memory. `note` says why not, where it can't leave memory. Throws Error.
  std::filesystem::path MakeFile(std::uint64_t bytes, std::string& note);

 private:
  std::filesystem::path directory_;
  RunPlaces places_;
  std::optional<Dataset> dataset_;
};

// Writes what is dirty of the file and asks the system to drop it from memory: its content stays.
// Returns "" or a sentence that says what stayed, or that the system doesn't tell. Throws
// SystemError.
std::string EvictFile(const std::filesystem::path& file);

}  // namespace faultline
