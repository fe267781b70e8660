// The results of many power cuts: the document that tools read (docs/documents.md) and the table
// for people.
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

// A line a row, and what the words mean.
std::string PowerCutTable(const PowerCutSpec& spec, const std::vector<PowerCutRow>& rows);

}  // namespace faultline
