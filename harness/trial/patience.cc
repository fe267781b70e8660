#include "harness/trial/patience.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultline {

void Pace::Note(const Measurement& measurement) {
  if (measurement.status != Status::kOk && measurement.status != Status::kDisturbed) return;
  // What stores nothing is no measure, and is not verified.
  if (measurement.verified != true || !measurement.elapsed_seconds) return;
  const double seconds = *measurement.elapsed_seconds;
  fastest_seconds_ = std::min(seconds, fastest_seconds_.value_or(seconds));
}

void Pace::Limit(Patience& patience) const {
  if (!fastest_seconds_) return;
  patience.accepted_seconds = std::max(kLeastSeconds, beaten_by_ * *fastest_seconds_);
  patience.reason = Concat("the fastest was durable after ", FormatSeconds(*fastest_seconds_));
}

}  // namespace faultline
