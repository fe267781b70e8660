// The figures that strategies are compared by, as documents name them.
#pragma once

#include <span>
#include <string_view>

#include "harness/verdict/comparison.h"

namespace faultline {

// Less is better in all of them.
struct FigureInfo {
  const char* name;  // in the run document
  const char* word;  // for people
  bool counted;      // a count of the process's own: fewer or more, not faster or slower
  bool bytes = false;
};

// Times until the calls had returned, until everything was durable, of the passes after the first;
// percentiles of the latency; and what the kernel counts for the process itself. Counters of a
// whole device are none of them, as others move them too.
std::span<const FigureInfo> JudgedFigures();

// nullptr for a name that is none of them.
const FigureInfo* FindFigure(std::string_view name);

// "faster", "fewer", "tied", …
std::string_view VerdictWord(verdict::Verdict verdict, const FigureInfo& figure);

}  // namespace faultline
