// One group of a run as text for a terminal: its table, and the lines below it.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "harness/record/dataset.h"
#include "harness/report/run_document.h"
#include "harness/report/table.h"

namespace faultline {

// What has to be explained below the tables.
struct Legend {
  bool closed = false;
  bool open_load = false;
  bool relative = false;
  bool tied = false;
  bool inconclusive = false;
  bool interference = false;
  bool memory = false;
  std::set<std::string> own_costs;  // strategies that show what the harness itself costs
  std::set<std::string> twins;      // "read-write#2"
  std::set<CacheState> states;
};

// Title, table, problems, answer and noise of the group of that place in the document; adds to
// `legend` what they use.
std::string GroupText(const RunDocument& document, std::size_t place, const RunCourse& course,
                      const TableStyle& style, Legend& legend);

}  // namespace faultline
