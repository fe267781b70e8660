// Filling and reading a strategy's own storage in a process of its own: what a storage engine does
// then is neither timed nor counted, and its crash is reported.
#pragma once

#include "faultline/error.h"
#include "harness/record/dataset.h"
#include "strategies/strategy_choice.h"

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

// Has a child process do the step; nothing for a strategy that works on the data file itself.
// Returns false when the user interrupted. Throws, naming the step, UnsupportedError, StorageError
// (also for a crash), and Error for more than `timeout_seconds` of silence. REQUIRES: a
// single-threaded process.
bool MoveRecords(StorageStep step, const StrategyChoice& strategy, const DatasetFile& file,
                 double timeout_seconds);

// Removes the strategy's own storage with it, if it has such.
class DiscardedStorage {
 public:
  DiscardedStorage(StrategyChoice strategy, DatasetFile file);
  DiscardedStorage(const DiscardedStorage&) = delete;
  DiscardedStorage& operator=(const DiscardedStorage&) = delete;
  ~DiscardedStorage();

 private:
  StrategyChoice strategy_;
  DatasetFile file_;
};

}  // namespace faultline
