// The strategies of a group by every figure: the comparisons and rankings that a run's document
// carries, by name, and that every table, page and command prints.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/verdict/card.h"

namespace faultline::verdict {

// A strategy of a group with its values of each figure.
struct GroupArm {
  std::string strategy;
  std::string trouble;                    // why it has no figures, or ""
  std::map<std::string, Rounds> figures;  // by name; a figure that it lacks is missing
};

// A figure. Of times all pairs are kept; of counts, which may be 0, those with the baseline and the
// leader alone.
struct GroupFigure {
  std::string name;
  bool counted = false;
  double whole = 0;  // of a count: what a trial's operations are, in its unit (kNegligible)
};

struct GroupComparison {
  std::string figure;
  std::string strategy;
  std::string baseline;
  Comparison comparison;
};

using GroupRanking = BasicRanking<std::string>;  // of their names

struct JudgedGroup {
  std::string title;
  std::string baseline;  // a strategy; "" for a group without any
  double margin = kMargin;
  std::map<std::string, GroupRanking> rankings;  // by figure
  std::vector<GroupComparison> comparisons;
  std::map<std::string, Card> cards;  // by figure; none of what was read from a document

  // Which of the two is faster; nothing where the group holds no such comparison.
  std::optional<Comparison> Find(std::string_view figure, std::string_view strategy,
                                 std::string_view other) const;

  // The ranking among some of the strategies, with the verdicts of the whole group. Of strategies
  // without comparisons with the leader nothing is known: they are inconclusive.
  GroupRanking RankingOf(const std::string& figure, std::span<const std::string> strategies) const;
};

// Judges each figure that any of the arms has. `baseline` is one of the arms, or "" for the first.
JudgedGroup JudgeGroup(std::string title, std::string baseline, std::span<const GroupArm> arms,
                       std::span<const GroupFigure> figures, const Rules& rules = {});

}  // namespace faultline::verdict
