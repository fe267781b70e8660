#include "harness/trial/trial_json.h"

#include "harness/trial/trial_options.h"

namespace faultline {

using nlohmann::json;

namespace {

// The options that `wanted` picks, by their names in documents.
template <class Wanted>
json OptionsToJson(const TrialSpec& spec, Wanted wanted) {
  json options = json::object();
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    if (wanted(row)) options[row.JsonName()] = row.value.to_json(spec);
  }
  return options;
}

}  // namespace

json RegimeToJson(const TrialSpec& spec) {
  return OptionsToJson(spec, [](const auto& row) { return row.role == OptionRole::kRegime; });
}

json ParametersToJson(const TrialSpec& spec) {
  return OptionsToJson(spec, [](const auto& row) { return row.IsParameter(); });
}

json ToJson(const TrialSpec& spec) {
  const std::string directory = spec.directory.string();
  json document = OptionsToJson(spec, [](const auto&) { return true; });
  document.update({{"section", spec.section},
                   {"directory", std::vector<std::uint8_t>(directory.begin(), directory.end())},
                   {"copy", spec.copy}});
  return document;
}

TrialSpec TrialSpecFromJson(const json& document) {
  TrialSpec spec;
  spec.section = document.at("section");
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    row.value.from_json(spec, document.at(row.JsonName()));
  }
  const auto directory = document.at("directory").get<std::vector<std::uint8_t>>();
  spec.directory = std::string(directory.begin(), directory.end());
  spec.copy = document.at("copy");
  return spec;
}

}  // namespace faultline
