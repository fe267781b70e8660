// Plans the run that shows which strategy a recorded program should use.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/suite/settings.h"

namespace faultline {

struct TraceScan;

// What a recorded program does today, as far as its trace tells.
struct TraceBaseline {
  StrategyChoice strategy;
  std::string why;  // "6,011 of its 6,020 accesses are calls"
};

// Calls are read-write, page faults of mappings mmap-view: whichever is more. Calls that go past
// the page cache, if those are most, are direct; io-uring with as many in flight if they are
// awaited later.
TraceBaseline BaselineOf(const TraceScan& scan);

struct TraceRun {
  std::vector<PlannedTrial> trials;  // the baseline first
  TraceBaseline baseline;            // what the program does today
  // Strategies that aren't part of it, and why.
  std::vector<std::pair<std::string, std::string>> not_candidates;
  std::vector<std::string> notes;  // what else was chosen, and why: a sentence each
};

// The trials of `trace` with the baseline and, unless `given` names them, all strategies that can
// express it, keep its flushes, add none, and don't wait for the device at each operation. One pass
// each. `baseline`: a spec, or "" for what BaselineOf says. `given` outweighs what is chosen here:
// the page cache as the files' writer leaves it where the program wrote most of them itself. Throws
// UsageError, also for a setting in `given` that advise doesn't take, and what ScanTrace throws.
TraceRun PlanTraceRun(const std::filesystem::path& trace, const std::string& baseline,
                      const Settings& given, const std::filesystem::path& directory);

}  // namespace faultline
