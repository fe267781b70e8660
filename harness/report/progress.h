// Progress on standard error: on a terminal one line, always about the present and erased at the
// end; elsewhere, as in a log, a line now and then.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/clock.h"

namespace faultline {

class Progress {
 public:
  // Of `steps`, which together last `duration`, in any unit. Silent unless `shown`.
  Progress(std::uint64_t steps, double duration, bool shown);
  ~Progress();

  // From now on there are `steps`, of work that finds out as it goes how many it has.
  void Expect(std::uint64_t steps) { steps_ = steps; }

  void Say(const std::string& text);  // before the first step: what is being prepared
  // The same again, of work that goes on: for the line that there is now and then.
  void Remind();
  void Begin(const std::string& step);
  // `found`: what the step found, in a few words. `duration`: the step's own.
  void End(const std::string& found, double duration = 1);
  // The same of work whose number of steps isn't known: `head` says how far it is ("round 3").
  void Show(const std::string& head, const std::string& step, std::optional<double> left_seconds);
  void Clear();  // removes the line; the destructor does it too

 private:
  void Draw(const std::string& text);

  std::uint64_t steps_;
  double duration_;
  std::uint64_t done_ = 0;
  double duration_done_ = 0;
  bool shown_;
  bool terminal_;
  bool drawn_ = false;
  SteadyClock::time_point started_;
  SteadyClock::time_point last_line_;  // where lines stay
  std::string said_;
  std::string step_;
  std::string before_;  // the latest step that ended, and what it found
};

// "[HEAD] STEP, 1 min 5 s left (before: PREVIOUS STEP: WHAT IT FOUND)". Of fewer `columns` first
// what was before goes, then the step's end. `before` is "" for nothing.
std::string ProgressLine(const std::string& head, const std::string& step,
                         const std::string& before, std::optional<double> left_seconds,
                         std::uint64_t columns);

// Where lines stay: the shortest time between two.
inline constexpr std::chrono::seconds kBetweenProgressLines{30};

}  // namespace faultline
