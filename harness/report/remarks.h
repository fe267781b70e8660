// Remarks on single repetitions and control trials: for the progress line, the lines below the
// table, and a document's warnings.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/trial/measurement.h"
#include "harness/trial/trial.h"

namespace faultline {

// What the repetition found: "FAILED", "12.3 ns/op", "unsupported".
std::string ShortStatus(const Measurement& measurement);

// The kinds of interference that a repetition's reasons name, for the one line that counts them:
// "other processes used the processors", "others used the device", …
std::vector<std::string> InterferenceKinds(const std::string& reasons);

// Warns of page caches that could not be proved to be in the state asked for: once for each state,
// as what was found differs from one repetition to the next.
class CacheWarnings {
 public:
  // With the reason of this repetition; "" for one that was proved, and where it was told before.
  std::string Next(const Measurement& measurement);

 private:
  std::set<CacheState> told_;
};

// That the memory limit did not hold; or "".
std::string LimitWarning(const LimitProof& proof);

}  // namespace faultline
