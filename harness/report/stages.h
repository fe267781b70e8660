// The stages of a trial whose data is larger than its memory: what was true while the memory filled
// says nothing about what comes after.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/trial/timeline.h"

namespace faultline {

// The rows [first, last] of a timeline, from the moment of the first to that of the last.
struct Stage {
  double begin_seconds = 0;
  double end_seconds = 0;
  std::uint64_t operations = 0;
  double median_rate = 0;  // operations per second, of the timeline's intervals
  Counters totals;         // what the counters that are totals grew by

  double seconds() const { return end_seconds - begin_seconds; }
};

// filling: until memory is taken away from the trial for the first time; absent when it was from
// the first look on. stall: the longest time after that in which intervals had less than a tenth of
// the median rate of filling; absent when there is none. steady: what comes after filling, without
// the stall; absent when memory never was short.
struct Stages {
  std::optional<Stage> filling;
  std::optional<Stage> stall;
  std::optional<Stage> steady;
};

// Pages that may be taken away before it counts: the trial's start frees some.
inline constexpr std::uint64_t kFirstReclaimedPages = 256;

// Needs `reclaimed_pages` in the rows: without, and for fewer than three rows, nothing is known.
std::optional<Stages> FindStages(std::span<const TimelineRow> rows);

}  // namespace faultline
