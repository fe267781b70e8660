// The judge of two against worked examples.
#include "harness/verdict/comparison.h"

#include <cmath>

#include "tests/catch.h"

namespace faultline::verdict {
namespace {

Rounds Of(const std::vector<double>& costs) {
  Rounds rounds;
  for (std::size_t i = 0; i < costs.size(); ++i) rounds.Add(i, {costs[i], false});
  return rounds;
}

// The level of the tables that the examples are from.
constexpr Rules kFivePercent = {.margin = kMargin, .risk = 0.05};

Comparison Alone(const Evidence& evidence, const Rules& rules = kFivePercent) {
  const Evidence card[] = {evidence};
  return Judge(card, rules).front();
}

Comparison Pair(const std::vector<double>& strategy, const std::vector<double>& baseline) {
  return Alone(Paired(Of(strategy), Of(baseline)));
}

// An evidence of `rounds` rounds whose half width at 5 % is what a test asks for.
Evidence Known(std::uint64_t rounds, double mean, double error) {
  return {.rounds = rounds,
          .mean = mean,
          .standard_error = error,
          .degrees_of_freedom = static_cast<double>(rounds) - 1};
}

TEST_CASE("names of verdicts lead back to them") {
  for (const Verdict verdict :
       {Verdict::kFaster, Verdict::kSlower, Verdict::kTied, Verdict::kInconclusive}) {
    CHECK(VerdictOf(VerdictName(verdict)) == verdict);
  }
  CHECK(VerdictName(Verdict::kTied) == "tied");
  CHECK_FALSE(VerdictOf("fast").has_value());
}

TEST_CASE("evidence is the mean of the rounds' logarithms with its error") {
  // Logarithms of the ratios: ln 2, ln 2, ln 8 of three rounds; mean ln 2 * 5/3.
  const Evidence evidence = Paired(Of({1, 2, 1}), Of({2, 4, 8}));
  CHECK(evidence.rounds == 3);
  CHECK(evidence.mean == Approx(std::log(2) * 5 / 3));
  // Deviation ln 2 * sqrt(4/3), error that by sqrt(3).
  CHECK(evidence.standard_error == Approx(std::log(2) * 2 / 3));
  CHECK(evidence.degrees_of_freedom == 2);
  CHECK(evidence.missing.empty());
}

TEST_CASE("the interval is Student's of the logarithms") {
  // t of 5 degrees of freedom at 2.5 % is 2.5706.
  const Comparison comparison = Alone(Known(6, std::log(2), 0.1));
  REQUIRE(comparison.ratio.has_value());
  CHECK(comparison.ratio->median == Approx(2));
  CHECK(*comparison.ratio->low == Approx(2 * std::exp(-0.25706)).epsilon(1e-4));
  CHECK(*comparison.ratio->high == Approx(2 * std::exp(0.25706)).epsilon(1e-4));
  CHECK(comparison.verdict == Verdict::kFaster);
  CHECK(comparison.reason.empty());
  CHECK(comparison.rounds == 6);
}

TEST_CASE("a verdict needs the whole interval") {
  // Half the width of six rounds is 2.5706 errors.
  const double error = 0.01;
  const double half = 2.5706 * error;
  CHECK(Alone(Known(6, half + 0.03, error)).verdict == Verdict::kFaster);
  CHECK(Alone(Known(6, -half - 0.03, error)).verdict == Verdict::kSlower);
  CHECK(Alone(Known(6, half - 0.001, error)).verdict == Verdict::kInconclusive);  // 1.00 to 1.05
  CHECK(Alone(Known(6, -half + 0.001, error)).verdict == Verdict::kInconclusive);
  CHECK(Alone(Known(6, 0.02, error)).verdict == Verdict::kTied);
  CHECK(Alone(Known(6, -0.02, error)).verdict == Verdict::kTied);
}

TEST_CASE("what lies wholly within the margin is tied though it excludes 1") {
  const Comparison small = Alone(Known(10, 0.02, 0.001));
  CHECK(*small.ratio->low > 1);
  CHECK(small.verdict == Verdict::kTied);
  CHECK(Alone(Known(10, -0.02, 0.001)).verdict == Verdict::kTied);
  CHECK(Alone(Known(10, 0.02, 0.001), {.margin = 1.01}).verdict == Verdict::kFaster);
  CHECK(Alone(Known(10, -0.02, 0.001), {.margin = 1.01}).verdict == Verdict::kSlower);
}

TEST_CASE("below six rounds there is a ratio and no interval and no verdict") {
  const Comparison five = Pair({1, 1, 1, 1, 1}, {2, 2, 2, 2, 2});
  CHECK(five.verdict == Verdict::kInconclusive);
  REQUIRE(five.ratio.has_value());
  CHECK(five.ratio->median == Approx(2));
  CHECK_FALSE(five.ratio->low.has_value());
  CHECK_FALSE(five.ratio->high.has_value());
  CHECK(five.reason == "not enough data: 5 usable rounds, 6 needed");
  CHECK(five.rounds_needed == kFewestRounds);
  CHECK(Pair({1}, {2}).reason == "not enough data: 1 usable round, 6 needed");
  CHECK(Pair({1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}).verdict == Verdict::kFaster);
}

TEST_CASE("an inconclusive comparison says how many rounds would settle it") {
  const Comparison wide = Alone(Known(6, 0, 0.1));
  CHECK(wide.verdict == Verdict::kInconclusive);
  // (0.25706 / (ln 1.05 / 2))^2 * 6.
  CHECK(wide.rounds_needed == 667);
  CHECK(wide.reason ==
        "the interval contains 1 and reaches beyond the margin of 5 %; about 667 rounds would "
        "settle it");
  // A large difference needs fewer.
  CHECK(Alone(Known(6, 0.2, 0.1)).rounds_needed.value() == 16);
}

TEST_CASE("exchanging the two mirrors everything") {
  const std::vector<double> a = {1.0, 1.1, 0.9, 1.3, 1.0, 0.8, 1.0};
  const std::vector<double> b = {1.7, 1.2, 2.4, 1.9, 1.6, 1.5, 1.8};
  const Comparison forward = Pair(a, b);
  const Comparison back = Pair(b, a);
  CHECK(forward.verdict == Verdict::kFaster);
  CHECK(back.verdict == Verdict::kSlower);
  CHECK(back.ratio->median == Approx(1 / forward.ratio->median));
  CHECK(*back.ratio->low == Approx(1 / *forward.ratio->high));
  CHECK(*back.ratio->high == Approx(1 / *forward.ratio->low));
  const Comparison mirrored = forward.Mirror();
  CHECK(mirrored.verdict == back.verdict);
  CHECK(mirrored.ratio->median == Approx(back.ratio->median));
  CHECK(*mirrored.ratio->low == Approx(*back.ratio->low));
  CHECK(*mirrored.ratio->high == Approx(*back.ratio->high));
}

TEST_CASE("what slows a round down slows both and cancels") {
  const Comparison steady = Pair({1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2});
  const Comparison drifting = Pair({1, 3, 9, 1, 30, 2}, {2, 6, 18, 2, 60, 4});
  CHECK(drifting.verdict == Verdict::kFaster);
  CHECK(*drifting.ratio->low == Approx(*steady.ratio->low));
  CHECK(*drifting.ratio->high == Approx(*steady.ratio->high));
}

TEST_CASE("only rounds that both took part in count") {
  Rounds a;
  Rounds b;
  for (std::uint64_t round = 0; round < 8; ++round) a.Add(round, {1, false});
  for (std::uint64_t round = 3; round < 12; ++round) b.Add(round, {2, false});
  CHECK(Paired(a, b).rounds == 5);
  CHECK(Paired(b, a).rounds == 5);
}

TEST_CASE("rounds with interference are left out as long as six remain") {
  Rounds a;
  Rounds b;
  for (std::uint64_t round = 0; round < 8; ++round) {
    a.Add(round, {round == 0 ? 100.0 : 1.0, round == 0});
    b.Add(round, {round == 1 ? 100.0 : 2.0, round == 1});
  }
  const Evidence quiet = Paired(a, b);
  CHECK(quiet.rounds == 6);
  CHECK(quiet.mean == Approx(std::log(2)));
  CHECK_FALSE(quiet.with_interference);
  a.Add(2, {1, true});  // a sixth is needed now, so that all are kept
  Rounds c;
  for (std::uint64_t round = 0; round < 8; ++round) c.Add(round, {1, round < 3});
  const Evidence all = Paired(c, b);
  CHECK(all.rounds == 8);
  CHECK(all.with_interference);
}

TEST_CASE("a repetition made again takes the place of the one with interference") {
  Rounds rounds;
  rounds.Add(1, {5, true});
  rounds.Add(1, {3, false});
  CHECK(rounds.values().at(1).cost == 3);
  rounds.Add(1, {9, true});
  CHECK(rounds.values().at(1).cost == 3);
  rounds.Add(2, {7, true});
  rounds.Add(2, {8, true});
  CHECK(rounds.values().at(2).cost == 8);
  CHECK(rounds.Costs() == std::vector<double>{3, 8});
}

TEST_CASE("a difference without any spread is the most certain of its card") {
  // Student's t is 3.365 where the probability is 2 %, between kRisk / 2 and kRisk.
  const Evidence likely = Known(6, 0.3365, 0.1);
  CHECK(Judge(std::vector{Known(6, 0.5, 0), likely})[1].verdict == Verdict::kFaster);
  CHECK(Judge(std::vector{Known(6, 0, 0), likely})[1].verdict == Verdict::kInconclusive);
}

TEST_CASE("two rounds tell how they vary and one does not") {
  const auto error_of = [](const std::vector<double>& strategy) {
    Rounds ours;
    Rounds theirs;
    for (std::size_t i = 0; i < strategy.size(); ++i) {
      ours.Add(i, {strategy[i], false});
      theirs.Add(i, {1, false});
    }
    return Paired(ours, theirs).standard_error;
  };
  CHECK(error_of({2}) == 0);
  CHECK(error_of({2, 4}) == Approx(std::log(2) / 2));
}

TEST_CASE("costs to show leave interference out where six remain") {
  Rounds rounds;
  for (std::uint64_t round = 0; round < 7; ++round) rounds.Add(round, {1, round == 0});
  CHECK(rounds.Costs().size() == 6);
  rounds.Add(1, {1, false});
  Rounds few;
  for (std::uint64_t round = 0; round < 6; ++round) few.Add(round, {1, round == 0});
  CHECK(few.Costs().size() == 6);
}

TEST_CASE("equal counts are exact and counts of 0 have no ratio") {
  const Comparison zeros = Pair({0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0});
  CHECK(zeros.verdict == Verdict::kTied);
  const Comparison equal = Pair({7, 7, 7, 7, 7, 7}, {7, 7, 7, 7, 7, 7});
  CHECK(equal.verdict == Verdict::kTied);
  CHECK(*equal.ratio->low == 1);
  const Comparison none = Pair({0, 1, 0, 1, 0, 1}, {5, 5, 5, 5, 5, 5});
  CHECK(none.verdict == Verdict::kInconclusive);
  CHECK_FALSE(none.ratio.has_value());
  CHECK(none.reason == "a value of 0 has no ratio");
}

TEST_CASE("nothing to compare says so") {
  const Comparison none = Pair({}, {1, 2, 3});
  CHECK(none.verdict == Verdict::kInconclusive);
  CHECK(none.reason == "no usable measurement of both");
  CHECK(none.rounds == 0);
}

TEST_CASE("two samples without common rounds are compared as Welch says") {
  // Logarithms 0 and 0.2 alternating: variance 0.012 of six, so the error is sqrt(2 * 0.012 / 6).
  std::vector<double> a;
  std::vector<double> b;
  for (int i = 0; i < 6; ++i) {
    a.push_back(std::exp(i % 2 * 0.2));
    b.push_back(2 * std::exp(i % 2 * 0.2));
  }
  const Evidence evidence = Unpaired(a, b);
  CHECK(evidence.mean == Approx(std::log(2)));
  CHECK(evidence.standard_error == Approx(std::sqrt(0.004)));
  CHECK(evidence.degrees_of_freedom == Approx(10));
  CHECK(evidence.rounds == 6);
  const std::vector<double> constant(9, 3.0);
  const Evidence one_sided = Unpaired(a, constant);
  CHECK(one_sided.degrees_of_freedom == Approx(5));
  CHECK(one_sided.rounds == 6);
}

TEST_CASE("a card holds the most certain to the strictest level") {
  // Three comparisons: levels 5/3 %, 5/2 %, 5 %, of which t of 9 degrees of freedom is 2.933,
  // 2.685,
  // 2.262.
  const double error = 0.1;
  const Evidence card[] = {Known(10, 2.30 * error, error), Known(10, 2.95 * error, error),
                           Known(10, 2.70 * error, error)};
  const std::vector<Comparison> found = Judge(card, kFivePercent);
  CHECK(found[0].verdict == Verdict::kFaster);
  CHECK(found[1].verdict == Verdict::kFaster);
  CHECK(found[2].verdict == Verdict::kFaster);
  const Evidence stopped[] = {Known(10, 2.30 * error, error), Known(10, 2.90 * error, error),
                              Known(10, 2.70 * error, error)};
  for (const Comparison& comparison : Judge(stopped, kFivePercent)) {
    CHECK(comparison.verdict == Verdict::kInconclusive);
    CHECK(*comparison.ratio->low < 1);
  }
  const Evidence second[] = {Known(10, 2.30 * error, error), Known(10, 2.95 * error, error),
                             Known(10, 2.60 * error, error)};
  const std::vector<Comparison> some = Judge(second, kFivePercent);
  CHECK(some[0].verdict == Verdict::kInconclusive);
  CHECK(some[1].verdict == Verdict::kFaster);
  CHECK(some[2].verdict == Verdict::kInconclusive);
}

TEST_CASE("what can't be judged makes the others no stricter") {
  const Evidence card[] = {Known(10, 0.24, 0.1), Known(5, 9, 0.1), Evidence{.missing = "failed"}};
  const std::vector<Comparison> found = Judge(card, kFivePercent);
  CHECK(found[0].verdict == Verdict::kFaster);
  CHECK(found[1].verdict == Verdict::kInconclusive);
  CHECK(found[2].reason == "failed");
}

TEST_CASE("settled is a matter of width alone") {
  Comparison comparison;
  CHECK_FALSE(comparison.Settled(1.05));
  comparison.ratio = Comparison::Ratio{1.0, 0.98, 1.02};
  CHECK(comparison.Settled(1.05));
  CHECK_FALSE(comparison.Settled(1.04));
  comparison.ratio = Comparison::Ratio{1.1, 1.02, 1.18};  // decided, but not narrow
  CHECK_FALSE(comparison.Settled(1.05));
  comparison.ratio = Comparison::Ratio{8.0, 6.0, 10.6};  // wide, but narrow beside eightfold
  CHECK(comparison.Settled(1.05));
  comparison.ratio = Comparison::Ratio{8.0, 4.0, 16.0};
  CHECK_FALSE(comparison.Settled(1.05));
  comparison.ratio = Comparison::Ratio{0.125, 0.094, 0.166};
  CHECK(comparison.Settled(1.05));
  comparison.ratio = Comparison::Ratio{2.0, {}, {}};
  CHECK_FALSE(comparison.Settled(1.05));
}

TEST_CASE("what is settled within the margin is never inconclusive") {
  for (double mean = -0.2; mean <= 0.2; mean += 0.001) {
    for (const double error : {0.0001, 0.004, 0.008, 0.0094}) {
      const Comparison comparison = Alone(Known(6, mean, error));
      if (!comparison.Settled(kMargin)) continue;
      CHECK(comparison.verdict != Verdict::kInconclusive);
    }
  }
}

TEST_CASE("a bound is reached where the whole interval lies beyond it") {
  const Comparison::Ratio ratio{2, 1.5, 2.5};
  CHECK(AtLeast(ratio, 1.5) == Reached::kYes);
  CHECK(AtLeast(ratio, 1.51) == Reached::kInconclusive);
  CHECK(AtLeast(ratio, 2.5) == Reached::kInconclusive);
  CHECK(AtLeast(ratio, 2.51) == Reached::kNo);
  CHECK(AtMost(ratio, 2.5) == Reached::kYes);
  CHECK(AtMost(ratio, 2.49) == Reached::kInconclusive);
  CHECK(AtMost(ratio, 1.5) == Reached::kInconclusive);
  CHECK(AtMost(ratio, 1.49) == Reached::kNo);
  CHECK(AtLeast({2, {}, {}}, 1) == Reached::kInconclusive);
  CHECK(AtMost({2, {}, {}}, 3) == Reached::kInconclusive);
}

TEST_CASE("the example in the header comes out as it says", "[comparison]") {
  const auto evidence = [](double mean, double deviation) {
    return Evidence{.rounds = 6,
                    .mean = mean,
                    .standard_error = deviation / std::sqrt(6.0),
                    .degrees_of_freedom = 5};
  };
  const Evidence narrow[] = {evidence(std::log(2), 0.01), evidence(std::log(2), 0.01),
                             evidence(0.003, 0.01)};
  const std::vector<Comparison> card = Judge(narrow);
  CHECK(card[0].verdict == Verdict::kFaster);
  CHECK(*card[0].ratio->low == Approx(1.97).margin(0.005));
  CHECK(*card[0].ratio->high == Approx(2.03).margin(0.005));
  CHECK(card[2].verdict == Verdict::kTied);
  CHECK(*card[2].ratio->low == Approx(0.991).margin(0.0005));
  CHECK(*card[2].ratio->high == Approx(1.015).margin(0.0005));
  const Evidence wide[] = {evidence(std::log(2), 0.01), evidence(std::log(2), 0.01),
                           evidence(0.003, 0.1)};
  const Comparison open = Judge(wide)[2];
  CHECK(open.verdict == Verdict::kInconclusive);
  CHECK(*open.ratio->low == Approx(0.89).margin(0.005));
  CHECK(*open.ratio->high == Approx(1.13).margin(0.005));
  CHECK(open.rounds_needed == 152);
}

}  // namespace
}  // namespace faultline::verdict
