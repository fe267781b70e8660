#include "harness/trial/cut_off.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultline {

void CutOffPolicy::Note(const Measurement& measurement) {
  if (!HasFigures(measurement.status)) return;
  // What stores nothing is no measure, and is not verified.
  if (measurement.verified != true || !measurement.elapsed_seconds) return;
  const double seconds = *measurement.elapsed_seconds;
  fastest_seconds_ = std::min(seconds, fastest_seconds_.value_or(seconds));
}

void CutOffPolicy::Limit(Deadlines& deadlines) const {
  if (!fastest_seconds_) return;
  deadlines.accepted_seconds = std::max(kLeastSeconds, beaten_by_ * *fastest_seconds_);
  deadlines.reason =
      fmt::format("the fastest was durable after {}", FormatSeconds(*fastest_seconds_));
}

}  // namespace faultline
