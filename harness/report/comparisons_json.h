// What the judge said of a run's groups, as the document carries it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "harness/verdict/group.h"

namespace faultline {

// {"median", "low", "high"}, or null where there is no ratio; low and high are null below six rounds.
nlohmann::json RatioToJson(const std::optional<verdict::Comparison::Ratio>& ratio);

// "groups": title, baseline, margin, and by figure the ranking.
nlohmann::json GroupsToJson(std::span<const verdict::JudgedGroup> groups);

// "comparisons" of all groups: {group, figure, strategy, baseline, verdict, ratio, rounds,
// with_interference, rounds_needed, reason}.
nlohmann::json ComparisonsToJson(std::span<const verdict::JudgedGroup> groups);

}  // namespace faultline
