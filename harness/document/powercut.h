// The document of power cuts, powercut.json: what the power failures left of each strategy's
// updates. docs/documents.md says what each field is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/document/promised_strategy.h"
#include "harness/os/system_info.h"
#include "harness/trial/measurement.h"

namespace faultline::document {

inline constexpr const char* kPowerCutSchema = "faultline-powercut/1";

struct PowerCutParameters {
  std::string file_system;
  std::string workload;
  std::uint64_t records = 0;
  std::uint64_t record_size = 0;
  std::uint64_t operations = 0;
  std::uint64_t cuts = 0;
  double seconds = 0;
  std::uint64_t seed = 0;
  std::uint64_t image_bytes = 0;
};

// Records by what they held afterwards.
struct PowerCutRecords {
  std::uint64_t intact_new = 0;
  std::uint64_t intact_old = 0;
  std::uint64_t torn = 0;
  std::uint64_t lost = 0;
  std::uint64_t impossible = 0;
  std::uint64_t unreadable = 0;
};

// Those that lie on two pages or more.
struct StraddlingRecords {
  std::uint64_t records = 0;
  std::uint64_t torn = 0;
};

// Updates of about one age.
struct PowerCutAge {
  double age_low_seconds = 0;
  double age_high_seconds = 0;
  std::uint64_t updates = 0;
  std::uint64_t survived = 0;
};

// A strategy at an instant. Without a cut there are no counts.
struct PowerCutRow {
  PromisedStrategy strategy;
  std::string instant;
  std::uint64_t cuts = 0;
  Status status = Status::kOk;
  std::string error;  // or ""
  std::optional<std::uint64_t> updates;
  std::optional<std::uint64_t> acknowledged;
  std::optional<std::uint64_t> survived;
  std::optional<PowerCutRecords> records;
  std::optional<StraddlingRecords> straddling;
  std::optional<std::uint64_t> acknowledged_missing;
  std::optional<std::string> promise;  // "kept", "broken", "none made"
  std::string recovery_error;          // or ""
  std::vector<PowerCutAge> survival;
};

struct PowerCuts {
  bool complete = false;
  os::Facts environment;
  PowerCutParameters parameters;
  std::vector<PowerCutRow> rows;
};

// With a line break at its end.
std::string ToText(const PowerCuts& cuts);

// Throws UsageError, one line with `name` and field.
PowerCuts ParsePowerCuts(const std::string& name, const std::string& text);

}  // namespace faultline::document
