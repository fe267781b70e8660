// Plans: the operations of a trial, decided by a seed before the clock starts and the same for
// every strategy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "faultline/error.h"
#include "faultline/operation.h"
#include "harness/record/geometry.h"

namespace faultline {

// Yields one worker's operations in order, in bounded memory: a plan of 10⁹ operations is never
// held as a whole.
class OperationStream {
 public:
  virtual ~OperationStream() = default;

  // Fills `into` from the front. Returns how many operations were written, fewer than asked only at
  // the end of the setup and of the stream; 0 only at the stream's end.
  virtual std::size_t Next(std::span<Operation> into) = 0;

  // Whether what Next wrote last is setup: what a pass begins with to have something to work on. It
  // is executed and verified like all else, before the pass's clock starts, and is none of its
  // operations.
  virtual bool IsSetup() const { return false; }

  // As Next, and writes beside each operation when it was recorded to begin: ns since the plan's
  // beginning, never less than of the one before. `due_ns` is as long as `into`. Throws Error where
  // nothing was recorded (Plan::RecordedNs).
  virtual std::size_t NextTimed(std::span<Operation> into, std::span<std::int64_t> due_ns) {
    static_cast<void>(into);
    static_cast<void>(due_ns);
    throw Error("this plan's operations have no recorded times");
  }
};

// Immutable; streams of it may be used by different threads.
class Plan {
 public:
  virtual ~Plan() = default;

  // A new stream of the operations of one worker, from the beginning; the same operations every
  // time. They touch only the share's own records, so that no two workers ever change the same
  // bytes.
  virtual std::unique_ptr<OperationStream> Stream(Share share) const = 0;

  // Whether its streams begin with setup.
  virtual bool HasSetup() const { return false; }

  // How long the operations took to begin when they were recorded, at most; nothing for a plan
  // without recorded times.
  virtual std::optional<std::int64_t> RecordedNs() const { return std::nullopt; }
};

}  // namespace faultline
