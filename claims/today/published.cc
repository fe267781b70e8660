#include "claims/today/published.h"

#include <cmath>
#include <fmt/format.h>

#include "claims/comparison.h"

namespace faultline {

Judgement JudgeAbove(const Evidence& evidence, const std::string& name, double criterion,
                     const std::string& what) {
  if (!evidence.figures.contains(name)) {
    const auto said = evidence.words.find(name);
    return {Outcome::kInconclusive,
            fmt::format("{}: {}", what,
                        said == evidence.words.end() ? "not measured, a stage did not show"
                                                     : said->second)};
  }
  const std::string deciding = fmt::format("{} {}", what, RatioText(evidence, name));
  switch (AtLeast(evidence, name, criterion)) {
    case verdict::Reached::kYes:
      return {Outcome::kHolds, deciding};
    case verdict::Reached::kNo:
      return {Outcome::kDoesNotHold, deciding};
    case verdict::Reached::kInconclusive:
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
