#include "harness/report/answer.h"

#include <algorithm>
#include <fmt/format.h>

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
                               ? fmt::format("{} with {}", ranking.order[0], ranking.order[1])
                               : fmt::format("the {} strategies", ranking.order.size());
  return fmt::format("Not enough data to compare {}: {}, {} needed (--repetitions {} or more)",
                     what, CountOf(rounds, "usable round"), verdict::kFewestRounds,
                     verdict::kFewestRounds);
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
    return fmt::format("{} are tied: they differ by less than {}", best,
                       FormatPercent(group.margin - 1));
  }
  const std::optional<Comparison> found = group.Find(figure.name, ranking.leader(), reference);
  const std::string lead = fmt::format(
      "{}{} than {}", found && found->ratio ? RatioText(*found->ratio) + " " : std::string(),
      VerdictWord(verdict::Verdict::kFaster, figure), reference);
  return several ? fmt::format("{} are tied, {}", best, lead) : fmt::format("{} is {}", best, lead);
}

std::string Doubt(const GroupRanking& ranking, const Inconclusive& inconclusive, bool leads,
                  const RoundsHint& hint) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (!inconclusive.open.empty()) {
    const std::string ratio =
        inconclusive.open.size() == 1 ? fmt::format(" ({})", RatioText(*inconclusive.ratio)) : "";
    if (leads) {
      add(fmt::format("whether {} is as fast as {} is inconclusive{}",
                      Listing(inconclusive.open, " or "), ranking.leader(), ratio));
    } else {
      std::vector<std::string> all = {ranking.leader()};
      all.insert(all.end(), inconclusive.open.begin(), inconclusive.open.end());
      add(fmt::format("which of {} is faster is inconclusive{}", Listing(all), ratio));
    }
    if (inconclusive.rounds_needed > 0) {
      add(fmt::format("about {} rounds would settle it: {}",
                      FormatCount(inconclusive.rounds_needed), hint(inconclusive.rounds_needed)));
    }
  }
  if (!inconclusive.few.empty()) {
    add(fmt::format("{}: only {}, {} needed", Listing(inconclusive.few),
                    CountOf(inconclusive.rounds, "usable round"), verdict::kFewestRounds));
  }
  if (!inconclusive.without.empty()) {
    add(fmt::format("{}: {}", Listing(inconclusive.without),
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
  return fmt::format("{}{}{}{}", lead, remark, doubt.empty() ? "" : "; ", doubt);
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
