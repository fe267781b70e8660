#include "harness/powercut/powercut_document.h"

#include "harness/os/scratch_file_system.h"

namespace faultline {
namespace {

document::PowerCutRow DocumentOf(const PowerCutRow& row) {
  const CutTally& tally = row.result.tally;
  document::PowerCutRow documented;
  documented.strategy = document::PromisedStrategyOf(row.strategy);
  documented.instant = InstantName(row.instant);
  documented.cuts = tally.cuts;
  documented.status = row.result.status;
  documented.error = row.result.error;
  if (tally.cuts == 0) return documented;
  documented.updates = tally.updates;
  documented.acknowledged = tally.acknowledged;
  documented.survived = tally.survived;
  documented.records =
      document::PowerCutRecords{.intact_new = tally.in_state(RecordState::kIntactNew),
                                .intact_old = tally.in_state(RecordState::kIntactOld),
                                .torn = tally.in_state(RecordState::kTorn),
                                .lost = tally.in_state(RecordState::kLost),
                                .impossible = tally.in_state(RecordState::kImpossible),
                                .unreadable = tally.in_state(RecordState::kUnreadable)};
  documented.straddling = document::StraddlingRecords{.records = tally.straddling_records,
                                                      .torn = tally.straddling_torn};
  documented.acknowledged_missing = tally.acknowledged_missing;
  documented.promise = PromiseName(row.result.promise());
  documented.recovery_error = tally.recovery_error;
  for (const auto& [group, counts] : tally.survival) {
    documented.survival.push_back({.age_low_seconds = AgeGroupLow(group),
                                   .age_high_seconds = AgeGroupHigh(group),
                                   .updates = counts.updates,
                                   .survived = counts.survived});
  }
  return documented;
}

}  // namespace

document::PowerCuts DocumentOf(const PowerCutSpec& spec, const os::Facts& environment,
                               const std::vector<PowerCutRow>& rows, bool complete) {
  const Geometry geometry = spec.trial.DataGeometry();
  document::PowerCuts documented{
      .complete = complete,
      .environment = environment,
      .parameters = {.file_system = spec.file_system,
                     .workload = spec.trial.workload.text(),
                     .records = geometry.records,
                     .record_size = geometry.record_size,
                     .operations = spec.trial.operations,
                     .cuts = spec.cuts,
                     .seconds = spec.run_seconds,
                     .seed = spec.trial.seed,
                     .image_bytes = os::DeviceBytesFor(spec.file_system, geometry.file_size())},
      .rows = {}};
  for (const PowerCutRow& row : rows) documented.rows.push_back(DocumentOf(row));
  return documented;
}

}  // namespace faultline
