#include "harness/report/comparisons_json.h"

#include <nlohmann/json.hpp>

#include "harness/report/document_json.h"
#include "harness/report/group.h"

namespace faultline {

using nlohmann::json;

json RatioToJson(const std::optional<verdict::Comparison::Ratio>& ratio) {
  if (!ratio) return nullptr;
  return {{"median", NumberToJson(ratio->median)},
          {"low", ratio->low ? NumberToJson(*ratio->low) : json(nullptr)},
          {"high", ratio->high ? NumberToJson(*ratio->high) : json(nullptr)}};
}

json GroupsToJson(std::span<const verdict::JudgedGroup> groups) {
  json array = json::array();
  for (const verdict::JudgedGroup& group : groups) {
    json rankings = json::object();
    for (const auto& [figure, ranking] : group.rankings) {
      rankings[figure] = {{"order", ranking.order},
                          {"best", ranking.best},
                          {"inconclusive", ranking.inconclusive},
                          {"slower", ranking.slower}};
    }
    array.push_back({{"title", group.title},
                     {"baseline", TextToJson(group.baseline)},
                     {"margin", group.margin},
                     {"rankings", std::move(rankings)}});
  }
  return array;
}

json ComparisonsToJson(std::span<const verdict::JudgedGroup> groups) {
  json array = json::array();
  for (const verdict::JudgedGroup& group : groups) {
    for (const verdict::GroupComparison& one : group.comparisons) {
      const verdict::Comparison& comparison = one.comparison;
      const FigureInfo* figure = FindFigure(one.figure);
      array.push_back({{"group", group.title},
                       {"figure", one.figure},
                       {"strategy", one.strategy},
                       {"baseline", one.baseline},
                       {"verdict", figure == nullptr ? verdict::VerdictName(comparison.verdict)
                                                     : VerdictWord(comparison.verdict, *figure)},
                       {"ratio", RatioToJson(comparison.ratio)},
                       {"rounds", comparison.rounds},
                       {"with_interference", comparison.with_interference},
                       {"rounds_needed",
                        comparison.rounds_needed ? json(*comparison.rounds_needed) : json(nullptr)},
                       {"reason", TextToJson(comparison.reason)}});
    }
  }
  return array;
}

}  // namespace faultline
