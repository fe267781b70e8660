// The steady clock, and its times as numbers. All inline: code that runs while something is timed
// uses them too.
#pragma once

#include <chrono>
#include <cstdint>

namespace faultline {

using SteadyClock = std::chrono::steady_clock;

inline double Seconds(SteadyClock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

template <class Rep, class Period>
constexpr std::int64_t Nanoseconds(std::chrono::duration<Rep, Period> duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

inline SteadyClock::duration DurationOf(double seconds) {
  return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
}

inline double SecondsSince(SteadyClock::time_point start) {
  return Seconds(SteadyClock::now() - start);
}

inline std::int64_t NanosecondsSince(SteadyClock::time_point start) {
  return Nanoseconds(SteadyClock::now() - start);
}

// What the clock shows, which is the same in all processes of the machine.
inline double SteadyNowSeconds() { return Seconds(SteadyClock::now().time_since_epoch()); }
inline std::uint64_t SteadyNowNs() {
  return static_cast<std::uint64_t>(Nanoseconds(SteadyClock::now().time_since_epoch()));
}

// What the clock shows that counts from 1970, and that may be set.
inline std::uint64_t SystemNowNs() {
  return static_cast<std::uint64_t>(
      Nanoseconds(std::chrono::system_clock::now().time_since_epoch()));
}

// What 1970's clock shows where the steady one shows 0, by what both show now.
inline std::uint64_t SteadyEpochNs() {
  constexpr int kTries = 16;
  std::uint64_t epoch_ns = 0;
  std::uint64_t least_ns = ~std::uint64_t{0};
  // A process that waits for its processor between two looks would see them far apart.
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t before_ns = SteadyNowNs();
    const std::uint64_t now_ns = SystemNowNs();
    const std::uint64_t took_ns = SteadyNowNs() - before_ns;
    if (took_ns >= least_ns) continue;
    least_ns = took_ns;
    epoch_ns = now_ns - before_ns - took_ns / 2;
  }
  return epoch_ns;
}

}  // namespace faultline
