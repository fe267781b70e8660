// What happened in a step, in words that follow from what was counted and from nothing else: so
// they are true of whatever system it happened on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/walk/walk.h"

namespace faultline {

// One to three sentences about a step that was taken. Pure.
std::string StepSentence(WalkKind kind, std::uint64_t object_bytes, const WalkStep& step);

// "1 page", "2,048 pages".
std::string CountOf(std::uint64_t count, std::string_view noun);

}  // namespace faultline
