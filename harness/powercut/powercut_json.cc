#include "harness/powercut/powercut_json.h"

#include "harness/trial/trial_json.h"

namespace faultline {

using nlohmann::json;

json ToJson(const PowerCutSpec& spec) {
  return {{"trial", ToJson(spec.trial)},
          {"instant", static_cast<int>(spec.instant)},
          {"cuts", spec.cuts},
          {"run_seconds", spec.run_seconds},
          {"file_system", spec.file_system}};
}

PowerCutSpec PowerCutSpecFromJson(const json& document) {
  PowerCutSpec spec;
  spec.trial = TrialSpecFromJson(document.at("trial"));
  spec.instant = static_cast<Instant>(document.at("instant").get<int>());
  spec.cuts = document.at("cuts");
  spec.run_seconds = document.at("run_seconds");
  spec.file_system = document.at("file_system");
  return spec;
}

}  // namespace faultline
