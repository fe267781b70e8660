// Comparisons of time, and the verdicts that rest on them, on made-up costs and evidence.
#include "claims/comparison.h"
#include "tests/catch.h"
#include "tests/claims/made_up.h"

namespace faultline {
namespace {

using testing::Both;
using testing::Figures;
using testing::OutcomeOf;
using testing::Ratio;
using testing::With;

Arm Constant(const std::string& name, std::vector<double> values) {
  auto next = std::make_shared<std::size_t>(0);
  return {name, [values, next] { return Cost{values[(*next)++ % values.size()]}; }};
}

Evidence Entered(const Comparison& comparison) {
  Evidence evidence;
  comparison.Enter("ratio", "slow", "fast", evidence);
  return evidence;
}

TEST_CASE("a comparison gives the ratio of medians, its interval and the noise floor") {
  const Comparison steady({Constant("fast", {2}), Constant("slow", {10})}, 5);
  CHECK(steady.NoiseFloor() == 0);
  const Evidence evidence = Entered(steady);
  CHECK(evidence.Figure("ratio") == 5);
  CHECK(evidence.Figure("ratio_low") == 5);
  CHECK(evidence.Figure("ratio_high") == 5);
  CHECK(evidence.Figure("ratio_repetitions") == 5);
  CHECK(steady.MedianCost("slow").median == 10);
  CHECK_THROWS_AS(steady.MedianCost("other"), Error);
  CHECK(RatioText(evidence, "ratio") == "5.00x [5.00 5.00], noise 0 %");
}

TEST_CASE("the first arm is run twice a round, and its scatter is the noise floor") {
  int runs = 0;
  const Comparison noisy(
      {{"fast", [&] { return Cost{++runs % 2 == 0 ? 1.0 : 3.0}; }}, Constant("slow", {10})}, 8);
  CHECK(runs == 16);
  CHECK(noisy.NoiseFloor() > 0.5);
}

TEST_CASE(
    "parts of a cost are compared like costs, and a part that no repetition had is an error") {
  const auto arm = [](const char* name, double value, std::map<std::string, double> parts) {
    return Arm{name, [=] { return Cost{value, false, parts}; }};
  };
  const Comparison comparison(
      {arm("direct", 2, {{"late", 1}}), arm("mapped", 8, {{"filling", 3}, {"late", 6}})}, 3);
  Evidence evidence;
  comparison.Enter("ratio", "mapped/late", "direct/late", evidence);
  CHECK(evidence.Figure("ratio") == 6);
  CHECK(evidence.Figure("ratio_repetitions") == 3);
  comparison.EnterCosts("x_", "ns", evidence);
  CHECK(evidence.Figure("x_mapped_ns") == 8);
  CHECK(evidence.Figure("x_mapped_filling_ns") == 3);
  CHECK_FALSE(evidence.figures.contains("x_direct#2_ns"));
  CHECK_FALSE(evidence.figures.contains("x_direct#2_late_ns"));
  CHECK_THROWS_AS(comparison.MedianCost("direct/filling"), Error);
}

TEST_CASE("disturbed repetitions are left out, unless there are hardly any others") {
  int runs = 0;
  const Comparison some({Constant("fast", {1}),
                         {"slow",
                          [&] {
                            const bool disturbed = ++runs % 2 == 0;
                            return Cost{disturbed ? 100.0 : 4.0, disturbed};
                          }}},
                        8);
  CHECK(some.MedianCost("slow").median == 4);
  CHECK(Entered(some).Figure("ratio_repetitions") == 4);
  // Some more rounds are tried before that.
  int tries = 0;
  const Comparison all({Constant("fast", {1}),
                        {"slow",
                         [&] {
                           ++tries;
                           return Cost{7, true};
                         }}},
                       8);
  CHECK(tries == 10);
  CHECK(all.MedianCost("slow").median == 7);
  const Evidence evidence = Entered(all);
  CHECK(evidence.Figure("ratio_repetitions") == 0);
  CHECK(SideOf(evidence, "ratio", 1) == Side::kUndecided);
  CHECK(RatioText(evidence, "ratio").ends_with(", disturbed"));
}

TEST_CASE("a ratio is on one side only if its interval, widened by the noise, is") {
  const auto side = [](double low, double high, double noise, double repetitions = 9) {
    return SideOf({.figures = Ratio("r", low, high, noise, repetitions), .words = {}, .regime = ""},
                  "r", 2);
  };
  CHECK(side(2.2, 3, 0.01) == Side::kAbove);
  CHECK(side(2.2, 3, 0.10) == Side::kUndecided);
  CHECK(side(1.9, 3, 0.01) == Side::kUndecided);
  CHECK(side(1.5, 1.9, 0.01) == Side::kBelow);
  CHECK(side(1.5, 1.9, 0.10) == Side::kUndecided);
  CHECK(side(5, 6, 1.5) == Side::kUndecided);
  CHECK(side(5, 6, 0.01, 2) == Side::kUndecided);
}

TEST_CASE("a timing is that of the action") {
  const Cost cost = Timed([] {});
  CHECK(cost.value >= 0);
  CHECK(cost.value < 1);
  CHECK_FALSE(cost.disturbed);
}

TEST_CASE("A05: a gain in either state is one, and only two exclusions hold") {
  const auto both = [](const Figures& cold, const Figures& warm) {
    return OutcomeOf("A05", Both(cold, warm));
  };
  CHECK(both(Ratio("gain_cold", 0.9, 1), Ratio("gain_warm", 0.8, 0.9)) == Outcome::kHolds);
  CHECK(both(Ratio("gain_cold", 0.9, 1), Ratio("gain_warm", 1.2, 1.4)) == Outcome::kDoesNotHold);
  CHECK(both(Ratio("gain_cold", 1.2, 1.3), Ratio("gain_warm", 0.8, 0.9)) == Outcome::kDoesNotHold);
  CHECK(both(Ratio("gain_cold", 0.9, 1), Ratio("gain_warm", 1, 1.1)) == Outcome::kInconclusive);
  CHECK(both(Ratio("gain_cold", 0.9, 1, 0.2), Ratio("gain_warm", 0.8, 0.9)) ==
        Outcome::kInconclusive);
}

TEST_CASE("A06: ten times in both states, or not") {
  const auto both = [](const Figures& paged, const Figures& streamed) {
    return OutcomeOf("A06", Both(paged, streamed));
  };
  CHECK(both(Ratio("gain_paged", 12, 14), Ratio("gain_streamed", 50, 60)) == Outcome::kHolds);
  CHECK(both(Ratio("gain_paged", 3, 4), Ratio("gain_streamed", 5, 6)) == Outcome::kDoesNotHold);
  CHECK(both(Ratio("gain_paged", 3, 4), Ratio("gain_streamed", 50, 60)) == Outcome::kDoesNotHold);
  CHECK(both(Ratio("gain_paged", 9, 14), Ratio("gain_streamed", 50, 60)) == Outcome::kInconclusive);
}

TEST_CASE("A19: page tables, ranges and time, each by itself") {
  Figures right = Ratio("map_and_unmap_time_ratio", 0.9, 1);
  right.merge(Figures{{"view_page_table_bytes_touched", 131072},
                      {"memory_page_table_bytes_touched", 131072},
                      {"view_page_table_bytes_mapped", 0},
                      {"memory_page_table_bytes_mapped", 4096},
                      {"view_areas", 1},
                      {"page_bytes", 4096},
                      {"pages", 16384}});
  CHECK(OutcomeOf("A19", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A19", With(right, {{"view_page_table_bytes_touched", 262144}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A19", With(right, {{"view_page_table_bytes_mapped", 131072}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A19", With(right, {{"view_areas", 2}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A19", With(right, Ratio("map_and_unmap_time_ratio", 1.5, 1.7))) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A19", With(right, Ratio("map_and_unmap_time_ratio", 1, 1.2))) ==
        Outcome::kInconclusive);
}

TEST_CASE("A31: one stale value is enough, and too few rounds are too few") {
  const Figures right = {{"stale_values", 0},
                         {"rounds", 1e6},
                         {"rounds_wanted", 1e6},
                         {"view_median_ns", 200},
                         {"call_median_ns", 1000}};
  CHECK(OutcomeOf("A31", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A31", With(right, {{"stale_values", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A31", With(right, {{"rounds", 1e5}})) == Outcome::kInconclusive);
}

TEST_CASE("A37: bounded, and half as fast as either of the others") {
  Figures right = Ratio("throughput_by_view", 0.9, 1);
  right.merge(Ratio("throughput_by_calls", 0.7, 0.8));
  right.merge(Figures{{"window_mapped_bytes", 500000}, {"windows_bytes", 524288}});
  CHECK(OutcomeOf("A37", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A37", With(right, {{"window_mapped_bytes", 1 << 24}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A37", With(right, Ratio("throughput_by_calls", 0.2, 0.3))) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A37", With(right, Ratio("throughput_by_view", 0.2, 0.3))) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A37", With(right, Ratio("throughput_by_view", 0.4, 0.6))) ==
        Outcome::kInconclusive);
}

}  // namespace
}  // namespace faultline
