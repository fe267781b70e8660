// Whether two runs may be compared: what of machine, data and trials has to be equal.
#pragma once

#include <string>
#include <vector>

#include "harness/document/run.h"

namespace faultline {

struct Comparability {
  // What makes their figures incomparable, each in words with both values: another processor,
  // memory, storage or build type, and parameters of trials with the same id.
  std::vector<std::string> differences;
  // What differs without that, and may be what was changed on purpose: kernel, settings, version.
  std::vector<std::string> notes;
};

// Facts that only one of the runs states are notes.
Comparability CheckComparable(const document::Run& before, const document::Run& after);

// What two trials of one id differ in, each as "records 1000 against 2000"; empty if they may be
// compared. A parameter that only one document states counts as equal: later versions add some.
std::vector<std::string> TrialDifferences(const document::Trial& before,
                                          const document::Trial& after);

}  // namespace faultline
