#include "harness/report/new_directories.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <system_error>
#include <thread>

#include "faultline/error.h"
#include "faultline/file.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// How often a directory in use is asked for, at most.
constexpr int kAttempts = 40;
constexpr std::chrono::milliseconds kBetweenAttempts(25);

// Of `directory` and what is above it: what isn't there, the uppermost first.
std::vector<fs::path> Missing(const fs::path& directory) {
  std::vector<fs::path> missing;
  std::error_code error;
  fs::path at = fs::absolute(directory, error);
  while (!at.empty() && at != at.parent_path() && !fs::exists(at, error)) {
    missing.push_back(at);
    at = at.parent_path();
  }
  std::reverse(missing.begin(), missing.end());
  return missing;
}

}  // namespace

NewDirectories::~NewDirectories() {
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) {
    std::error_code not_empty;
    fs::remove(*path, not_empty);
  }
}

void NewDirectories::Make(const fs::path& directory, const char* option) {
  for (fs::path& missing : Missing(directory)) made_.push_back(std::move(missing));
  std::error_code error;
  fs::create_directories(directory, error);
  if (error || !fs::is_directory(directory, error)) {
    throw UsageError(fmt::format("can't make the directory {}: {}; choose another with {}",
                                 directory.string(),
                                 error ? error.message() : "something else has that name", option));
  }
  try {
    os::File::CreateTemporary(directory);
  } catch (const os::SystemError& refusal) {
    throw UsageError(fmt::format("{}; choose another directory with {}", refusal.what(), option));
  }
}

void NewDirectories::Add(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) made_.push_back(file);
}

RunPlaces::RunPlaces(const std::filesystem::path& directory) {
  made_.Make(directory, "--directory");
  const std::filesystem::path lock_file = directory / "faultline.lock";
  made_.Add(lock_file);
  // A run that was interrupted a moment ago may have processes that are not gone yet.
  for (int attempt = 0; !lock_.held() && attempt < kAttempts; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(kBetweenAttempts);
    lock_ = os::FileLock::TryAcquire(lock_file);
  }
  if (!lock_.held()) {
    throw UsageError(
        fmt::format("another run uses {}; wait for it, or choose another place with --directory",
                    directory.string()));
  }
}

RunPlaces::RunPlaces(const std::filesystem::path& directory, const std::filesystem::path& output)
    : RunPlaces(directory) {
  made_.Make(output, "--output");
}

}  // namespace faultline
