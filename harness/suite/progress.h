// The line on standard error that tells a waiting person how far the run is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/trial/measurement.h"

namespace faultline {

class Progress {
 public:
  // Silent unless `shown`.
  Progress(std::uint64_t repetitions, bool shown);
  ~Progress();

  void Say(const std::string& text);  // before the first repetition: what is being prepared
  void Begin(const std::string& trial);
  void End(const Measurement& measurement);

 private:
  void Draw(const std::string& text);

  std::uint64_t repetitions_;
  std::uint64_t done_ = 0;
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point started_;
  std::string last_;  // what the latest repetition found
};

// "[3/40] TRIAL, last 12.3 ns/op, 1 min 5 s left", cut to `columns`. `left_seconds` < 0: not known
// yet.
std::string ProgressLine(std::uint64_t done, std::uint64_t all, const std::string& trial,
                         const std::string& last, double left_seconds, std::uint64_t columns);

}  // namespace faultline
