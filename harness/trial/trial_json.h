// The text forms in which trials travel between processes and into the run document.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "harness/os/system_info.h"
#include "harness/record/verification.h"
#include "harness/trial/measurement.h"
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

// One line, for a channel between processes or a file. Bytes that are no UTF-8 are replaced.
std::string ToLine(const nlohmann::json& value);
nlohmann::json FromLine(const std::string& line);  // throws nlohmann::json::parse_error

// What of a trial its figures depend on: the data file, the operations, who executes them, and the
// state that they begin in.
nlohmann::json RegimeToJson(const TrialSpec& spec);

// That, and how it is measured.
nlohmann::json ParametersToJson(const TrialSpec& spec);

// A directory's name may be any bytes, so it travels as their numbers.
nlohmann::json ToJson(const TrialSpec& spec);
TrialSpec TrialSpecFromJson(const nlohmann::json& json);

// A document's environment.
nlohmann::json FactsToJson(const os::Facts& facts);
os::Facts FactsFromJson(const nlohmann::json& json);

nlohmann::json ToJson(const Counters& counters);
Counters CountersFromJson(const nlohmann::json& json);

nlohmann::json ToJson(const Histogram& histogram);  // {max, bins: [[lower, upper, count]…]}
Histogram HistogramFromJson(const nlohmann::json& json);

nlohmann::json ToJson(const PreparedCache& prepared);
PreparedCache PreparedCacheFromJson(const nlohmann::json& json);

nlohmann::json ToJson(const Verification& verdict);
Verification VerificationFromJson(const nlohmann::json& json);

}  // namespace faultline
