// The comparison of two runs as people read it.
#pragma once

#include <string>

#include "harness/decide/run_comparison.h"

namespace faultline {

// For a terminal, in 80 columns but for names: a headline, a block for each trial, what limits the
// verdicts, and in the last line what came out.
std::string ComparisonTable(const RunComparison& comparison);

// The same as GitHub-flavoured Markdown, for a comment of continuous integration.
std::string ComparisonMarkdown(const RunComparison& comparison);

}  // namespace faultline
