// The results of many power cuts as the document for tools (harness/document/powercut.h).
#pragma once

#include <string>
#include <vector>

#include "harness/document/powercut.h"
#include "harness/powercut/powercut.h"

namespace faultline {

struct PowerCutRow {
  StrategyChoice strategy;
  Instant instant = Instant::kDuring;
  CutResult result;
};

// `spec` is what the rows have in common.
document::PowerCuts DocumentOf(const PowerCutSpec& spec, const os::Facts& environment,
                               const std::vector<PowerCutRow>& rows, bool complete);

}  // namespace faultline
