#include "harness/report/document_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace faultline {

using nlohmann::json;

json NumberToJson(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json TextToJson(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json EstimateToJson(const std::optional<Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {{"median", NumberToJson(estimate->median)},
          {"low", NumberToJson(estimate->low)},
          {"high", NumberToJson(estimate->high)}};
}

json LimitProofsToJson(std::span<const LimitProof> proofs) {
  json found = json::array();
  for (const LimitProof& proof : proofs) {
    found.push_back({{"limit_bytes", proof.limit_bytes},
                     {"peak_bytes", proof.peak_bytes},
                     {"held", proof.held},
                     {"mechanism", proof.mechanism}});
  }
  return found;
}

}  // namespace faultline
