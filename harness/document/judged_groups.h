// Joins the members "groups" and "comparisons" of a run document, which are one thing to the judge.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/document/run.h"
#include "harness/json/json_place.h"
#include "harness/verdict/group.h"

namespace faultline::document {

// A comparison as documents have it, with the group that it is of.
struct GroupedComparison {
  std::string group;             // its title
  std::string said;              // the verdict in the figure's words: "faster", "fewer"
  verdict::GroupComparison one;  // a reader leaves its verdict to who knows the figure
};

// `one` with its verdict in words, in the group of that title.
GroupedComparison Grouped(const std::string& group, verdict::GroupComparison one);

// Those of all groups, in their order.
std::vector<GroupedComparison> ComparisonsOf(std::span<const verdict::JudgedGroup> groups);

// Puts the comparisons that were read with it into the groups of the run, and leaves out figures
// that this version doesn't know. `root` is the document. Throws UsageError, with the place, for
// what contradicts itself or the run's trials: a group or strategy that they don't have, a verdict
// that its interval doesn't bear out.
void TakeComparisons(const JsonPlace& root, const std::vector<GroupedComparison>& comparisons,
                     Run& run);

}  // namespace faultline::document
