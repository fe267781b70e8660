// The system calls of programs as the kernel tells them, one by one, without stopping the program:
// those that say all they are about in numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::os {

// A call, or its beginning or its end.
struct CallEvent {
  // kOpened: the end alone of a call that made descriptors, of those that Names() lacks.
  enum class Part { kBeginning, kEnd, kWhole, kOpened };

  // Since 1970. A whole call has the time of its beginning; one that gets a descriptor or memory,
  // which may have been in use for something else until then, that of its end.
  std::uint64_t time_ns = 0;
  std::uint32_t thread = 0;
  Part part = Part::kBeginning;
  std::int32_t number = 0;                      // the system's of the call
  std::array<std::uint64_t, 6> arguments = {};  // but of ends
  std::int64_t result = 0;                      // but of a beginning; the system's error below 0
};

// A call in the words of tracers: "fcntl", {"3", "F_SETFL", "O_APPEND"}, "0". Memory, names and
// other things that are behind addresses are "0".
struct CallWords {
  std::string_view name;
  std::vector<std::string> arguments;
  std::string result;
};

// Calls of what a tracer starts, itself a child of the calling thread that this starts from now on.
// One thread at a time.
class CallEvents {
 public:
  // Why they can't be watched here (no such events in the kernel, missing rights), or "".
  static std::string WhyUnavailable();

  // The names of the calls that are told.
  static std::vector<std::string_view> Names();

  // Throws UnsupportedError with that reason, and SystemError.
  CallEvents();
  ~CallEvents();

  // `process_id` is the tracer's. To be called once, when it was started: until then, and in a
  // container from then on too, there may be calls of itself and of the calling thread. Throws
  // SystemError.
  void LeaveOut(std::int64_t process_id);

  // Appends what came since the last time, nearly in order. To be called every few milliseconds:
  // there is room for some 400,000 calls; or where the kernel takes no programs for 10,000 of each
  // processor, and for 100,000 where there are few processors.
  void Take(std::vector<CallEvent>& into);

  std::uint64_t lost() const;     // calls so far, as there was no room
  std::uint64_t foreign() const;  // calls of programs of 32 bits, which are not told, so far

  // REQUIRES: `beginning` is one that Take gave, or a whole call.
  static void Describe(const CallEvent& beginning, std::int64_t result, CallWords& words);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace faultline::os
