#include "harness/verdict/group.h"

#include <algorithm>

namespace faultline::verdict {
namespace {

std::vector<std::string> Names(const Card& card, const std::vector<std::size_t>& arms) {
  std::vector<std::string> names;
  for (const std::size_t arm : arms) names.push_back(card.arms()[arm].name);
  return names;
}

Card CardOf(std::span<const GroupArm> arms, const GroupFigure& figure, Rules rules) {
  if (figure.counted) rules.zeros = Zeros::kByDifferences;
  rules.negligible = kNegligible * figure.whole;
  std::vector<Arm> cards;
  for (const GroupArm& arm : arms) {
    const auto rounds = arm.figures.find(figure.name);
    cards.push_back({.name = arm.strategy,
                     .rounds = rounds == arm.figures.end() ? Rounds() : rounds->second,
                     .trouble = arm.trouble});
  }
  return Card(std::move(cards), rules);
}

// Each pair once: against the baseline, else against the leader, else against the one before it in
// the ranking; what has no rank comes last.
void AddComparisons(const Card& card, std::size_t baseline, const GroupFigure& figure,
                    JudgedGroup& group) {
  std::vector<std::size_t> order = {baseline};
  const auto add = [&order](std::size_t arm) {
    if (std::find(order.begin(), order.end(), arm) == order.end()) order.push_back(arm);
  };
  const Ranking& ranking = card.ranking();
  for (const std::size_t arm : ranking.order) add(arm);
  for (std::size_t arm = 0; arm < card.arms().size(); ++arm) add(arm);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool kept = !figure.counted || order[i] == baseline ||
                      (!ranking.empty() && order[i] == ranking.leader());
    if (!kept) continue;
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      group.comparisons.push_back({.figure = figure.name,
                                   .strategy = card.arms()[order[j]].name,
                                   .baseline = card.arms()[order[i]].name,
                                   .comparison = card.Compare(order[j], order[i])});
    }
  }
}

}  // namespace

std::optional<Comparison> JudgedGroup::Find(std::string_view figure, std::string_view strategy,
                                            std::string_view other) const {
  for (const GroupComparison& one : comparisons) {
    if (one.figure != figure) continue;
    if (one.strategy == strategy && one.baseline == other) return one.comparison;
    if (one.strategy == other && one.baseline == strategy) return one.comparison.Mirror();
  }
  return std::nullopt;
}

GroupRanking JudgedGroup::RankingOf(const std::string& figure,
                                    std::span<const std::string> strategies) const {
  const auto whole = rankings.find(figure);
  if (whole == rankings.end()) return {};
  std::vector<std::string> order;
  for (const std::string& name : whole->second.order) {
    if (std::find(strategies.begin(), strategies.end(), name) != strategies.end()) {
      order.push_back(name);
    }
  }
  return RankInOrder(std::move(order), [&](const std::string& one, const std::string& other) {
    const std::optional<Comparison> found = Find(figure, one, other);
    return found ? found->verdict : Verdict::kInconclusive;
  });
}

JudgedGroup JudgeGroup(std::string title, std::string baseline, std::span<const GroupArm> arms,
                       std::span<const GroupFigure> figures, const Rules& rules) {
  JudgedGroup group;
  group.title = std::move(title);
  group.margin = rules.margin;
  if (arms.empty()) return group;
  const auto place = std::find_if(arms.begin(), arms.end(), [&baseline](const GroupArm& arm) {
    return arm.strategy == baseline;
  });
  const std::size_t index =
      place == arms.end() ? 0 : static_cast<std::size_t>(place - arms.begin());
  group.baseline = arms[index].strategy;
  for (const GroupFigure& figure : figures) {
    const bool any = std::any_of(arms.begin(), arms.end(), [&figure](const GroupArm& arm) {
      return arm.figures.contains(figure.name);
    });
    if (!any) continue;
    const Card& card = group.cards.emplace(figure.name, CardOf(arms, figure, rules)).first->second;
    const Ranking& ranking = card.ranking();
    group.rankings[figure.name] = {.order = Names(card, ranking.order),
                                   .best = Names(card, ranking.best),
                                   .inconclusive = Names(card, ranking.inconclusive),
                                   .slower = Names(card, ranking.slower)};
    AddComparisons(card, index, figure, group);
  }
  return group;
}

}  // namespace faultline::verdict
