#include "harness/crossover/point.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"

namespace faultline::crossover {
namespace {

// With no wider intervals than this, nothing is inconclusive (comparison.h).
constexpr double kPrecision = verdict::kMargin;

// The strategy whose twin `again` is.
std::optional<std::size_t> TwinOf(const Point& point) {
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    if (point.arms[i].strategy == point.again.strategy) return i;
  }
  return std::nullopt;
}

verdict::Card CardOf(const Point& point, Figure figure, std::optional<std::size_t> twin_of) {
  std::vector<verdict::Arm> arms;
  for (const Arm& arm : point.arms) {
    arms.push_back({arm.strategy, arm.RoundsOf(figure), arm.TroubleInWords()});
  }
  if (twin_of) {
    const Arm& original = point.arms[*twin_of];
    arms.push_back({fmt::format("{}#2", point.again.strategy), point.again.RoundsOf(figure),
                    original.TroubleInWords()});
  }
  return verdict::Card(std::move(arms));
}

void Compare(const verdict::Card& card, std::optional<std::size_t> twin_of, Judgement& judgement) {
  const std::size_t arms = card.arms().size();
  const auto against = [&](std::size_t baseline) {
    for (std::size_t arm = 0; arm < arms; ++arm) {
      if (arm == baseline) continue;
      judgement.comparisons.push_back({arm, baseline, card.Compare(arm, baseline)});
    }
  };
  against(0);
  const std::size_t leader = judgement.ranking.empty() ? 0 : judgement.ranking.leader();
  if (leader != 0) against(leader);
  if (!twin_of) return;
  const std::size_t twin = arms - 1;
  judgement.twin = {twin, *twin_of, card.Compare(twin, *twin_of)};
  if (*twin_of != 0 && *twin_of != leader) judgement.comparisons.push_back(*judgement.twin);
}

// Of those that can be run: the first that keeps the leader from being known.
std::string WhyInconclusive(const verdict::Card& card, const verdict::Ranking& ranking,
                            const std::vector<std::size_t>& runnable) {
  for (const std::size_t arm : runnable) {
    if (std::count(ranking.order.begin(), ranking.order.end(), arm) == 0) {
      return fmt::format("no usable measurement of {}", card.arms()[arm].name);
    }
  }
  if (ranking.inconclusive.empty()) return {};
  const std::size_t arm = ranking.inconclusive.front();
  return fmt::format("{} against {}: {}", card.arms()[arm].name, card.arms()[ranking.leader()].name,
                     card.Compare(arm, ranking.leader()).reason);
}

}  // namespace

std::string_view FigureName(Figure figure) {
  static constexpr std::string_view kNames[] = {kAcceptedFigure, kDurableFigure, kSteadyFigure};
  return kNames[static_cast<std::size_t>(figure)];
}

Figure ParseFigure(std::string_view text) {
  if (const auto figure = kFigureWords.Find(text)) return *figure;
  throw UsageError(
      fmt::format("unknown figure '{}'; use {}", text, Listing(kFigureWords.All(), " or ")));
}

Sample SampleOf(const Measurement& measurement, std::uint64_t round) {
  return {round,
          measurement.status,
          measurement.error,
          {measurement.NsPerOperation(), measurement.DurableNsPerOperation(),
           measurement.SteadyNsPerOperation()}};
}

std::uint64_t Arm::Count(Status status) const {
  return static_cast<std::uint64_t>(
      std::count_if(samples.begin(), samples.end(),
                    [status](const Sample& sample) { return sample.status == status; }));
}

bool Arm::CutOff() const { return Count(Status::kCutOff) >= CutOffPolicy::kMostCutOffs; }

std::string Arm::Trouble() const {
  if (!why_not.empty()) return why_not;
  for (const Sample& sample : samples) {
    if (sample.status == Status::kFailed || sample.status == Status::kUnsupported) {
      return sample.error.empty() ? std::string(StatusName(sample.status)) : sample.error;
    }
  }
  return CutOff() ? samples.back().error : std::string();
}

std::string Arm::TroubleInWords() const {
  const std::string trouble = Trouble();
  if (trouble.empty()) return {};
  return fmt::format("{}{}",
                     failed()   ? "FAILED: "
                     : CutOff() ? "was "
                                : "is not possible: ",
                     trouble);
}

verdict::Rounds Arm::RoundsOf(Figure figure) const {
  verdict::Rounds rounds;
  if (!Trouble().empty()) return rounds;
  for (const Sample& sample : samples) {
    const std::optional<double> ns = sample.Of(figure);
    if (ns) rounds.Add(sample.round, {*ns, sample.status == Status::kInterference});
  }
  return rounds;
}

bool Arm::WithInterference() const {
  return Count(Status::kInterference) > 0 && Count(Status::kOk) < verdict::kFewestRounds;
}

bool Point::begun() const {
  return !again.samples.empty() ||
         std::any_of(arms.begin(), arms.end(), [](const Arm& arm) { return !arm.samples.empty(); });
}

const verdict::Comparison* Judgement::Of(std::size_t strategy, std::size_t baseline) const {
  for (const ArmComparison& one : comparisons) {
    if (one.strategy == strategy && one.baseline == baseline) return &one.comparison;
  }
  return nullptr;
}

Judgement CostsOf(const Point& point, Figure figure) {
  Judgement judgement;
  for (const Arm& arm : point.arms) {
    judgement.costs.push_back(EstimateMedian(arm.RoundsOf(figure).Costs()));
  }
  return judgement;
}

Judgement Judge(const Point& point, Figure figure) {
  Judgement judgement = CostsOf(point, figure);
  if (!point.begun()) return judgement;
  std::vector<std::size_t> all;
  std::vector<std::size_t> runnable;
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    all.push_back(i);
    if (point.arms[i].Trouble().empty()) runnable.push_back(i);
  }
  const std::optional<std::size_t> twin_of = TwinOf(point);
  const verdict::Card card = CardOf(point, figure, twin_of);
  const verdict::Ranking ranking = judgement.ranking = card.RankingOf(all);
  Compare(card, twin_of, judgement);
  if (runnable.size() < 2) {
    judgement.winners = runnable;
    return judgement;
  }
  judgement.inconclusive = WhyInconclusive(card, ranking, runnable);
  judgement.open = !judgement.inconclusive.empty();
  for (const std::size_t arm : ranking.order) {
    const std::size_t leader = ranking.leader();
    judgement.open |= arm != leader && !card.Compare(arm, leader).Settled(kPrecision);
  }
  if (!judgement.inconclusive.empty()) return judgement;
  judgement.winners = ranking.best;
  std::sort(judgement.winners.begin(), judgement.winners.end());
  return judgement;
}

}  // namespace faultline::crossover
