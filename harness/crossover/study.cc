#include "harness/crossover/study.h"

#include <fmt/format.h>

#include "harness/verdict/figure_text.h"

namespace faultline::crossover {

void MeasuredPoint::JudgeAgain(Figure by) {
  for (const Figure figure : kAllFigures) {
    judgements[static_cast<std::size_t>(figure)] =
        figure == by ? Judge(point(), figure) : CostsOf(point(), figure);
  }
}

std::vector<Seen> StudyRow::SeenBy(Figure figure) const {
  std::vector<Seen> seen;
  for (const MeasuredPoint& measured : points) {
    const Judgement& judgement = measured.By(figure);
    const verdict::Ranking& ranking = judgement.ranking;
    Seen one{measured.point().x, judgement.winners, {}, measured.point().rounds, judgement.open};
    one.costs.resize(measured.point().arms.size());
    for (const std::size_t arm : ranking.order) {
      const verdict::Comparison* to_leader = judgement.Of(arm, ranking.leader());
      if (arm == ranking.leader()) {
        one.costs[arm] = 1;
      } else if (to_leader != nullptr && to_leader->ratio) {
        one.costs[arm] = 1 / to_leader->ratio->median;
      }
    }
    seen.push_back(std::move(one));
  }
  return seen;
}

std::vector<std::string> Study::AllWarnings() const {
  std::vector<std::string> all = warnings;
  for (const StudyRow& row : rows) {
    for (const MeasuredPoint& measured : row.points) {
      const std::optional<ArmComparison>& twin = measured.By(by).twin;
      if (!twin) continue;
      const verdict::Verdict verdict = twin->comparison.verdict;
      if (verdict != verdict::Verdict::kFaster && verdict != verdict::Verdict::kSlower) continue;
      const std::string at_y = row.y ? fmt::format(" {}={}", y->parameter, y->Text(*row.y)) : "";
      all.push_back(
          fmt::format("at {}={}{} the second {} was {} as fast as the first, though they are the "
                      "same; a difference of this size may be noise there",
                      x.parameter, x.Text(measured.point().x), at_y,
                      measured.point().again.strategy, RatioText(*twin->comparison.ratio)));
    }
  }
  return all;
}

std::vector<std::string> Study::Regimes() const {
  std::vector<std::string> ends;
  for (const StudyRow& row : rows) {
    for (const MeasuredPoint& measured : row.points) {
      const std::string& regime = measured.point().regime;
      if (regime.empty()) continue;
      if (ends.size() < 2) {
        ends.push_back(regime);
      } else {
        ends.back() = regime;
      }
    }
  }
  if (ends.size() == 2 && ends.front() == ends.back()) ends.pop_back();
  return ends;
}

}  // namespace faultline::crossover
