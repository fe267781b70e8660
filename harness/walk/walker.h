// Takes a process through the steps of a walk, and a snapshot of it before and after each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "harness/os/file_mapping.h"
#include "harness/walk/walk.h"
#include "harness/walk/walked_process.h"

namespace faultline {

struct WalkRequest {
  WalkKind kind = WalkKind::kMemory;
  std::filesystem::path place;  // the existing file; the directory of the temporary one
  std::uint64_t bytes = 0;      // of the object; for an existing file 0 means all of it
  std::string note;             // goes into the walk
};

// A walk in progress. An existing file is opened for reading only. The walked processes end with
// the walker; so does all that they made. One thread.
class Walker {
 public:
  // Starts the processes. Throws Error.
  explicit Walker(const WalkRequest& request);
  Walker(const Walker&) = delete;
  Walker& operator=(const Walker&) = delete;

  // With all steps planned from the start; those that were taken have their figures.
  const Walk& walk() const { return walk_; }
  std::size_t taken() const { return taken_; }
  bool finished() const { return taken_ == walk_.steps.size(); }

  // Takes the next step: a snapshot, the action, another snapshot. Throws Error, and WalkStopped
  // when the user asked to stop. REQUIRES: not finished().
  void TakeStep();

 private:
  ActionCost Act(const WalkStep& step);
  Snapshot TakeSnapshot() const;
  ViewPages ReadViewPages() const;

  WalkRequest request_;
  Walk walk_;
  std::size_t taken_ = 0;
  WalkedProcess
      sharer_;  // started first, so that the walked process is no copy of its parent twice
  WalkedProcess walked_;
  os::FileMapping object_;  // a handle of our own, for reading the state of its pages
  bool mapped_ = false;
  bool created_ = false;
  ActionCost so_far_;
};

// Any process as a walk of one step without an action: its map, and the pages of its views of files
// and memory objects. Throws SystemError: kNotFound, kDenied.
Walk ObserveProcess(std::int64_t process_id);

}  // namespace faultline
