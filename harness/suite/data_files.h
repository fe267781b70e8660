// What the trials of a run share on the disk: their data files, and what each memory limit did to
// one of them.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <set>

#include "harness/record/dataset.h"
#include "harness/trial/trial.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// The data files of trials, made when needed. Not thread-safe.
class DataFiles {
 public:
  // What becomes of those that were not there before.
  enum class NewFiles {
    kStay,  // for the next run
    // Are removed when too many bytes of them have gathered, the least recently used first, and at
    // the end: for a search, which meets dozens of geometries.
    kGo,
  };

  explicit DataFiles(NewFiles new_files) : new_files_(new_files) {}
  DataFiles(const DataFiles&) = delete;
  DataFiles& operator=(const DataFiles&) = delete;
  ~DataFiles();

  // The trial's data, valid until the next call. Throws as Dataset::Prepare, which asks `go_on`.
  const Dataset& Of(const TrialSpec& spec, const std::function<bool()>& go_on = {});

 private:
  struct Entry {
    Dataset dataset;
    bool goes = false;
  };

  static void Drop(const Entry& entry);
  void MakeRoom();

  NewFiles new_files_;
  std::list<Entry> entries_;  // the most recently used first
};

// Tries each memory limit of a run once.
class LimitTrials {
 public:
  // What `limit_bytes` did to a process that read this data under it. Nothing where limits can't be
  // set, or this one was tried before.
  std::optional<LimitProof> TryOnce(std::uint64_t limit_bytes, const Dataset& dataset);

 private:
  std::set<std::uint64_t> tried_;
};

}  // namespace faultline
