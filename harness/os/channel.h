// A two-way stream of text lines between two processes, over which handles can be passed too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faultline/system_error.h"
#include "harness/base/clock.h"

namespace faultline::os {

// One end. Move-only; closed by the destructor. One thread at a time.
class Channel {
 public:
  using Deadline = SteadyClock::time_point;

  enum class Result { kLine, kClosed, kTimedOut, kInterrupted };

  Channel() = default;
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&& other) noexcept;
  ~Channel();

  // Two connected ends.
  static std::pair<Channel, Channel> Pair();

  bool is_open() const { return handle_ != -1; }

  // Sends `line` (without line breaks and zero bytes, or it throws kInvalid) and a line break,
  // whole. Returns false if the other end is gone; never raises a signal.
  bool SendLine(std::string_view line);

  // The next line, without its break. kClosed when the other end is gone and nothing is left;
  // kInterrupted when the user asked to stop (interruption.h) before a line came. Throws Error when
  // a handle is what comes next.
  Result ReceiveLine(std::string& line, std::optional<Deadline> deadline = std::nullopt);

  // Handles of the system. Lines and handles arrive in the one order in which they were sent, and
  // are to be received in it. Throws SystemError, and Error when a line comes next, or nothing
  // more.
  void SendHandle(std::intptr_t handle);
  std::intptr_t ReceiveHandle();  // owned by the caller

  // Tells the other end that nothing more will come: it receives kClosed, also while other
  // processes have inherited this end.
  void EndSending();

  void Close();

 private:
  explicit Channel(std::intptr_t handle) : handle_(handle) {}

  // Receives what there is into the members below. kLine when something came.
  Result Receive(std::optional<Deadline> deadline);

  std::intptr_t handle_ = -1;
  std::string buffered_;                // received and not yet asked for
  std::vector<std::intptr_t> handles_;  // likewise, one for each mark of a handle in `buffered_`
};

// `seconds` from now.
inline Channel::Deadline DeadlineIn(double seconds) {
  return SteadyClock::now() + DurationOf(seconds);
}

}  // namespace faultline::os
