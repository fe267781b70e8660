#include "harness/powercut/messages.h"

#include "harness/trial/trial_fields.h"

namespace faultline {
namespace {

using nlohmann::json;

// Group, updates, survived.
using SurvivalRows = std::vector<std::array<std::uint64_t, 3>>;

SurvivalRows RowsOf(const std::map<int, AgeGroup>& survival) {
  SurvivalRows rows;
  for (const auto& [group, counts] : survival) {
    rows.push_back({static_cast<std::uint64_t>(group), counts.updates, counts.survived});
  }
  return rows;
}

std::map<int, AgeGroup> SurvivalOf(const SurvivalRows& rows, const JsonPlace&) {
  std::map<int, AgeGroup> survival;
  for (const auto& [group, updates, survived] : rows) {
    survival[static_cast<int>(group)] = {updates, survived};
  }
  return survival;
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, PowerCutSpec& spec) {
  fields.As("trial", spec.trial, PackTrial, UnpackTrial);
  fields("instant", spec.instant, kInstantNames);
  fields("cuts", spec.cuts);
  fields("run_seconds", spec.run_seconds);
  fields("file_system", spec.file_system);
}

template <class Fields>
void Describe(Fields& fields, RunnerRequest& request) {
  fields.As("trial", request.trial, PackTrial, UnpackTrial);
  fields("cut", request.cut);
  fields("run_seconds", request.run_seconds);
}

template <class Fields>
void Describe(Fields& fields, CutTally& tally) {
  fields("cuts", tally.cuts);
  fields("updates", tally.updates);
  fields("acknowledged", tally.acknowledged);
  fields("survived", tally.survived);
  fields("acknowledged_missing", tally.acknowledged_missing);
  fields("records", tally.records);
  fields("straddling_records", tally.straddling_records);
  fields("straddling_torn", tally.straddling_torn);
  fields.As("survival", tally.survival, RowsOf, SurvivalOf);
  fields("first_impossible", tally.first_impossible);
  fields("recovery_error", tally.recovery_error);
}

json ToJson(const PowerCutSpec& spec) { return JsonOf(spec); }
json ToJson(const RunnerRequest& request) { return JsonOf(request); }
json ToJson(const CutTally& tally) { return JsonOf(tally); }
json ToJson(const os::Facts& environment) { return JsonOf(environment); }

PowerCutSpec PowerCutSpecFromJson(const json& message) {
  return FromMessage<PowerCutSpec>(message);
}

RunnerRequest RunnerRequestFromJson(const json& message) {
  return FromMessage<RunnerRequest>(message);
}

CutTally CutTallyFromJson(const json& message) { return FromMessage<CutTally>(message); }

os::Facts FactsFromJson(const json& message) { return FromMessage<os::Facts>(message); }

}  // namespace faultline
