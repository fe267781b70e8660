#include "harness/crossover/point.h"

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace faultline::crossover {
namespace {

std::optional<double> NoiseOf(const Point& point, Figure figure) {
  const auto first = std::find_if(point.arms.begin(), point.arms.end(), [&](const Arm& arm) {
    return arm.strategy == point.again.strategy;
  });
  if (first == point.arms.end()) return std::nullopt;
  const auto ratio = EstimateRatio(point.again.Values(figure), first->Values(figure));
  if (!ratio) return std::nullopt;
  return std::max(std::abs(1 - ratio->low), std::abs(ratio->high - 1));
}

}  // namespace

std::string_view FigureWord(Figure figure) {
  static constexpr std::string_view kWords[] = {"accepted", "durable", "steady"};
  return kWords[static_cast<std::size_t>(figure)];
}

std::string_view FigureName(Figure figure) {
  static constexpr std::string_view kNames[] = {"ns_per_operation", "durable_ns_per_operation",
                                                "steady_ns_per_operation"};
  return kNames[static_cast<std::size_t>(figure)];
}

Figure ParseFigure(std::string_view text) {
  for (const Figure figure : kAllFigures) {
    if (text == FigureWord(figure)) return figure;
  }
  throw UsageError(Concat("unknown figure '", text, "'; use accepted, durable or steady"));
}

Sample SampleOf(const Measurement& measurement) {
  return {measurement.status,
          measurement.error,
          {measurement.NsPerOperation(), measurement.DurableNsPerOperation(),
           measurement.SteadyNsPerOperation()}};
}

std::uint64_t Arm::Count(Status status) const {
  return static_cast<std::uint64_t>(
      std::count_if(samples.begin(), samples.end(),
                    [status](const Sample& sample) { return sample.status == status; }));
}

bool Arm::CutOff() const { return Count(Status::kCutOff) >= Pace::kMostCutOffs; }

std::string Arm::Trouble() const {
  if (!why_not.empty()) return why_not;
  for (const Sample& sample : samples) {
    if (sample.status == Status::kFailed || sample.status == Status::kUnsupported) {
      return sample.error.empty() ? std::string(StatusName(sample.status)) : sample.error;
    }
  }
  return CutOff() ? samples.back().error : std::string();
}

std::vector<double> Arm::Values(Figure figure) const {
  std::vector<double> values;
  if (!Trouble().empty()) return values;
  const bool all = Count(Status::kOk) < kFewestForVerdict;
  for (const Sample& sample : samples) {
    const std::optional<double> value = sample.Of(figure);
    if (value && (all || sample.status == Status::kOk)) values.push_back(*value);
  }
  return values;
}

bool Point::begun() const {
  return !again.samples.empty() ||
         std::any_of(arms.begin(), arms.end(), [](const Arm& arm) { return !arm.samples.empty(); });
}

Judgement CostsOf(const Point& point, Figure figure) {
  Judgement judgement;
  for (const Arm& arm : point.arms) {
    judgement.arms.push_back({EstimateMedian(arm.Values(figure)), {}, {}});
  }
  return judgement;
}

Judgement Judge(const Point& point, Figure figure) {
  Judgement judgement = CostsOf(point, figure);
  std::optional<std::size_t> best;
  std::size_t runnable = 0;
  for (std::size_t i = 0; i < judgement.arms.size(); ++i) {
    const std::optional<Estimate>& cost = judgement.arms[i].cost;
    const Arm& arm = point.arms[i];
    judgement.disturbed |= !cost && arm.Trouble().empty() && !arm.samples.empty();
    if (!cost) continue;
    ++runnable;
    if (!best || cost->median < judgement.arms[*best].cost->median) best = i;
  }
  judgement.noise = NoiseOf(point, figure);
  if (!best) return judgement;
  judgement.disturbed |= runnable > 1 && point.again.Count(Status::kOk) < kFewestForVerdict;
  const auto ratio = [&](std::size_t i, std::size_t to) {
    return i == to ? std::optional(Estimate{1, 1, 1})
                   : EstimateRatio(point.arms[i].Values(figure), point.arms[to].Values(figure));
  };
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    ArmJudgement& arm = judgement.arms[i];
    if (!arm.cost) continue;
    if (judgement.arms[0].cost) arm.to_first = ratio(i, 0);
    arm.to_best = *best == 0 ? arm.to_first : ratio(i, *best);
    const bool worse =
        i != *best && judgement.noise && arm.to_best && arm.to_best->low > 1 + *judgement.noise;
    if (!worse) judgement.winners.push_back(i);
    judgement.disturbed |= runnable > 1 && point.arms[i].Count(Status::kOk) < kFewestForVerdict;
  }
  // What was cut off may have been as fast, if equal costs may be so far apart.
  const bool uncertain = judgement.noise && *judgement.noise >= point.pace.beaten_by() - 1 &&
                         std::any_of(point.arms.begin(), point.arms.end(),
                                     [](const Arm& arm) { return arm.CutOff(); });
  if (judgement.disturbed || uncertain) judgement.winners.clear();
  return judgement;
}

}  // namespace faultline::crossover
