// What a recorded program gains as a whole from what is advised on its accesses: these may be a
// small part of what it does.
#pragma once

#include <cstdint>
#include <string>

#include "harness/decide/advice.h"

namespace faultline {

// How long a program ran, in seconds; `recorded` if that was while it was recorded, which takes
// longer.
struct ProgramTime {
  double seconds = 0;
  bool recorded = false;
};

// Adds to each answer with figures of the baseline what the program saves of its time. `operations`
// are all accesses of the program, as they were replayed. REQUIRES: time.seconds > 0.
void AddProgramGain(const ProgramTime& time, std::uint64_t operations, Advice& advice);

// "I/O is 7.1 % of the program's 1.3 s, …"; "" where nothing is known.
std::string ProgramText(const Answer& answer);

}  // namespace faultline
