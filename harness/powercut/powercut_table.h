// The results of many power cuts as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "harness/powercut/powercut_document.h"

namespace faultline {

// A block for each strategy with a line for each instant, and below a line what went wrong there.
// At most 80 columns as long as no row has a million updates. `spec` is what the rows have in
// common.
std::string PowerCutTable(const PowerCutSpec& spec, const std::vector<PowerCutRow>& rows);

}  // namespace faultline
