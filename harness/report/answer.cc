#include "harness/report/answer.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

using verdict::Comparison;
using verdict::GroupRanking;
using verdict::JudgedGroup;

// The strategies whose comparison with the leader is inconclusive, by what is missing.
struct Inconclusive {
  std::vector<std::string> open;     // an interval that is too wide
  std::vector<std::string> few;      // too few rounds for one
  std::vector<std::string> without;  // no ratio at all, and why
  std::string why;
  std::uint64_t rounds = 0;                // of `few`, the most
  std::uint64_t rounds_needed = 0;         // of `open`, the most
  std::optional<Comparison::Ratio> ratio;  // of the first of `open`
};

Inconclusive InconclusiveOf(const JudgedGroup& group, const std::string& figure,
                            const GroupRanking& ranking) {
  Inconclusive inconclusive;
  for (const std::string& name : ranking.inconclusive) {
    const std::optional<Comparison> found = group.Find(figure, ranking.leader(), name);
    if (!found || !found->ratio) {
      inconclusive.without.push_back(name);
      if (found) inconclusive.why = found->reason;
    } else if (!found->ratio->low) {
      inconclusive.few.push_back(name);
      inconclusive.rounds = std::max(inconclusive.rounds, found->rounds);
    } else {
      if (inconclusive.open.empty()) inconclusive.ratio = found->ratio;
      inconclusive.open.push_back(name);
      inconclusive.rounds_needed =
          std::max(inconclusive.rounds_needed, found->rounds_needed.value_or(0));
    }
  }
  return inconclusive;
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

std::string Doubt(const GroupRanking& ranking, const Inconclusive& inconclusive, bool leads,
                  const RoundsHint& hint) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (!inconclusive.open.empty()) {
    const std::string ratio =
        inconclusive.open.size() == 1 ? Concat(" (", RatioText(*inconclusive.ratio), ")") : "";
    if (leads) {
      add(Concat("whether ", Listing(inconclusive.open, " or "), " is as fast as ",
                 ranking.leader(), " is inconclusive", ratio));
    } else {
      std::vector<std::string> all = {ranking.leader()};
      all.insert(all.end(), inconclusive.open.begin(), inconclusive.open.end());
      add(Concat("which of ", Listing(all), " is faster is inconclusive", ratio));
    }
    if (inconclusive.rounds_needed > 0) {
      add(Concat("about ", FormatCount(inconclusive.rounds_needed),
                 " rounds would settle it: ", hint(inconclusive.rounds_needed)));
    }
  }
  if (!inconclusive.few.empty()) {
    add(Concat(Listing(inconclusive.few), ": only ", CountOf(inconclusive.rounds, "usable round"),
               ", ", verdict::kFewestRounds, " needed"));
  }
  if (!inconclusive.without.empty()) {
    add(Concat(Listing(inconclusive.without), ": ",
               inconclusive.why.empty() ? "not compared" : inconclusive.why));
  }
  return text;
}

}  // namespace

std::string AnswerOf(const JudgedGroup& group, const FigureInfo& figure,
                     std::span<const std::string> strategies, const std::string& remark,
                     const RoundsHint& hint) {
  const GroupRanking ranking = group.RankingOf(figure.name, strategies);
  if (ranking.order.size() < 2) return {};
  const Inconclusive inconclusive = InconclusiveOf(group, figure.name, ranking);
  const bool nothing = ranking.best.size() == 1 && ranking.slower.empty();
  if (nothing && inconclusive.open.empty() && inconclusive.without.empty()) {
    return NotEnough(ranking, inconclusive.rounds);
  }
  const std::string lead = Lead(group, figure, ranking);
  const std::string doubt = Doubt(ranking, inconclusive, !lead.empty(), hint);
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
