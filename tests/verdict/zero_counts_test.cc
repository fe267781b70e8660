// Counts of which one is 0 in some round, which have no ratio.
#include "harness/verdict/comparison.h"
#include "tests/catch.h"

namespace faultline::verdict {
namespace {

TEST_CASE("counts of which one is 0 are judged by their differences, without a ratio") {
  double negligible = 0;
  const auto judged = [&negligible](const std::vector<double>& strategy,
                                    const std::vector<double>& baseline) {
    Rounds ours;
    Rounds theirs;
    for (std::size_t i = 0; i < strategy.size(); ++i) ours.Add(i, {strategy[i], false});
    for (std::size_t i = 0; i < baseline.size(); ++i) theirs.Add(i, {baseline[i], false});
    const std::vector<Evidence> card = {Paired(ours, theirs, Zeros::kByDifferences)};
    return Judge(card, {.negligible = negligible}).front();
  };
  const std::vector<double> none(6, 0);
  const std::vector<double> faults = {1500, 1501, 1499, 1500, 1502, 1500};
  const Comparison fewer = judged(none, faults);
  CHECK(fewer.verdict == Verdict::kFaster);
  CHECK_FALSE(fewer.ratio.has_value());
  CHECK(fewer.reason.empty());
  CHECK(fewer.rounds == 6);
  CHECK(judged(faults, none).verdict == Verdict::kSlower);
  CHECK(fewer.Mirror().verdict == Verdict::kSlower);
  // Without any spread the difference is certain.
  CHECK(judged(none, {7, 7, 7, 7, 7, 7}).verdict == Verdict::kFaster);
  // One page in one round of six may be anybody's.
  const Comparison once = judged({0, 0, 0, 0, 0, 4096}, none);
  CHECK(once.verdict == Verdict::kInconclusive);
  CHECK_FALSE(once.ratio.has_value());
  CHECK_THAT(once.reason, ContainsSubstring("the interval of the differences contains 0; about "));
  CHECK(*once.rounds_needed > 6);
  const Comparison level = judged({0, 2, 0, 2, 0, 2}, {2, 0, 2, 0, 2, 0});
  CHECK(level.verdict == Verdict::kInconclusive);
  CHECK(level.reason ==
        "a value of 0 has no ratio, and the interval of the differences contains 0");
  CHECK_FALSE(level.rounds_needed.has_value());
  CHECK_THAT(judged({0, 0, 0, 0, 0}, {9, 9, 9, 9, 9}).reason, ContainsSubstring("6 needed"));
  CHECK(judged(none, none).verdict == Verdict::kTied);
  // A stray one in some rounds is nothing beside many operations; 1,500 are more than 100.
  negligible = 100;
  const Comparison stray = judged({0, 0, 0, 0, 0, 1}, none);
  CHECK(stray.verdict == Verdict::kTied);
  CHECK_FALSE(stray.ratio.has_value());
  CHECK(stray.reason.empty());
  CHECK(judged({0, 0, 0, 0, 0, 4096}, none).verdict == Verdict::kInconclusive);
  CHECK(judged(none, faults).verdict == Verdict::kFaster);
  CHECK(judged(none, {100, 100, 100, 100, 100, 100}).verdict == Verdict::kTied);
  CHECK(judged(none, {101, 101, 101, 101, 101, 101}).verdict == Verdict::kFaster);
  const Comparison wide = judged({0, 300, 0, 300, 0, 300}, {300, 0, 300, 0, 300, 0});
  CHECK(wide.verdict == Verdict::kInconclusive);
  CHECK(*wide.rounds_needed > 100);
  // Where all are above 0 there are ratios.
  CHECK(judged({1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}).ratio->median == Approx(2));
}

}  // namespace
}  // namespace faultline::verdict
