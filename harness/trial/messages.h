// The messages between the processes of a trial: each is a struct, sent as a line of JSON.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/verification.h"
#include "harness/trial/histogram.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"
#include "harness/trial/workers.h"

namespace faultline {

// What a worker process begins with.
struct WorkerRequest {
  TrialSpec spec;
  std::uint64_t process = 0;  // its number
};

// What it has to tell at the end.
struct WorkerReport {
  std::uint64_t operations = 0;  // of the timed passes; so with what was asked
  std::uint64_t asked_read_bytes = 0;
  std::uint64_t asked_changed_bytes = 0;
  std::uint64_t read_checksum = 0;
  Histogram latency;
  std::uint64_t timer_ns = 0;
  std::optional<PlayedLoad> open_loop;
  std::vector<std::uint64_t> series;
  std::vector<Stretch> stretches;
  std::map<std::string, std::string> settings;  // in effect
  std::map<std::string, std::string> absent;    // counter → why
};

nlohmann::json ToJson(const WorkerRequest& request);
nlohmann::json ToJson(const PhaseResult& phase);
nlohmann::json ToJson(const PreparedCache& cache);
nlohmann::json ToJson(const Verification& verdict);
nlohmann::json ToJson(const WorkerReport& report);

// Throw UsageError for what is none.
WorkerRequest WorkerRequestFromJson(const nlohmann::json& request);
PhaseResult PhaseResultFromJson(const nlohmann::json& answer);
PreparedCache PreparedCacheFromJson(const nlohmann::json& answer);
Verification VerificationFromJson(const nlohmann::json& answer);
WorkerReport WorkerReportFromJson(const nlohmann::json& answer);

}  // namespace faultline
