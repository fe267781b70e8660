#include "harness/powercut/powercut_document.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/os/scratch_file_system.h"
#include "harness/powercut/powercut_json.h"
#include "harness/trial/trial_json.h"
#include "strategies/strategy.h"

namespace faultline {
namespace {

using nlohmann::json;

json RecordsJson(const CutTally& tally) {
  return {{"intact_new", tally.in_state(RecordState::kIntactNew)},
          {"intact_old", tally.in_state(RecordState::kIntactOld)},
          {"torn", tally.in_state(RecordState::kTorn)},
          {"lost", tally.in_state(RecordState::kLost)},
          {"impossible", tally.in_state(RecordState::kImpossible)},
          {"unreadable", tally.in_state(RecordState::kUnreadable)}};
}

json SurvivalJson(const CutTally& tally) {
  json survival = json::array();
  for (const auto& [group, counts] : tally.survival) {
    survival.push_back({{"age_low_seconds", AgeGroupLow(group)},
                        {"age_high_seconds", AgeGroupHigh(group)},
                        {"updates", counts.updates},
                        {"survived", counts.survived}});
  }
  return survival;
}

json RowJson(const PowerCutRow& row) {
  const CutTally& tally = row.result.tally;
  const std::string name = ParseSpec(row.strategy).name;
  const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(name);
  json document = {
      {"strategy",
       {{"name", name}, {"spec", row.strategy}, {"durability", DurabilityName(info.durability)}}},
      {"instant", InstantName(row.instant)},
      {"cuts", tally.cuts},
      {"status", StatusName(row.result.status)},
      {"error", row.result.error.empty() ? json(nullptr) : json(row.result.error)},
      {"updates", nullptr},
      {"acknowledged", nullptr},
      {"survived", nullptr},
      {"records", nullptr},
      {"straddling", nullptr},
      {"acknowledged_missing", nullptr},
      {"promise", nullptr},
      {"recovery_error", nullptr},
      {"survival", json::array()}};
  if (tally.cuts == 0) return document;
  document["updates"] = tally.updates;
  document["acknowledged"] = tally.acknowledged;
  document["survived"] = tally.survived;
  document["records"] = RecordsJson(tally);
  document["straddling"] = {{"records", tally.straddling_records}, {"torn", tally.straddling_torn}};
  document["acknowledged_missing"] = tally.acknowledged_missing;
  document["promise"] = PromiseName(row.result.promise());
  if (!tally.recovery_error.empty()) document["recovery_error"] = tally.recovery_error;
  document["survival"] = SurvivalJson(tally);
  return document;
}

using Cells = std::vector<std::string>;

// "0", "37 %", "100 %": all and nothing are said only of all and nothing.
std::string Share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part != 0 && percent < 0.1) return "<0.1 %";
  if (part != whole && percent > 99.9) return ">99.9 %";
  const bool round = part == 0 || part == whole;
  return Concat(FormatReal(percent, round ? 0 : 1), " %");
}

Cells RowCells(const PowerCutRow& row) {
  const CutTally& tally = row.result.tally;
  Cells cells = {row.strategy, std::string(InstantName(row.instant))};
  if (tally.cuts == 0) return cells;
  cells.push_back(FormatCount(tally.updates));
  cells.push_back(FormatCount(tally.acknowledged));
  cells.push_back(Share(tally.survived, tally.updates));
  // Unreadable ones have no column, but a sentence behind the row: most tables have none.
  for (const RecordState state :
       {RecordState::kIntactNew, RecordState::kIntactOld, RecordState::kTorn, RecordState::kLost,
        RecordState::kImpossible}) {
    cells.push_back(FormatCount(tally.in_state(state)));
  }
  cells.emplace_back(PromiseName(row.result.promise()));
  return cells;
}

// Strategy, instant and promise to the left, figures to the right.
std::string FormatCells(const Cells& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - cells[i].size(), ' ');
    const bool left = i < 2 || i == 10;
    line += Concat("  ", left ? cells[i] : padding, left ? padding : cells[i]);
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

std::string PowerCutDocument(const PowerCutSpec& spec, const os::Facts& environment,
                             const std::vector<PowerCutRow>& rows, bool complete) {
  json results = json::array();
  for (const PowerCutRow& row : rows) results.push_back(RowJson(row));
  const Geometry geometry = spec.trial.DataGeometry();
  return ToLine({{"schema", "faultline-powercut/1"},
                 {"complete", complete},
                 {"environment", FactsToJson(environment)},
                 {"parameters",
                  {{"file_system", spec.file_system},
                   {"workload", spec.trial.workload},
                   {"records", geometry.records},
                   {"record_size", geometry.record_size},
                   {"operations", spec.trial.operations},
                   {"cuts", spec.cuts},
                   {"seconds", spec.run_seconds},
                   {"seed", spec.trial.seed},
                   {"image_bytes", os::DeviceBytesFor(spec.file_system, geometry.file_size())}}},
                 {"rows", results}}) +
         "\n";
}

std::string PowerCutTable(const PowerCutSpec& spec, const std::vector<PowerCutRow>& rows) {
  std::vector<Cells> table = {{"strategy", "power fails", "updates", "promised", "survived", "new",
                               "old", "torn", "lost", "impossible", "promise"}};
  for (const PowerCutRow& row : rows) table.push_back(RowCells(row));
  std::vector<std::size_t> widths(table.front().size());
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], cells[i].size());
    }
  }
  std::string text =
      Concat(spec.trial.workload, " on ", spec.file_system, ", ", FormatCount(spec.trial.records),
             " x ", FormatSize(spec.trial.record_size), ", ", FormatCount(spec.trial.operations),
             " operations, ", spec.cuts, " cuts during each run, seed ", spec.trial.seed, "\n\n",
             FormatCells(table.front(), widths), "\n");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].strategy != rows[i - 1].strategy) text += "\n";
    text += FormatCells(table[i + 1], widths);
    if (rows[i].result.status == Status::kUnsupported) {
      text += Concat("  not possible: ", rows[i].result.error);
    } else if (rows[i].result.status != Status::kOk) {
      text += Concat("  FAILED: ", rows[i].result.error);
    }
    if (const CutTally& tally = rows[i].result.tally; !tally.recovery_error.empty()) {
      text += Concat("  can't recover ", FormatCount(tally.in_state(RecordState::kUnreadable)),
                     " records: ", tally.recovery_error);
    }
    text += "\n";
  }
  return text;
}

}  // namespace faultline
