// Filling and reading a strategy's own storage in a process of its own: what a storage engine does
// then is neither timed nor counted, and its crash is reported.
#pragma once

#include <string>

#include "harness/base/error.h"
#include "harness/record/dataset.h"

namespace faultline {

enum class StorageStep {
  kImport,  // Strategy::Import
  kExport,  // Strategy::Export
};

// The strategy could not do its step: it reported an error, or crashed.
class StorageError final : public Error {
 public:
  using Error::Error;
};

// Whether the strategy of this spec keeps the records elsewhere than in the data file.
bool HasOwnStorage(const std::string& strategy, const DatasetFile& file);

// Has a child process do the step; nothing for a strategy that works on the data file itself.
// Returns false when the user interrupted. Throws, naming the step, UnsupportedError, StorageError
// (also for a crash), and Error for more than `timeout_seconds` of silence. REQUIRES: a
// single-threaded process.
bool MoveRecords(StorageStep step, const std::string& strategy, const DatasetFile& file,
                 double timeout_seconds);

// Removes the strategy's own storage with it.
class DiscardedStorage {
 public:
  DiscardedStorage(std::string strategy, DatasetFile file);
  DiscardedStorage(const DiscardedStorage&) = delete;
  DiscardedStorage& operator=(const DiscardedStorage&) = delete;
  ~DiscardedStorage();

 private:
  std::string strategy_;
  DatasetFile file_;
};

}  // namespace faultline
