// A log of the operations that a strategy has begun, and of those that it has acknowledged as
// durable. It is in shared memory: another process reads it however the first one is stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "harness/os/channel.h"
#include "harness/os/file_mapping.h"

namespace faultline {

// What a log said at one moment.
struct LoggedRun {
  std::uint64_t issued = 0;              // operations that were begun
  std::uint64_t acknowledged = 0;        // of them, the first ones, as durable
  std::vector<std::uint64_t> issued_ns;  // when each was begun, by the steady clock
};

// Written by one process, read by another.
class RunLog {
 public:
  // For a plan of `operations`. Throws SystemError.
  explicit RunLog(std::uint64_t operations);

  // The log at the channel's other end, which must call SendTo.
  explicit RunLog(os::Channel& channel);
  void SendTo(os::Channel& channel) const { mapping_.SendTo(channel); }

  // `now_ns`: of the steady clock.
  void Issue(std::uint64_t sequence, std::uint64_t now_ns);  // before the operation's first access
  void Acknowledge(std::uint64_t operations);  // after the call that made them durable returned

  std::uint64_t issued() const;
  LoggedRun Read() const;

 private:
  struct Counts {
    std::atomic<std::uint64_t> issued;
    std::atomic<std::uint64_t> acknowledged;
  };
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "another process sees no lock");

  Counts& counts() const { return *reinterpret_cast<Counts*>(view_.data()); }
  std::uint64_t* times() const {
    return reinterpret_cast<std::uint64_t*>(view_.data() + sizeof(Counts));
  }

  os::FileMapping mapping_;
  os::View view_;
};

}  // namespace faultline
