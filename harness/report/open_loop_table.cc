#include "harness/report/open_loop_table.h"

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/report/table.h"
#include "harness/verdict/estimate.h"

namespace faultline {
namespace {

// All repetitions together that the figures shown are from.
struct OpenTotals {
  bool interference = false;
  std::uint64_t operations = 0;
  std::uint64_t late_operations = 0;
  Histogram latency;
  Histogram harness_late;
  std::vector<double> intended;
  std::vector<double> achieved;
  std::uint64_t repetitions = 0;
  std::uint64_t not_kept = 0;  // of the repetitions
};

OpenTotals TotalsOf(const RunDocument& document, std::size_t trial) {
  OpenTotals totals;
  totals.interference = document.summary(trial).with_interference;
  for (const Measurement& repetition : document.repetitions(trial)) {
    const bool shown = repetition.status == Status::kOk ||
                       (totals.interference && repetition.status == Status::kInterference);
    if (!shown || !repetition.open_load || !repetition.latency) continue;
    const OpenLoopReport& load = *repetition.open_load;
    ++totals.repetitions;
    totals.operations += repetition.operations;
    totals.late_operations += load.late_operations;
    totals.latency.Merge(repetition.latency->histogram);
    totals.harness_late.Merge(load.harness_late);
    if (load.intended_rate) totals.intended.push_back(*load.intended_rate);
    if (load.achieved_rate) totals.achieved.push_back(*load.achieved_rate);
    totals.not_kept += load.RateKept() == false;
  }
  return totals;
}

}  // namespace

std::vector<std::string> OpenLoopHeads() {
  return {"strategy", "done/s", "late", "p50", "p90", "p99", "p99.9", "max"};
}

std::vector<std::string> OpenLoopCells(const RunDocument& document, std::size_t trial) {
  const OpenTotals totals = TotalsOf(document, trial);
  std::vector<std::string> cells = {StrategyTitle(document.trials()[trial])};
  if (totals.operations == 0) {
    cells.resize(OpenLoopHeads().size(), "-");
    return cells;
  }
  const std::optional<Estimate> achieved = EstimateMedian(totals.achieved);
  cells.push_back(achieved ? fmt::format("{}{}", totals.interference ? "~" : "",
                                         FormatSignificant(achieved->median))
                           : "-");
  cells.push_back(FormatShare(static_cast<double>(totals.late_operations),
                              static_cast<double>(totals.operations)));
  for (const double share : {0.5, 0.9, 0.99, 0.999}) {
    cells.push_back(FormatNs(static_cast<double>(totals.latency.Percentile(share))));
  }
  cells.push_back(FormatNs(static_cast<double>(totals.latency.maximum())));
  return cells;
}

std::string OpenLoopRemarks(const RunDocument& document, const std::vector<std::size_t>& group) {
  std::string text;
  Histogram harness_late;
  for (const std::size_t trial : group) {
    const OpenTotals totals = TotalsOf(document, trial);
    harness_late.Merge(totals.harness_late);
    if (totals.not_kept == 0) continue;
    const std::string line = fmt::format(
        "{}: the rate was not kept in {} of {}: {} of {} operations/s; its latencies are those of "
        "a queue that grows",
        StrategyTitle(document.trials()[trial]), FormatCount(totals.not_kept),
        CountOf(totals.repetitions, "repetition"),
        FormatEstimate(EstimateMedian(totals.achieved), totals.interference),
        FormatEstimate(EstimateMedian(totals.intended), false));
    text += Paragraph(line, 2, 4);
  }
  if (harness_late.samples() > 0) {
    const std::string line = fmt::format(
        "the harness itself began operations late, where the session was idle: p99 {}, at most {}",
        FormatNs(static_cast<double>(harness_late.Percentile(0.99))),
        FormatNs(static_cast<double>(harness_late.maximum())));
    text += Paragraph(line, 2, 4);
  }
  return text;
}

}  // namespace faultline
