// The line on standard error that tells a waiting person how far the run is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace faultline {

class Progress {
 public:
  // Of `steps`, which together take `effort`, in any unit. Silent unless `shown`.
  Progress(std::uint64_t steps, double effort, bool shown);
  ~Progress();

  // From now on there are `steps`, of work that finds out as it goes how many it has.
  void Expect(std::uint64_t steps) { steps_ = steps; }

  void Say(const std::string& text);  // before the first step: what is being prepared
  void Begin(const std::string& step);
  // `found`: what the step found, in a few words.
  void End(const std::string& found, double effort = 1);
  // The same of work whose number of steps nobody knows: `head` says how far it is ("round 3").
  void Show(const std::string& head, const std::string& step, std::optional<double> left_seconds);
  void Clear();  // removes the line; the destructor does it too

 private:
  void Draw(const std::string& text);

  std::uint64_t steps_;
  double effort_;
  std::uint64_t done_ = 0;
  double effort_done_ = 0;
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point started_;
  std::string last_;  // what the latest step found
};

// "[HEAD] STEP, last 12.3 ns/op, 1 min 5 s left", cut to `columns`.
std::string ProgressLine(const std::string& head, const std::string& step, const std::string& last,
                         std::optional<double> left_seconds, std::uint64_t columns);

}  // namespace faultline
