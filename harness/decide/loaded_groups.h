// The groups and comparisons of a run document, read back.
#pragma once

#include <vector>

#include "harness/decide/json_place.h"
#include "harness/decide/loaded_run.h"

namespace faultline {

// What the judge said of each group, by the members "groups" and "comparisons" of `root`. Figures
// that this version doesn't know are passed over. Throws UsageError, with the place, for what
// contradicts itself or `trials`: a group or strategy that they don't have, a verdict that its
// interval doesn't bear out.
std::vector<verdict::JudgedGroup> ReadGroups(const JsonPlace& root,
                                             const std::vector<LoadedTrial>& trials);

}  // namespace faultline
