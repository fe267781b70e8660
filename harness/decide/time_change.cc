#include "harness/decide/time_change.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultline {
namespace {

// Why an interval across the bounds decides nothing.
std::string WhyAcross(const Estimate& ratio, double allowed) {
  if (allowed == 1) return "the interval contains 1, and the noise floor is unknown";
  if (ratio.low < 1 / allowed && ratio.high > allowed)
    return "the interval is wider than the noise";
  return "the interval is partly within the noise";
}

}  // namespace

std::string_view ChangeName(Change change) {
  switch (change) {
    case Change::kBetter:
      return "better";
    case Change::kWorse:
      return "worse";
    case Change::kWithinNoise:
      return "within noise";
    case Change::kUndecided:
      return "undecided";
  }
  return "?";
}

TimeChange CompareTimes(std::span<const double> before, std::span<const double> after,
                        double allowed) {
  TimeChange result{.before = EstimateMedian(before),
                    .after = EstimateMedian(after),
                    .ratio = EstimateRatio(after, before)};
  const std::size_t fewest = std::min(before.size(), after.size());
  if (fewest == 0) {
    result.why =
        Concat("no undisturbed figure ", before.empty() ? "before" : "",
               before.empty() && after.empty() ? " and " : "", after.empty() ? "after" : "");
  } else if (fewest < kFewestForVerdict) {
    result.why = Concat(fewest, " undisturbed repetition", fewest == 1 ? "" : "s",
                        before.size() <= after.size() ? " before, " : " after, ", kFewestForVerdict,
                        " are needed");
  } else if (!result.ratio) {
    result.why = "a time of 0 has no ratio";
  } else if (result.ratio->low > allowed) {
    result.change = Change::kWorse;
  } else if (result.ratio->high < 1 / allowed) {
    result.change = Change::kBetter;
  } else if (result.ratio->low >= 1 / allowed && result.ratio->high <= allowed) {
    result.change = Change::kWithinNoise;
  } else {
    result.why = WhyAcross(*result.ratio, allowed);
  }
  return result;
}

}  // namespace faultline
