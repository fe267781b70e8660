// What a program may need of its file I/O, and which trials may be judged for that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/decide/regime.h"
#include "harness/document/run.h"

namespace faultline {

// Why a trial under an open load takes part in no comparison of times.
inline constexpr std::string_view kOpenLoadIsNoCost =
    "open load: its operations were due at given times, so what they took in all is no cost";

// What a program needs, and by which figure strategies are ranked for it. Strategies are compared
// only among those that promise the same.
struct Need {
  enum class Kind {
    kOwnFlushes,  // the workload flushes where it needs it: accepted time, which has its flushes in
                  // it, of strategies that add none
    kReads,       // the workload changes nothing; accepted time of all that store
    kReturned,    // the calls have returned; accepted time of strategies durable after a flush
    kFlushedAtEnd,  // one flush at the end, and that is waited for; their durable time
    kEvery,         // durable after every `every` updates of a session; durable time of those
  };

  Kind kind = Kind::kReads;
  std::uint64_t every = 0;

  bool operator==(const Need&) const = default;
};

// What users of the workload may need: one thing for a workload that changes nothing; its own
// flushes for one that has some, and what its strategies do beyond; else calls that return, a flush
// at the end, a flush after every update, and after as many as the run has strategies for.
std::vector<Need> NeedsOf(const document::Run& run, const std::string& workload);

// Whether the trial's strategy promises exactly that.
bool Gives(const document::Trial& trial, const Need& need);

// The figure that counts for the need, by its name in the document.
std::string FigureOf(const Need& need);

// Why its figures for the need are in no ranking, or "".
std::string WhyLeftOut(const document::Trial& trial, const Need& need);

// What the judge says of those trials of the regime that give what is needed and have figures.
verdict::GroupRanking RankingFor(const Regime& regime, const Need& need);

}  // namespace faultline
