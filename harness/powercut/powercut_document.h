// The results of many power cuts as the document that tools read (docs/documents.md).
#pragma once

#include <string>
#include <vector>

#include "harness/powercut/powercut.h"

namespace faultline {

struct PowerCutRow {
  std::string strategy;  // spec
  Instant instant = Instant::kDuring;
  CutResult result;
};

// The document as JSON text with a line break at its end. `spec` is what the rows have in common.
std::string PowerCutDocument(const PowerCutSpec& spec, const os::Facts& environment,
                             const std::vector<PowerCutRow>& rows, bool complete);

}  // namespace faultline
