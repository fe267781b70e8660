// The stages of a trial whose data is larger than its memory: what was true while the memory filled
// says nothing about what comes after.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/document/run.h"
#include "harness/trial/timeline.h"

namespace faultline {

// Pages that may be taken away before it counts: the trial's start frees some.
inline constexpr std::uint64_t kFirstReclaimedPages = 256;

// Needs `reclaimed_pages` in the rows: without, and for fewer than three rows, nothing is known.
std::optional<document::Stages> FindStages(std::span<const TimelineRow> rows);

}  // namespace faultline
