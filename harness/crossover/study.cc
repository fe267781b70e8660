#include "harness/crossover/study.h"

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
    Seen one{
        measured.point().x, judgement.winners, {}, measured.point().rounds, judgement.disturbed};
    for (const ArmJudgement& arm : judgement.arms) {
      one.costs.push_back(arm.cost ? std::optional(arm.cost->median) : std::nullopt);
    }
    seen.push_back(std::move(one));
  }
  return seen;
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
