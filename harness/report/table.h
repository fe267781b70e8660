// The results as people read them on a terminal, and as comma-separated values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/columns.h"
#include "harness/report/group.h"
#include "harness/report/run_document.h"

namespace faultline {

// Why a run made no further round.
enum class RunEnd {
  kFixed,    // the user said how many
  kSettled,  // the judge wanted no more
  kBudget,   // the time was spent
  kInterrupted,
};

// How the run went, as far as its document doesn't tell.
struct RunCourse {
  RunEnd end = RunEnd::kFixed;
  std::vector<double> group_seconds;  // that each of the document's groups took; empty: not known
  double budget_seconds = 0;
  double precision = 1;              // that comparisons were to have, as a ratio
  std::size_t open_comparisons = 0;  // that don't have it
  std::uint64_t made_again = 0;      // repetitions, for interference
  std::string output;                // the folder of run.json, or "" where it isn't to be named
};

struct TableStyle {
  std::size_t columns = kTerminalColumns;  // of the terminal; fewer count as that
  bool colours = false;
  bool verbose = false;  // intervals, device bytes, and what interfered, too
};

// A table for each group of comparable trials (equal in all but the strategy), the best first, with
// the answer that the judge's verdicts give; then interference, warnings, and what to do next.
std::string ResultTable(const RunDocument& document, const RunCourse& course = {},
                        const TableStyle& style = {});

// A header line and a line per trial; an empty field where there is no figure. Fields are quoted as
// RFC 4180 says. Verdicts are those against the group's baseline.
std::string ResultCsv(const RunDocument& document);

// "1.23 [1.20 1.30]", "~1.23 [1.20 1.30]" with interference in it, "-" for nothing.
std::string FormatEstimate(const std::optional<Estimate>& estimate, bool with_interference);

// Time with three digits and its unit: "362 ns", "1.87 us", "4.20 ms", "1.50 s".
std::string FormatNs(double ns);

}  // namespace faultline
