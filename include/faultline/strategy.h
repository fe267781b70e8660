// The contract of an I/O strategy: what a newcomer reads first.
//
// A strategy is one file. It says what it is (StrategyInfo), opens the data file, and executes
// operations in sessions, one per thread. Most are written as an access class with four small
// inlinable functions, which `Synchronous` (synchronous.h) turns into a session; one that is
// batched by nature implements Session itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/data_file.h"
#include "faultline/observer.h"
#include "faultline/operation.h"
#include "faultline/options.h"
#include "faultline/registration.h"

// Ties a library to the program that these headers belong to. The build makes it, and installs it
// beside this file. The program itself, compiled with FAULTLINE_BUILDING, does without.
#ifndef FAULTLINE_BUILDING
#include "faultline/abi_tag.h"
#endif

namespace faultline {

// When an update is on stable storage.
enum class Durability {
  kNever,       // this strategy stores nothing
  kAfterFlush,  // after Strategy::Flush, or an operation of kind kFlush, returned; before that
                // nothing is promised
  kPeriodic,    // also after every n-th change of a session, where n is an option
};

// How a strategy of Durability::kPeriodic flushes by itself, by the names of its options.
struct PeriodicFlush {
  std::string every;      // a count, at least 1: changes of a session between two of its flushes
  std::string wait = {};  // a flag; where it is off, these flushes only start the writing, and what
                          // isn't asked for by a flush is not durable. "": they are waited for
};

struct Capabilities {
  bool threads = true;      // several sessions at once
  bool processes = true;    // several processes, each with an instance of its own, on the same file
  bool gives_back = false;  // what is discarded, to the file system
};

// A run of consecutive operations of one worker.
struct Batch {
  std::span<const Operation> operations;
  std::uint64_t first_sequence =
      0;  // number of the first of them in the worker's plan, over all passes
  // All of them are known to have the same kind and length, so that a loop needs nothing but their
  // offsets. false: nothing is known.
  bool uniform = false;
};

// What one thread executes operations through. Used by one thread at a time.
class Session {
 public:
  virtual ~Session() = default;

  // Executes the operations in order (or as if in order), with the effects of effect.h. When it
  // returns, reads are done, and changes are visible to any reader of the file after
  // Strategy::Flush. Latencies go to the observer as it asks. Throws Error.
  virtual void Execute(const Batch& batch, Observer& observer) = 0;

  // The sum of ReadEffect over all reads so far.
  std::uint64_t read_checksum() const { return read_checksum_; }

 protected:
  std::uint64_t read_checksum_ = 0;
};

// One strategy with its options, in one process. Its life: Open, sessions at work, Flush and Close
// (sessions idle, still alive), destruction. Not to be reopened. A destructor releases and never
// flushes or reports.
//
// Most strategies work on the data file itself. One that wraps a storage engine keeps the records
// in storage of its own beside it (StrategyInfo::own_storage): Import fills that from the data file
// before Open, Export brings the records back to the data file for verification, Discard removes
// it.
class Strategy {
 public:
  virtual ~Strategy() = default;

  // Throws UsageError when these options can't serve such a file, saying what to try. Touches
  // nothing.
  virtual void Check(const Geometry& geometry) const { static_cast<void>(geometry); }

  // Fills the strategy's own storage with the data file's records, replacing what is there; durable
  // when it returns. REQUIRES: the storage is not open. Throws Error, and UnsupportedError for
  // a file that it can't take.
  virtual void Import(const DatasetFile& file) const { static_cast<void>(file); }

  // Writes all records of the strategy's own storage to the data file, not durably; storage that
  // was left by a crash is put in order first. For an instance that is not open yet, closed, or
  // open with all sessions idle. Throws Error when the storage doesn't hold every record once; the
  // data file may have been written in part then.
  virtual void Export(const DatasetFile& file) const { static_cast<void>(file); }

  // Removes the strategy's own storage with all that belongs to it, as far as it is there.
  // REQUIRES: it is not open. Throws Error.
  virtual void Discard(const DatasetFile& file) const { static_cast<void>(file); }

  // Gets ready to serve the file, and its own storage. Throws Error when the file is missing, has
  // another size than its geometry says, or can't be written; the file is untouched then. A
  // strategy that can't do what its options ask fails here, and never falls back to something else.
  virtual void Open(const DatasetFile& file) = 0;

  // The strategy outlives its sessions. REQUIRES: opened, and no session executes meanwhile.
  virtual std::unique_ptr<Session> NewSession() = 0;

  // Returns when everything that sessions wrote is on stable storage. Throws Error.
  virtual void Flush() = 0;

  // Gives everything back without flushing; sessions must not execute afterwards. Throws Error.
  virtual void Close() = 0;

  // What was really done, by name: effective sizes, advice and its result, copies. Valid after
  // Open. `list`ed options that took effect as given need not be repeated.
  virtual std::map<std::string, std::string> Settings() const { return {}; }
};

struct StrategyInfo {
  static constexpr std::string_view kKind = "strategy";

  std::string name;     // "mmap-view": of the file mmap_view.cc and the class MmapView
  std::string summary;  // one line
  std::string calls;    // the system calls per record: "2 per update: pread, pwrite"
  // Of the record's bytes by the processor, between where the system or the device leaves them and
  // where an operation sees them.
  std::string copies = {};
  // How bytes become zeros, with the calls per run of neighbouring discards: "1: fallocate, storage
  // given back", "zeros are written".
  std::string discards = {};
  Durability durability = Durability::kAfterFlush;
  PeriodicFlush periodic_flush = {};  // of kPeriodic, and only of that
  Capabilities capabilities = {};
  std::string own_storage = {};  // what follows the data file's name in that of the file that holds
                                 // the records instead: ".sqlite"; "": the data file holds them
  // Whether sessions with these options work on several operations of a batch at a time: an open
  // loop hands them all that are due, and others one after the other. None: never.
  std::function<bool(const Options&)> batches = {};
  bool slow = false;  // each operation waits for the device or is a transaction: runs that name no
                      // strategy leave it out
  std::vector<OptionInfo> options = {};
  std::string unavailable = {};  // why it can't be had in this build, or ""
  std::function<std::unique_ptr<Strategy>(const Options&)> make;

  // Otherwise results can't be verified, since nothing is read or written.
  bool stores() const { return durability != Durability::kNever; }
};

extern template struct Registration<StrategyInfo>;  // compiled once, in the program

}  // namespace faultline
