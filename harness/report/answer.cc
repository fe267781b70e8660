#include "harness/report/answer.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

using verdict::Comparison;
using verdict::GroupRanking;
using verdict::JudgedGroup;

// Those whose comparison with the leader isn't decided, by what is missing.
struct Undecided {
  std::vector<std::string> open;     // an interval that is too wide
  std::vector<std::string> few;      // too few rounds for one
  std::vector<std::string> without;  // no ratio at all, and why
  std::string why;
  std::uint64_t rounds = 0;                // of `few`, the most
  std::uint64_t rounds_needed = 0;         // of `open`, the most
  std::optional<Comparison::Ratio> ratio;  // of the first of `open`
};

Undecided UndecidedOf(const JudgedGroup& group, const std::string& figure,
                      const GroupRanking& ranking) {
  Undecided undecided;
  for (const std::string& name : ranking.inconclusive) {
    const std::optional<Comparison> found = group.Find(figure, ranking.leader(), name);
    if (!found || !found->ratio) {
      undecided.without.push_back(name);
      if (found) undecided.why = found->reason;
    } else if (!found->ratio->low) {
      undecided.few.push_back(name);
      undecided.rounds = std::max(undecided.rounds, found->rounds);
    } else {
      if (undecided.open.empty()) undecided.ratio = found->ratio;
      undecided.open.push_back(name);
      undecided.rounds_needed = std::max(undecided.rounds_needed, found->rounds_needed.value_or(0));
    }
  }
  return undecided;
}

std::string NotEnough(const GroupRanking& ranking, std::uint64_t rounds) {
  const std::string what = ranking.order.size() == 2
                               ? Concat(ranking.order[0], " with ", ranking.order[1])
                               : Concat("the ", ranking.order.size(), " strategies");
  return Concat("Not enough data to compare ", what, ": ", CountOf(rounds, "usable round"), ", ",
                verdict::kFewestRounds, " needed (--repetitions ", verdict::kFewestRounds,
                " or more)");
}

// Against whom the leaders' lead is told: the baseline, or else the best of those behind.
std::string ReferenceOf(const JudgedGroup& group, const GroupRanking& ranking) {
  if (ranking.slower.empty()) return {};
  const auto found = std::find(ranking.slower.begin(), ranking.slower.end(), group.baseline);
  return found == ranking.slower.end() ? ranking.slower.front() : *found;
}

std::string Lead(const JudgedGroup& group, const FigureInfo& figure, const GroupRanking& ranking) {
  const std::string best = Listing(ranking.best);
  const bool several = ranking.best.size() > 1;
  const std::string reference = ReferenceOf(group, ranking);
  if (reference.empty()) {
    if (!several) return {};
    return Concat(best, " are tied: they differ by less than ", FormatPercent(group.margin - 1));
  }
  const std::optional<Comparison> found = group.Find(figure.name, ranking.leader(), reference);
  const std::string lead =
      Concat(found && found->ratio ? RatioText(*found->ratio) + " " : std::string(),
             VerdictWord(verdict::Verdict::kFaster, figure), " than ", reference);
  return several ? Concat(best, " are tied, ", lead) : Concat(best, " is ", lead);
}

std::string Doubt(const GroupRanking& ranking, const Undecided& undecided, bool leads,
                  const RoundsHint& hint) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (!undecided.open.empty()) {
    const std::string ratio =
        undecided.open.size() == 1 ? Concat(" (", RatioText(*undecided.ratio), ")") : "";
    if (leads) {
      add(Concat("whether ", Listing(undecided.open, " or "), " is as fast as ", ranking.leader(),
                 " is inconclusive", ratio));
    } else {
      std::vector<std::string> all = {ranking.leader()};
      all.insert(all.end(), undecided.open.begin(), undecided.open.end());
      add(Concat("which of ", Listing(all), " is faster is inconclusive", ratio));
    }
    if (undecided.rounds_needed > 0) {
      add(Concat("about ", FormatCount(undecided.rounds_needed),
                 " rounds would settle it: ", hint(undecided.rounds_needed)));
    }
  }
  if (!undecided.few.empty()) {
    add(Concat(Listing(undecided.few), ": only ", CountOf(undecided.rounds, "usable round"), ", ",
               verdict::kFewestRounds, " needed"));
  }
  if (!undecided.without.empty()) {
    add(Concat(Listing(undecided.without), ": ",
               undecided.why.empty() ? "not compared" : undecided.why));
  }
  return text;
}

}  // namespace

std::string AnswerOf(const JudgedGroup& group, const FigureInfo& figure,
                     std::span<const std::string> strategies, const std::string& remark,
                     const RoundsHint& hint) {
  const GroupRanking ranking = group.RankingOf(figure.name, strategies);
  if (ranking.order.size() < 2) return {};
  const Undecided undecided = UndecidedOf(group, figure.name, ranking);
  const bool nothing = ranking.best.size() == 1 && ranking.slower.empty();
  if (nothing && undecided.open.empty() && undecided.without.empty()) {
    return NotEnough(ranking, undecided.rounds);
  }
  const std::string lead = Lead(group, figure, ranking);
  const std::string doubt = Doubt(ranking, undecided, !lead.empty(), hint);
  if (lead.empty()) return doubt + remark;
  return Concat(lead, remark, doubt.empty() ? "" : "; ", doubt);
}

std::optional<NoiseFinding> NoiseOf(const JudgedGroup& group, const std::string& figure,
                                    const std::string& strategy, const std::string& twin) {
  const std::optional<Comparison> found = group.Find(figure, strategy, twin);
  if (!found || !found->ratio || !found->ratio->low || !found->ratio->high) return std::nullopt;
  NoiseFinding noise;
  noise.factor = std::max(*found->ratio->high, 1 / *found->ratio->low);
  noise.different =
      found->verdict == verdict::Verdict::kFaster || found->verdict == verdict::Verdict::kSlower;
  return noise;
}

}  // namespace faultline
