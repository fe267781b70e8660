#include "harness/decide/loaded_groups.h"

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/report/group.h"

namespace faultline {
namespace {

using verdict::Comparison;
// The strategies of a group that are compared: those that store what they are asked to.
using Members = std::set<std::string>;

std::string MemberAt(const JsonPlace& place, const Members& members) {
  const std::string name = place.RequiredText();
  if (members.contains(name)) return name;
  place.Refuse(Concat("'", name.substr(0, 60), "' is no strategy of this group that is compared"));
}

std::vector<std::string> MembersAt(const JsonPlace& place, const Members& members) {
  std::vector<std::string> names;
  for (const JsonPlace& name : place.NotNull("an array").Elements()) {
    names.push_back(MemberAt(name, members));
  }
  return names;
}

verdict::GroupRanking RankingAt(const JsonPlace& place, const Members& members) {
  return {.order = MembersAt(place.Get("order"), members),
          .best = MembersAt(place.Get("best"), members),
          .inconclusive = MembersAt(place.Get("inconclusive"), members),
          .slower = MembersAt(place.Get("slower"), members)};
}

double MarginAt(const JsonPlace& place) {
  const double margin = *place.NotNull("a number").Number();
  if (!(margin > 1)) place.Refuse("a margin is a ratio above 1");
  return margin;
}

verdict::JudgedGroup GroupAt(const JsonPlace& place, const Members& members) {
  verdict::JudgedGroup group;
  group.title = place.Get("title").RequiredText();
  const JsonPlace baseline = place.Get("baseline");
  if (!baseline.IsNull()) group.baseline = MemberAt(baseline, members);
  group.margin = MarginAt(place.Get("margin"));
  for (const auto& [figure, ranking] : place.Get("rankings").NotNull("an object").Members()) {
    if (FindFigure(figure) != nullptr) group.rankings[figure] = RankingAt(ranking, members);
  }
  return group;
}

std::optional<Comparison::Ratio> RatioAt(const JsonPlace& place) {
  if (place.IsNull()) return std::nullopt;
  const auto positive = [&place](const char* key) {
    const JsonPlace end = place.Get(key);
    const std::optional<double> value = end.Number();
    if (value && !(*value > 0)) end.Refuse("a ratio is larger than 0");
    return value;
  };
  const Comparison::Ratio ratio{positive("median").value_or(0), positive("low"), positive("high")};
  place.Get("median").NotNull("a number");
  const double low = ratio.low.value_or(ratio.median);
  const double high = ratio.high.value_or(ratio.median);
  if (low > ratio.median || high < ratio.median) place.Refuse("its median lies outside of it");
  return ratio;
}

verdict::Verdict VerdictAt(const JsonPlace& place, const FigureInfo& figure) {
  const std::string text = place.RequiredText();
  std::vector<std::string> known;
  for (const verdict::Verdict verdict :
       {verdict::Verdict::kFaster, verdict::Verdict::kSlower, verdict::Verdict::kTied,
        verdict::Verdict::kInconclusive}) {
    known.emplace_back(VerdictWord(verdict, figure));
    if (text == known.back()) return verdict;
  }
  place.Refuse(Concat("unknown '", text.substr(0, 40), "'; known are ", Join(known, ", ")));
}

// Whether the interval is one of which the verdict may be said.
bool Bears(const Comparison& comparison, double margin) {
  constexpr double kRounding = 1 + 1e-9;  // of the margin
  if (comparison.verdict == verdict::Verdict::kInconclusive) return true;
  if (!comparison.ratio || comparison.rounds < verdict::kFewestRounds) return false;
  const std::optional<double>& low = comparison.ratio->low;
  const std::optional<double>& high = comparison.ratio->high;
  if (comparison.verdict == verdict::Verdict::kFaster) return low && *low > 1;
  if (comparison.verdict == verdict::Verdict::kSlower) return high && *high < 1;
  return low && high && *low * margin * kRounding >= 1 && *high <= margin * kRounding;
}

Comparison ComparisonAt(const JsonPlace& place, const FigureInfo& figure, double margin) {
  Comparison comparison;
  comparison.verdict = VerdictAt(place.Get("verdict"), figure);
  comparison.ratio = RatioAt(place.Get("ratio"));
  comparison.rounds = place.Get("rounds").RequiredCount();
  comparison.with_interference = *place.Get("with_interference").NotNull("true or false").Truth();
  comparison.reason = place.Get("reason").Text().value_or("");
  comparison.rounds_needed = place.Get("rounds_needed").Count();
  if (!Bears(comparison, margin)) {
    place.Get("verdict").Refuse("its ratio, rounds and margin say otherwise; was the file edited?");
  }
  return comparison;
}

class GroupReader {
 public:
  explicit GroupReader(const std::vector<LoadedTrial>& trials) {
    for (const LoadedTrial& trial : trials) {
      Members& members = members_[trial.group];
      if (trial.stores()) members.insert(trial.title);
    }
  }

  void Groups(const JsonPlace& place) {
    for (const JsonPlace& one : place.NotNull("an array").Elements()) {
      const JsonPlace title = one.Get("title");
      const auto members = members_.find(title.RequiredText());
      if (members == members_.end()) title.Refuse("no trial is of this group");
      if (Find(members->first) != nullptr) title.Refuse("this group is there twice");
      groups_.push_back(GroupAt(one, members->second));
    }
    for (const auto& [title, members] : members_) {
      if (Find(title) == nullptr) {
        place.Refuse(Concat("'", title.substr(0, 120), "', the group of a trial, is missing"));
      }
    }
  }

  void Comparisons(const JsonPlace& place) {
    for (const JsonPlace& one : place.NotNull("an array").Elements()) {
      const FigureInfo* figure = FindFigure(one.Get("figure").RequiredText());
      if (figure == nullptr) continue;
      const JsonPlace title = one.Get("group");
      verdict::JudgedGroup* group = Find(title.RequiredText());
      if (group == nullptr) title.Refuse("the document has no such group");
      const Members& members = members_.at(group->title);
      const std::string strategy = MemberAt(one.Get("strategy"), members);
      const std::string baseline = MemberAt(one.Get("baseline"), members);
      if (strategy == baseline) one.Get("baseline").Refuse("it is the strategy itself");
      if (!known_
               .insert({group->title, figure->name, std::min(strategy, baseline),
                        std::max(strategy, baseline)})
               .second) {
        one.Refuse("these two are compared twice");
      }
      group->comparisons.push_back({.figure = figure->name,
                                    .strategy = strategy,
                                    .baseline = baseline,
                                    .comparison = ComparisonAt(one, *figure, group->margin)});
    }
  }

  std::vector<verdict::JudgedGroup> Take() { return std::move(groups_); }

 private:
  verdict::JudgedGroup* Find(const std::string& title) {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&title](const auto& group) { return group.title == title; });
    return found == groups_.end() ? nullptr : &*found;
  }

  std::map<std::string, Members> members_;  // by group
  std::vector<verdict::JudgedGroup> groups_;
  std::set<std::vector<std::string>> known_;  // group, figure and both strategies
};

}  // namespace

std::vector<verdict::JudgedGroup> ReadGroups(const JsonPlace& root,
                                             const std::vector<LoadedTrial>& trials) {
  GroupReader reader(trials);
  reader.Groups(root.Get("groups"));
  reader.Comparisons(root.Get("comparisons"));
  return reader.Take();
}

}  // namespace faultline
