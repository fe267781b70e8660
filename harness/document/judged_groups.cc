#include "harness/document/judged_groups.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "harness/document/figure.h"

namespace faultline::document {
namespace {

using verdict::Comparison;
// The strategies of a group that are compared: those that store what they are asked to.
using Members = std::set<std::string>;

void CheckMember(const JsonPlace& place, const std::string& name, const Members& members) {
  if (members.contains(name)) return;
  place.Reject(
      fmt::format("'{}' is no strategy of this group that is compared", name.substr(0, 60)));
}

void CheckMembers(const JsonPlace& place, const std::vector<std::string>& names,
                  const Members& members) {
  const std::vector<JsonPlace> places = place.Elements();
  for (std::size_t i = 0; i < names.size(); ++i) CheckMember(places[i], names[i], members);
}

verdict::Verdict VerdictAt(const JsonPlace& place, const std::string& said,
                           const FigureInfo& figure) {
  std::vector<std::string> known;
  for (const verdict::Verdict verdict :
       {verdict::Verdict::kFaster, verdict::Verdict::kSlower, verdict::Verdict::kTied,
        verdict::Verdict::kInconclusive}) {
    known.emplace_back(VerdictWord(verdict, figure));
    if (said == known.back()) return verdict;
  }
  place.RejectName(said, known);
}

// Whether the interval is one of which the verdict may be said. Counts of which one is 0 have no
// ratio, and any verdict.
bool Bears(const Comparison& comparison, bool counted, double margin) {
  constexpr double kRounding = 1 + 1e-9;  // of the margin
  if (comparison.verdict == verdict::Verdict::kInconclusive) return true;
  if (comparison.rounds < verdict::kFewestRounds) return false;
  if (!comparison.ratio) return counted;
  const std::optional<double>& low = comparison.ratio->low;
  const std::optional<double>& high = comparison.ratio->high;
  if (comparison.verdict == verdict::Verdict::kFaster) return low && *low > 1;
  if (comparison.verdict == verdict::Verdict::kSlower) return high && *high < 1;
  return low && high && *low * margin * kRounding >= 1 && *high <= margin * kRounding;
}

// Checks the groups against the trials, and gives them their comparisons.
class GroupBuilder {
 public:
  GroupBuilder(const JsonPlace& root, Run& run) : root_(root), groups_(run.groups) {
    for (const Trial& trial : run.trials) {
      Members& members = members_[trial.group];
      if (trial.stores()) members.insert(trial.strategy.title);
    }
  }

  void CheckGroups() {
    const JsonPlace place = root_.Get("groups");
    const std::vector<JsonPlace> places = place.Elements();
    std::set<std::string> titles;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const JsonPlace title = places[i].Get("title");
      const auto members = members_.find(groups_[i].title);
      if (members == members_.end()) title.Reject("no trial is of this group");
      if (!titles.insert(groups_[i].title).second) title.Reject("this group is there twice");
      CheckGroup(places[i], members->second, groups_[i]);
    }
    for (const auto& [title, members] : members_) {
      if (!titles.contains(title)) {
        place.Reject(fmt::format("'{}', the group of a trial, is missing", title.substr(0, 120)));
      }
    }
  }

  void Add(const JsonPlace& place, const GroupedComparison& comparison) {
    verdict::GroupComparison one = comparison.one;
    const FigureInfo* figure = FindFigure(one.figure);
    if (figure == nullptr) return;
    verdict::JudgedGroup* group = Find(comparison.group);
    if (group == nullptr) place.Get("group").Reject("the document has no such group");
    const Members& members = members_.at(group->title);
    CheckMember(place.Get("strategy"), one.strategy, members);
    CheckMember(place.Get("baseline"), one.baseline, members);
    if (one.strategy == one.baseline) place.Get("baseline").Reject("it is the strategy itself");
    if (!known_
             .insert({group->title, one.figure, std::min(one.strategy, one.baseline),
                      std::max(one.strategy, one.baseline)})
             .second) {
      place.Reject("these two are compared twice");
    }
    one.comparison.verdict = VerdictAt(place.Get("verdict"), comparison.said, *figure);
    if (!Bears(one.comparison, figure->counted, group->margin)) {
      place.Get("verdict").Reject(
          "its ratio, rounds and margin say otherwise; was the file edited?");
    }
    group->comparisons.push_back(std::move(one));
  }

 private:
  static void CheckGroup(const JsonPlace& place, const Members& members,
                         verdict::JudgedGroup& group) {
    if (!group.baseline.empty()) CheckMember(place.Get("baseline"), group.baseline, members);
    std::erase_if(group.rankings,
                  [](const auto& entry) { return FindFigure(entry.first) == nullptr; });
    for (const auto& [figure, ranking] : group.rankings) {
      const JsonPlace ranked = place.Get("rankings").Get(figure);
      CheckMembers(ranked.Get("order"), ranking.order, members);
      CheckMembers(ranked.Get("best"), ranking.best, members);
      CheckMembers(ranked.Get("inconclusive"), ranking.inconclusive, members);
      CheckMembers(ranked.Get("slower"), ranking.slower, members);
    }
  }

  verdict::JudgedGroup* Find(const std::string& title) {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&title](const auto& group) { return group.title == title; });
    return found == groups_.end() ? nullptr : &*found;
  }

  const JsonPlace& root_;
  std::vector<verdict::JudgedGroup>& groups_;
  std::map<std::string, Members> members_;    // by group
  std::set<std::vector<std::string>> known_;  // group, figure and both strategies
};

}  // namespace

GroupedComparison Grouped(const std::string& group, verdict::GroupComparison one) {
  const FigureInfo* figure = FindFigure(one.figure);
  const verdict::Verdict verdict = one.comparison.verdict;
  const std::string_view said =
      figure == nullptr ? verdict::VerdictName(verdict) : VerdictWord(verdict, *figure);
  return {.group = group, .said = std::string(said), .one = std::move(one)};
}

std::vector<GroupedComparison> ComparisonsOf(std::span<const verdict::JudgedGroup> groups) {
  std::vector<GroupedComparison> comparisons;
  for (const verdict::JudgedGroup& group : groups) {
    for (const verdict::GroupComparison& one : group.comparisons) {
      comparisons.push_back(Grouped(group.title, one));
    }
  }
  return comparisons;
}

void TakeComparisons(const JsonPlace& root, const std::vector<GroupedComparison>& comparisons,
                     Run& run) {
  GroupBuilder builder(root, run);
  builder.CheckGroups();
  const std::vector<JsonPlace> places = root.Get("comparisons").Elements();
  for (std::size_t i = 0; i < comparisons.size(); ++i) builder.Add(places[i], comparisons[i]);
}

}  // namespace faultline::document
