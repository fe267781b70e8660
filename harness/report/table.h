// The results as people read them on a terminal, and as comma-separated values.
#pragma once

#include <string>

#include "harness/report/group.h"
#include "harness/report/run_document.h"

namespace faultline {

// A table for each group of comparable trials (equal in all but the strategy), the harness's own
// cost beside it, and the conclusions that the figures carry.
std::string ResultTable(const RunDocument& document);

// A header line and a line per trial; an empty field where there is no figure. Fields are quoted as
// RFC 4180 says.
std::string ResultCsv(const RunDocument& document);

// "1.23 [1.20 1.30]", "~1.23 [1.20 1.30]" if `disturbed`, "-" for nothing.
std::string FormatEstimate(const std::optional<Estimate>& estimate, bool disturbed);

}  // namespace faultline
