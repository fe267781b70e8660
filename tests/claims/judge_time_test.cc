// Comparisons of time, and the verdicts that rest on them, on made-up costs and evidence.
#include <cmath>

#include "claims/comparison.h"
#include "tests/catch.h"
#include "tests/claims/made_up.h"

namespace faultline {
namespace {

using testing::Both;
using testing::Figures;
using testing::OutcomeOf;
using testing::Ratio;
using testing::RatioOfFewRounds;
using testing::TwinsDifferOf;
using testing::TwinsOf;
using testing::With;
using testing::Words;
using verdict::Reached;

const Laboratory kFull{.directory = {}, .quick = false};
const Laboratory kQuick{.directory = {}, .quick = true};

Arm Constant(const std::string& name, const std::vector<double>& values) {
  auto next = std::make_shared<std::size_t>(0);
  return {name, [values, next] { return Cost{values[(*next)++ % values.size()]}; }};
}

Evidence Entered(const Comparison& comparison) {
  Evidence evidence;
  comparison.Enter({{"ratio", "slow", "fast"}}, evidence);
  return evidence;
}

Evidence MadeUp(Figures figures, Words words = {}) {
  return {.figures = std::move(figures), .words = std::move(words), .regime = ""};
}

TEST_CASE("a comparison gives the ratio of the rounds with its interval, and the twins' verdict") {
  const Comparison steady(kFull, {Constant("fast", {2}), Constant("slow", {10})}, 7);
  const Evidence evidence = Entered(steady);
  CHECK(std::abs(evidence.Figure("ratio") - 5) < 1e-9);
  CHECK(std::abs(evidence.Figure("ratio_low") - 5) < 1e-9);
  CHECK(std::abs(evidence.Figure("ratio_high") - 5) < 1e-9);
  CHECK(evidence.Figure("ratio_rounds") == 7);
  CHECK(evidence.Figure("ratio_twins") == 1);
  CHECK(evidence.Words("ratio_twins") == "tied");
  CHECK(steady.MedianCost("slow").median == 10);
  CHECK_THROWS_AS(steady.MedianCost("other"), Error);
  CHECK(RatioText(evidence, "ratio") == "5.0x [5.0 5.0], 7 rounds");
}

// The two vary threefold from round to round, and their ratio doesn't.
TEST_CASE("what slows a whole round down cancels") {
  int runs = 0;
  const auto round = [&] { return runs++ / 2 % 3 + 1.0; };
  const Comparison comparison(
      kQuick,
      {{"fast", [&] { return Cost{round()}; }}, {"slow", [&] { return Cost{4 * round()}; }}}, 6);
  const Evidence evidence = Entered(comparison);
  CHECK(std::abs(evidence.Figure("ratio_low") - 4) < 1e-9);
  CHECK(std::abs(evidence.Figure("ratio_high") - 4) < 1e-9);
}

TEST_CASE("a quick laboratory runs each arm six times, and no twin") {
  int runs = 0;
  const Comparison quick(
      kQuick, {{"fast", [&] { return Cost{1.0 + ++runs}; }}, Constant("slow", {10})}, 20);
  CHECK(runs == 6);
  CHECK_FALSE(Entered(quick).words.contains("ratio_twins"));
}

TEST_CASE("otherwise there are six rounds at the least, and the first arm is run twice in each") {
  int runs = 0;
  const Comparison few(
      kFull, {{"fast", [&] { return Cost{1.0 + ++runs % 2}; }}, Constant("slow", {10})}, 3);
  CHECK(runs == 12);
  CHECK(Entered(few).Figure("ratio_rounds") == 6);
}

TEST_CASE(
    "parts of a cost are compared like costs, and a part that no repetition had is an error") {
  const auto arm = [](const char* name, double value, const std::map<std::string, double>& parts) {
    return Arm{name, [=] { return Cost{value, false, parts, {{"bytes", 100 * value}}}; }};
  };
  const Comparison comparison(
      kFull, {arm("direct", 2, {{"late", 1}}), arm("mapped", 8, {{"filling", 3}, {"late", 6}})}, 6);
  Evidence evidence;
  comparison.Enter({{"ratio", "mapped/late", "direct/late"}}, evidence);
  CHECK(std::abs(evidence.Figure("ratio") - 6) < 1e-9);
  CHECK(evidence.Figure("ratio_rounds") == 6);
  comparison.EnterCosts("x_", "ns", evidence);
  CHECK(evidence.Figure("x_mapped_ns") == 8);
  CHECK(evidence.Figure("x_mapped_filling_ns") == 3);
  CHECK_FALSE(evidence.figures.contains("x_direct#2_ns"));
  CHECK_FALSE(evidence.figures.contains("x_direct#2_late_ns"));
  CHECK_THROWS_AS(comparison.MedianCost("direct/filling"), Error);
  // Facts have units of their own, so they are no costs.
  CHECK_FALSE(evidence.figures.contains("x_mapped_bytes_ns"));
  comparison.EnterMedian("bytes", "mapped/bytes", evidence);
  CHECK(evidence.Figure("bytes") == 800);
  CHECK(evidence.Figure("bytes_low") == 800);
  CHECK(evidence.Figure("bytes_rounds") == 6);
  CHECK(AtLeast(evidence, "bytes", 800) == Reached::kYes);
  CHECK(AtLeast(evidence, "bytes", 801) == Reached::kNo);
  comparison.EnterMedian("none", "mapped/none", evidence);
  CHECK_FALSE(evidence.figures.contains("none"));
}

TEST_CASE("a pair that has no ratio says why, and is no figure") {
  const Comparison comparison(kFull, {Constant("fast", {0}), Constant("slow", {7})}, 6);
  const Evidence evidence = Entered(comparison);
  CHECK_FALSE(evidence.figures.contains("ratio"));
  CHECK(evidence.Words("ratio") == "a value of 0 has no ratio");
}

TEST_CASE("a part that some rounds lack is judged by the others, and by six at the least") {
  int runs = 0;
  const auto part = [&](int lacking) {
    return std::vector<Arm>{{"fast", [] { return Cost{1}; }}, {"slow", [&runs, lacking] {
                                                                 Cost cost{2};
                                                                 if (runs++ >= lacking)
                                                                   cost.parts["late"] = 3;
                                                                 return cost;
                                                               }}};
  };
  const auto entered = [](const Comparison& comparison) {
    Evidence evidence;
    comparison.Enter({{"ratio", "slow/late", "fast"}}, evidence);
    return evidence;
  };
  const Evidence enough = entered(Comparison(kFull, part(1), 7));
  CHECK(AtLeast(enough, "ratio", 2.9) == Reached::kYes);
  runs = 0;
  const Evidence few = entered(Comparison(kFull, part(2), 7));
  CHECK(few.Figure("ratio_rounds") == 5);
  CHECK_FALSE(few.figures.contains("ratio_low"));
  CHECK(AtLeast(few, "ratio", 2.9) == Reached::kInconclusive);
  CHECK(RatioText(few, "ratio") == "3.0x, 5 rounds of the 6 needed");
}

TEST_CASE("rounds with interference are left out where six others remain") {
  int runs = 0;
  const Comparison some(kFull,
                        {Constant("fast", {1}),
                         {"slow",
                          [&] {
                            const bool interference = ++runs % 4 == 0;
                            return Cost{interference ? 100.0 : 4.0, interference};
                          }}},
                        8);
  CHECK(some.MedianCost("slow").median == 4);
  const Evidence without = Entered(some);
  CHECK(without.Figure("ratio_rounds") == 6);
  CHECK(std::abs(without.Figure("ratio_high") - 4) < 1e-9);
  CHECK_FALSE(WithInterference(without, "ratio"));
  // Two more rounds are tried before all of them count.
  int tries = 0;
  const Comparison all(kFull,
                       {Constant("fast", {1}),
                        {"slow",
                         [&] {
                           ++tries;
                           return Cost{7, true};
                         }}},
                       8);
  CHECK(tries == 10);
  CHECK(all.MedianCost("slow").median == 7);
  const Evidence with = Entered(all);
  CHECK(with.Figure("ratio_rounds") == 10);
  CHECK(WithInterference(with, "ratio"));
  CHECK(AtLeast(with, "ratio", 5) == Reached::kYes);
  CHECK(RatioText(with, "ratio") == "7.0x [7.0 7.0], 10 rounds, with interference");
}

TEST_CASE("a ratio reaches a bound only by its whole interval") {
  const auto least = [](double low, double high) {
    return AtLeast(MadeUp(Ratio("r", low, high)), "r", 2);
  };
  CHECK(least(2, 3) == Reached::kYes);
  CHECK(least(1.9, 3) == Reached::kInconclusive);
  CHECK(least(1.5, 1.9) == Reached::kNo);
  CHECK(least(1.5, 2) == Reached::kInconclusive);
  const auto most = [](double low, double high) {
    return AtMost(MadeUp(Ratio("r", low, high)), "r", 2);
  };
  CHECK(most(1.5, 2) == Reached::kYes);
  CHECK(most(1.5, 2.1) == Reached::kInconclusive);
  CHECK(most(2.1, 3) == Reached::kNo);
  CHECK(most(2, 3) == Reached::kInconclusive);
  CHECK(AtLeast(MadeUp(RatioOfFewRounds("r", 50)), "r", 2) == Reached::kInconclusive);
  CHECK(AtMost(MadeUp(RatioOfFewRounds("r", 1)), "r", 2) == Reached::kInconclusive);
  CHECK_THROWS_AS(AtLeast(MadeUp({}), "r", 2), Error);
}

TEST_CASE("twins that differ leave nothing to judge, and the text says so") {
  for (const char* said : {"faster", "slower"}) {
    const Evidence evidence = MadeUp(Both(Ratio("r", 5, 6), TwinsOf("r")), {{"r_twins", said}});
    CHECK(AtLeast(evidence, "r", 2) == Reached::kInconclusive);
    CHECK(AtMost(evidence, "r", 20) == Reached::kInconclusive);
    CHECK(RatioText(evidence, "r") ==
          "5.5x [5.0 6.0], 9 rounds, but the same twice differed by 1.20x [1.10 1.30]");
  }
  for (const char* said : {"tied", "inconclusive"}) {
    const Evidence evidence = MadeUp(Both(Ratio("r", 5, 6), TwinsOf("r")), {{"r_twins", said}});
    CHECK(AtLeast(evidence, "r", 2) == Reached::kYes);
    CHECK(AtMost(evidence, "r", 20) == Reached::kYes);
    CHECK(RatioText(evidence, "r") == "5.5x [5.0 6.0], 9 rounds");
  }
}

TEST_CASE("twins that vary alike are not judged different") {
  int runs = 0;
  const Comparison drifting(
      kFull, {{"fast", [&] { return Cost{++runs % 2 == 0 ? 1.0 : 3.0}; }}, Constant("slow", {10})},
      40);
  // Which of the two runs is the dear one is chance: they are the same, only uncertain.
  CHECK(Entered(drifting).Words("ratio_twins") == "inconclusive");
}

TEST_CASE("a point has an interval from six values on") {
  const Point few = PointOf(1, std::vector<double>{1, 2, 3, 4, 5});
  CHECK(few.y == 3);
  CHECK_FALSE(few.low);
  CHECK_FALSE(few.high);
  const Point enough = PointOf(1, std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(enough.low == 1);
  CHECK(enough.high == 6);
}

TEST_CASE("a timing is that of the action") {
  const Cost cost = Timed([] {});
  CHECK(cost.value >= 0);
  CHECK(cost.value < 1);
}

TEST_CASE("A05: a gain in either state is one, and only two exclusions hold") {
  const auto both = [](const Figures& cold, const Figures& warm) {
    return OutcomeOf("A05", Both(cold, warm));
  };
  CHECK(both(Ratio("gain_cold", 0.9, 1), Ratio("gain_warm", 0.8, 0.9)) == Outcome::kHolds);
  CHECK(both(Ratio("gain_cold", 0.9, 1), Ratio("gain_warm", 1.2, 1.4)) == Outcome::kDoesNotHold);
  CHECK(both(Ratio("gain_cold", 1.2, 1.3), Ratio("gain_warm", 0.8, 0.9)) == Outcome::kDoesNotHold);
  CHECK(both(Ratio("gain_cold", 0.9, 1), Ratio("gain_warm", 1, 1.1)) == Outcome::kInconclusive);
  CHECK(both(RatioOfFewRounds("gain_cold", 0.9), Ratio("gain_warm", 0.8, 0.9)) ==
        Outcome::kInconclusive);
  // The same twice differed.
  CHECK(OutcomeOf("A05",
                  Both(Both(Ratio("gain_cold", 1.2, 1.3), TwinsOf("gain_cold")),
                       Ratio("gain_warm", 0.8, 0.9)),
                  TwinsDifferOf("gain_cold")) == Outcome::kInconclusive);
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
