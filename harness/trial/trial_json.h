// The text forms in which trials travel between processes and into the run document.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "harness/json/line.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// null for what is absent.
template <class T>
nlohmann::json OptionalToJson(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

template <class T>
std::optional<T> OptionalFromJson(const nlohmann::json& value) {
  return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

// What of a trial its figures depend on (OptionRole::kRegime): the data file, the operations, who
// executes them, and the state that they begin in.
nlohmann::json RegimeToJson(const TrialSpec& spec);

// That, and how it is measured.
nlohmann::json ParametersToJson(const TrialSpec& spec);

// A directory's name may be any bytes, so it travels as their numbers.
nlohmann::json ToJson(const TrialSpec& spec);
TrialSpec TrialSpecFromJson(const nlohmann::json& json);

}  // namespace faultline
