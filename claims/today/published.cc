#include "claims/today/published.h"

#include <cmath>

#include "claims/comparison.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

Judgement JudgeAbove(const Evidence& evidence, const std::string& name, double criterion,
                     const std::string& what) {
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

}  // namespace

double HalfOfEffect(double published) { return std::sqrt(published); }

Judgement JudgeEffect(const Evidence& evidence, const std::string& name, double published,
                      const std::string& what) {
  return JudgeAbove(evidence, name, HalfOfEffect(published), what);
}

Judgement JudgeAsFast(const Evidence& evidence, const std::string& name, const std::string& what) {
  return JudgeAbove(evidence, name, kAsFast, what);
}

}  // namespace faultline
