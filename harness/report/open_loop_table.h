// The results of trials under an open load, as people read them on a terminal: how long operations
// took from when they were due, and whether the rate was kept. Their time is no cost to rank by.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/report/run_document.h"

namespace faultline {

// The heads of OpenLoopCells.
std::vector<std::string> OpenLoopHeads();

// The trial's strategy, rate, share of late operations, and latencies: of all repetitions without
// interference together, or of all where its figures have some in them. "-" where there is no
// figure.
std::vector<std::string> OpenLoopCells(const RunDocument& document, std::size_t trial);

// A line for each trial that didn't keep its rate, and one on how late the harness itself was; each
// ends in a newline.
std::string OpenLoopRemarks(const RunDocument& document, const std::vector<std::size_t>& group);

}  // namespace faultline
