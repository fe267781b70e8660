// The directories that a run makes, removed again if the run doesn't start.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/os/file_lock.h"

namespace faultline {

// Not thread-safe. The destructor removes what was made here and is empty, unless Keep was called.
class NewDirectories {
 public:
  NewDirectories() = default;
  NewDirectories(const NewDirectories&) = delete;
  NewDirectories& operator=(const NewDirectories&) = delete;
  ~NewDirectories();

  // Makes `directory`, and those above it, if need be. Throws UsageError when that or writing in it
  // is impossible, naming `option`, which chooses another.
  void Make(const std::filesystem::path& directory, const char* option);

  // Takes in a file that is about to be made, if it isn't there yet.
  void Add(const std::filesystem::path& file);

  void Keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;  // the last one is removed first
};

// The directories where a command works and where its results go: made if need be, the first locked
// against other runs, both removed again unless Keep was called.
class RunPlaces {
 public:
  // Throw UsageError, naming --directory or --output, when one can't be used. The first is for a
  // command without results.
  explicit RunPlaces(const std::filesystem::path& directory);
  RunPlaces(const std::filesystem::path& directory, const std::filesystem::path& output);

  void Keep() { made_.Keep(); }

 private:
  os::FileLock lock_;  // declared before `made_`, so that its file is removed while it is held
  NewDirectories made_;
};

}  // namespace faultline
