#include "claims/today/published.h"

#include <cmath>

#include "claims/comparison.h"
#include "harness/base/text.h"

namespace faultline {

Judgement JudgeAbove(const Evidence& evidence, const std::string& name, double criterion,
                     const std::string& what) {
  if (!evidence.figures.contains(name)) {
    return {Outcome::kInconclusive, Concat(what, ": not measured, a stage did not show")};
  }
  const std::string deciding = Concat(what, " ", RatioText(evidence, name));
  switch (SideOf(evidence, name, criterion)) {
    case Side::kAbove:
      return {Outcome::kHolds, deciding};
    case Side::kBelow:
      return {Outcome::kDoesNotHold, deciding};
    case Side::kUndecided:
      break;
  }
  return {Outcome::kInconclusive, deciding};
}

double HalfOfEffect(double published) { return std::sqrt(published); }

Judgement JudgeEffect(const Evidence& evidence, const std::string& name, double published,
                      const std::string& what) {
  return JudgeAbove(evidence, name, HalfOfEffect(published), what);
}

Judgement JudgeAsFast(const Evidence& evidence, const std::string& name, const std::string& what) {
  return JudgeAbove(evidence, name, kAsFast, what);
}

}  // namespace faultline
