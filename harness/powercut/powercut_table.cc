#include "harness/powercut/powercut_table.h"

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"

namespace faultline {
namespace {

// Impossible and unreadable records have no column but a line below, since most tables have none.
TableRow CellsOf(const PowerCutRow& row) {
  const CutTally& tally = row.result.tally;
  TableRow cells = {std::string(InstantName(row.instant))};
  if (tally.cuts == 0) return cells;
  cells.emplace_back(FormatCount(tally.updates));
  cells.emplace_back(FormatCount(tally.acknowledged));
  cells.emplace_back(
      FormatShare(static_cast<double>(tally.survived), static_cast<double>(tally.updates)));
  for (const RecordState state :
       {RecordState::kIntactNew, RecordState::kIntactOld, RecordState::kTorn, RecordState::kLost}) {
    cells.emplace_back(FormatCount(tally.in_state(state)));
  }
  cells.emplace_back(std::string(PromiseName(row.result.promise())));
  return cells;
}

std::string TroubleLines(const CutResult& result) {
  std::string text;
  const auto add = [&text](const std::string& line) { text += Paragraph(line, 4, 6); };
  if (result.status == Status::kUnsupported) {
    add(fmt::format("not possible: {}", result.error));
  } else if (result.status != Status::kOk) {
    add(fmt::format("FAILED: {}", result.error));
  }
  if (!result.tally.recovery_error.empty()) {
    const std::uint64_t unreadable = result.tally.in_state(RecordState::kUnreadable);
    add(fmt::format("can't recover {}: {}", CountOf(unreadable, "record"),
                    result.tally.recovery_error));
  }
  return text;
}

}  // namespace

std::string PowerCutTable(const PowerCutSpec& spec, const std::vector<PowerCutRow>& rows) {
  std::vector<TableRow> table = {
      {"power fails", "updates", "promised", "survived", "new", "old", "torn", "lost", "promise"}};
  for (const PowerCutRow& row : rows) table.push_back(CellsOf(row));
  const std::vector<std::string> lines = Split(FormatTable(table, kTerminalColumns, false), '\n');
  const std::string title =
      fmt::format("{} on {}, {} x {}, {} operations, {} cuts during each run, seed {}",
                  spec.trial.workload.text(), spec.file_system, FormatCount(spec.trial.records),
                  FormatSize(spec.trial.record_size), FormatCount(spec.trial.operations), spec.cuts,
                  spec.trial.seed);
  std::string text = fmt::format("{}\n{}\n", Paragraph(title, 0, 2), lines.front());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].strategy != rows[i - 1].strategy) text += rows[i].strategy.text() + "\n";
    text += fmt::format("{}\n{}", lines[i + 1], TroubleLines(rows[i].result));
  }
  return text;
}

}  // namespace faultline
