// What several documents say in the same words.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>

#include "harness/trial/trial.h"
#include "harness/verdict/estimate.h"

namespace faultline {

// JSON has no NaN and no infinity: null.
nlohmann::json NumberToJson(double value);

// null for "".
nlohmann::json TextToJson(const std::string& text);

// {median, low, high}, or null for what is absent.
nlohmann::json EstimateToJson(const std::optional<Estimate>& estimate);

// [{limit_bytes, peak_bytes, held, mechanism}…]
nlohmann::json LimitProofsToJson(std::span<const LimitProof> proofs);

}  // namespace faultline
