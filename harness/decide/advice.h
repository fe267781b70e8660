// Which strategy a program should use, as far as a run tells: a pure function of the loaded
// document.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/decide/loaded_run.h"
#include "harness/decide/need.h"
#include "harness/decide/time_change.h"

namespace faultline {

// A strategy whose figures may be judged, in one regime.
struct Contender {
  std::string strategy;
  Estimate ns;                                 // per operation, of the need's figure
  std::optional<Estimate> peak_bytes;          // resident at most
  std::optional<Estimate> limited_peak_bytes;  // charged to its memory limit at most
  std::optional<Estimate> written_per_byte;    // device bytes written for each byte changed
};

// Whether the advice would be the same in another regime of the same workload.
struct Elsewhere {
  std::string where;   // "cache streamed, 2 threads": what is different there
  bool flips = false;  // the best one here is beyond the noise slower than the best one there
  std::string best;    // there
  std::optional<Estimate> ratio;  // of the best one's here to the best one's there, where it flips
};

struct Answer {
  enum class Today {
    kUnnamed,      // nobody said what the program does today
    kBest,         // it is the best one
    kWithinNoise,  // of the best one, or undecided
    kSlower,
    kOtherPromise,  // it promises something else, so it isn't compared
    kNotJudged,     // not measured here, or its figures count for nothing
  };

  Need need;
  std::string workload;
  std::string regime;            // in words
  bool measured = false;         // there, with or without figures that may be judged
  std::string unlike_the_first;  // what is different from the regime of the workload's first answer
  std::vector<Contender> ranked;  // fastest first; the first one is the best. With fewer than two
                                  // there is nothing to choose from
  std::vector<std::string> tied;  // others that can't be told from it
  std::string runner_up;          // the fastest one that can be told from it, or ""
  std::optional<Estimate> lead;   // the runner-up's time : the best one's
  Today today = Today::kUnnamed;
  std::optional<Contender> today_figures;
  std::optional<Estimate> gain;  // today's time : the best one's
  std::vector<Elsewhere> elsewhere;

  bool advised() const { return ranked.size() >= 2; }
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
  std::string machine;  // in words
  std::string today;    // spec, or ""
  std::optional<double> noise_factor;
  std::vector<std::string> warnings;
  std::vector<WorkloadAdvice> workloads;
  std::vector<std::string> not_measured;  // what the run holds constant
  // Of a run that Faultline chose itself, known to whoever chose it: how today's strategy was
  // concluded ("" unless it was), strategies that are no part of the run, with the reason, and what
  // else was chosen, a sentence each.
  std::string today_why;
  std::vector<std::pair<std::string, std::string>> not_candidates;
  std::vector<std::string> choices;
};

// `today`: the spec of what the program does today; "" for read-write where the run has it. Throws
// UsageError for a strategy or `workload` ("" for all) that the run doesn't have.
Advice Advise(const LoadedRun& run, const std::string& today, const std::string& workload);

}  // namespace faultline
