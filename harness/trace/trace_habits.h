// What a trace says of how its program moves bytes, and of what the trace may lack.
#pragma once

#include <string>

#include "harness/trace/trace_scan.h"

namespace faultline {

// "12 of 13 transfers go past the page cache (O_DIRECT); …": what is unlike plain reads and writes;
// "" for a trace in which nothing is.
std::string HowMoved(const TraceScan& scan);

// Why a tenth of what the program moved, or more, may be missing from the trace; "" where that
// can't be.
std::string MayLack(const TraceScan& scan);

// Reads and writes by calls and requests.
std::uint64_t TransfersOf(const TraceScan& scan);

}  // namespace faultline
