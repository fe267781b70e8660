// Sentences about the steps of a walk. They follow from what was counted and from nothing else, so
// they are true on any system.
#pragma once

#include <cstdint>
#include <string>

#include "harness/walk/walk.h"

namespace faultline {

// One to three sentences about a step that was taken. Pure.
std::string StepSentence(WalkKind kind, std::uint64_t object_bytes, const WalkStep& step);

}  // namespace faultline
