// Advice: which strategy a program should use, by the evidence of a run. A pure function of the
// loaded document.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/decide/need.h"
#include "harness/document/run.h"
#include "harness/verdict/group.h"

namespace faultline {

// A strategy with figures, in one regime.
struct Contender {
  std::string strategy;                        // its title
  Estimate ns;                                 // per operation, of the need's figure
  std::optional<Estimate> peak_bytes;          // resident at most
  std::optional<Estimate> limited_peak_bytes;  // charged to its memory limit at most
  std::optional<Estimate> written_per_byte;    // device bytes written for each byte changed
};

// Whether the advice would be the same in another regime of the same workload.
struct Elsewhere {
  enum class Outcome {
    kHolds,         // the leader here leads there, or is tied with who does
    kFlips,         // it is slower there than another one
    kInconclusive,  // it may be
  };

  std::string where;  // "cache streamed, 2 threads": what is different there
  Outcome outcome = Outcome::kHolds;
  std::string best;                          // the leader there
  std::optional<verdict::Comparison> ahead;  // the leader there against the one here, if it flips
};

// What the program of a trace saves as a whole. Seconds throughout.
struct ProgramGain {
  double seconds = 0;      // that the program ran
  bool recorded = false;   // while it was recorded, which takes longer than without
  double io_seconds = 0;   // that all its accesses take by the baseline here
  Estimate saved_seconds;  // of these by the leader; below 0 where that takes longer
};

struct Answer {
  // How the baseline stands to the leader.
  enum class Standing {
    kNone,  // there is no baseline, or nothing to choose from
    kLeads,
    kTied,
    kSlower,
    kInconclusive,
    kOtherPromise,  // it promises something else, so it isn't compared
    kNotMeasured,   // it has no usable figure here
  };

  Need need;
  std::string workload;
  std::string group;             // the regime's title in the document
  std::string regime;            // in words
  bool measured = false;         // there, with or without usable figures
  std::string unlike_the_first;  // what is different from the regime of the workload's first answer
  std::vector<Contender> ranked;  // as the judge orders them, the leader first
  std::vector<std::string> tied;  // with the leader
  // May be as fast as the leader, or not: strategies with what is missing.
  std::vector<std::pair<std::string, std::string>> inconclusive;
  std::string runner_up;                    // the cheapest that is slower than the leader, or ""
  std::optional<verdict::Comparison> lead;  // the leader against it
  std::string baseline;                     // a strategy, or ""
  Standing standing = Standing::kNone;
  std::uint64_t baseline_rounds = 0;  // usable repetitions of it here
  std::optional<Contender> baseline_figures;
  std::optional<verdict::Comparison> gain;  // the leader against the baseline
  std::optional<ProgramGain> program;       // set by AddProgramGain
  std::vector<Elsewhere> elsewhere;

  // Whether the judge told the leader from any other one, or tied it with one.
  bool advised() const { return !tied.empty() || !runner_up.empty(); }
  const Contender& best() const { return ranked.front(); }
};

struct WorkloadAdvice {
  std::string workload;
  std::map<std::string, std::string> replay;  // facts of a replayed trace, by name; else empty
  std::vector<Answer> answers;
  // Strategies in the answers that store zeros where the replay discards: the file system has less
  // to do for them, and keeps the space.
  std::vector<std::string> keeps_storage;
  // Strategies in the answers' regimes whose figures may not be judged, and why.
  std::vector<std::pair<std::string, std::string>> left_out;
};

struct Advice {
  std::string run;
  std::string machine;   // in words
  std::string baseline;  // what all groups are compared with; "" where they differ
  bool judged_anew = false;
  std::vector<std::string> warnings;
  std::vector<WorkloadAdvice> workloads;
  std::vector<std::string> not_measured;  // what the run holds constant
  // Of a run that Faultline planned by a trace, set by the caller: how the baseline was concluded
  // ("" unless it was), strategies that are no part of the run, with the reason, and what else was
  // chosen, a sentence each.
  std::string baseline_why;
  std::vector<std::pair<std::string, std::string>> not_candidates;
  std::vector<std::string> choices;
};

// `baseline`: the strategy to compare with, what the program does today; "" for that of the run's
// groups. Throws UsageError for a strategy or `workload` ("" for all) that the run doesn't have.
Advice Advise(const document::Run& run, const std::string& baseline, const std::string& workload);

}  // namespace faultline
