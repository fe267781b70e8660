#include "harness/powercut/powercut_document.h"

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

}  // namespace faultline
