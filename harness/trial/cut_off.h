// Cuts off repetitions that are far slower than others: how long each is waited for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/clock.h"
#include "harness/trial/measurement.h"

namespace faultline {

// How long a repetition may take before it is given up, where that is less than its timeouts allow.
struct Deadlines {
  // Of its open, first and steady phases together: one that takes longer is cut off, which is no
  // failure.
  std::optional<double> accepted_seconds;
  std::string reason;  // for the cut, in words
  // After it no phase is waited for: the repetition is interrupted.
  std::optional<SteadyClock::time_point> end;
};

// Trials of the same work side by side. What has not even returned after `beaten_by` times the time
// in which another was durable is beaten by both figures, so its repetition is cut off; with two of
// these a trial isn't run again.
class CutOffPolicy {
 public:
  static constexpr double kBeatenBy = 20;
  static constexpr double kLeastSeconds = 2;  // below that anything may be a moment of bad luck
  static constexpr std::uint64_t kMostCutOffs = 2;

  explicit CutOffPolicy(double beaten_by = kBeatenBy) : beaten_by_(beaten_by) {}

  double beaten_by() const { return beaten_by_; }
  bool known() const { return fastest_seconds_.has_value(); }

  // To be called with every finished repetition.
  void Note(const Measurement& measurement);

  // Sets what the repetitions so far allow; leaves `end` alone.
  void Limit(Deadlines& deadlines) const;

 private:
  double beaten_by_;
  std::optional<double> fastest_seconds_;
};

}  // namespace faultline
