// The process that is walked, and the one that shares its object: a child that creates, maps,
// touches, flushes, unmaps and frees as it is told, and does nothing else, so that what changes in
// it between two snapshots is caused by the step.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/os/child_process.h"
#include "harness/os/file_mapping.h"
#include "harness/walk/walk.h"

namespace faultline {

// The user asked to stop while a walk waited.
class WalkStopped final : public Error {
 public:
  using Error::Error;
};

// The parent's side. Every function throws Error with what went wrong there, also when the process
// ended, and WalkStopped. Move-only; the destructor ends the process. One thread.
class WalkedProcess {
 public:
  WalkedProcess();  // started; everything that its actions need has been used once

  std::int64_t id() const { return child_.id(); }

  // Creates the mapping object of `kind` there; `place` is the file, or the directory for a
  // temporary one; `bytes` as FileMapping's functions take it.
  ActionCost Create(WalkKind kind, const std::filesystem::path& place, std::uint64_t bytes);

  // A handle of this process to the object, for reading the state of its pages.
  os::FileMapping FetchObject();

  // Gives it the object instead of creating one.
  void Give(const os::FileMapping& object);

  // Maps a view of all of it, and tells where.
  ActionCost Map(std::uint64_t& address);

  // kLoad, kStore, kFlush, kUnmap, kFree.
  ActionCost Do(WalkAction action, const Touches& touches = {});

  void End();  // at once; no effect on one that has ended

 private:
  os::ChildProcess child_;
};

}  // namespace faultline
