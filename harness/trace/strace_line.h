// One line of strace's output: what stands before the call, and what kind of line it is.
//
//   [pid 18790<sqlite3>] 23:51:30.384552 (+     0.000028) [ 257] [00007fd584528b1d] openat(…
//   18790<sqlite3>       1795412201.0514                              <... read resumed>…
//
// Every part is optional, and each version prints them in this order.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline {

// What a line says of when its call began.
struct StraceTime {
  std::optional<std::uint64_t> clock_ns;       // since 1970, or since midnight
  std::optional<std::uint64_t> difference_ns;  // since the line before

  // Times since 1970 are beyond any time of a day.
  static constexpr std::uint64_t kDayNs = std::uint64_t{86'400} * 1'000'000'000;
  static constexpr std::uint64_t kLeastEpochNs = 100 * kDayNs;
};

struct StraceLine {
  enum class Kind {
    kCall,        // `text` begins with "name("; the call may go on in another line
    kResumed,     // `name` is the call's, `text` the rest of it: "…) = result"
    kExited,      // the thread is gone
    kSuperseded,  // likewise, and the thread `other` goes on under this one's number
    kSignal,
    kAttached,  // strace says so of the thread `other`, whose lines follow
    kOwn,       // other words of strace: tables, stacks, messages
    kEmpty,
    kForeign,  // not of strace by itself: a part of a call that others interrupted, or their words
  };
  Kind kind = Kind::kForeign;
  std::uint32_t thread = 0;  // 0 where the line names none
  std::uint32_t other = 0;
  StraceTime time;
  std::string_view name;
  std::string_view text;
};

StraceLine ParseStraceLine(std::string_view line);

// The clock of one text.
class StraceClock {
 public:
  // When the line's call began, in ns since 1970, since some midnight or since the text's
  // beginning; absent for a line without time. To be called for each line in turn.
  std::optional<std::uint64_t> Next(const StraceTime& time);

  // Whether times of other texts can be compared with these, as far as it was asked.
  bool absolute() const { return absolute_; }

 private:
  bool absolute_ = false;
  std::uint64_t day_ns_ = 0;  // of a clock that begins anew at midnight
  std::uint64_t now_ns_ = 0;
};

}  // namespace faultline
