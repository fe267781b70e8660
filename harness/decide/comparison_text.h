// The comparison of two runs as people read it.
#pragma once

#include <string>

#include "harness/decide/run_comparison.h"

namespace faultline {

// For a terminal: a headline, a block for each trial, then what limits the verdicts.
std::string ComparisonTable(const RunComparison& comparison);

// The same as GitHub-flavoured Markdown, for a comment of continuous integration.
std::string ComparisonMarkdown(const RunComparison& comparison);

}  // namespace faultline
