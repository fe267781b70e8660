// Which strategies are best at a point, by made-up repetitions.
#include "harness/crossover/point.h"

#include "tests/catch.h"
#include "tests/crossover/made_up.h"

namespace faultline::crossover {
namespace {

using verdict::Verdict;
using Winners = std::vector<std::size_t>;

constexpr std::size_t kTwin = 2;  // of the made-up points

Verdict VerdictAt(const Judgement& judgement, std::size_t strategy, std::size_t baseline) {
  const verdict::Comparison* comparison = judgement.Of(strategy, baseline);
  REQUIRE(comparison != nullptr);
  return comparison->verdict;
}

// One repetition more.
void Add(Arm& arm, std::uint64_t round, double ns, Status status) {
  arm.samples.push_back(MadeUpSample(round, ns, status));
}

TEST_CASE("the one that the judge calls faster is best") {
  const Judgement judgement = Judge(MadeUpPoint(16, 200, 100), Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK(judgement.inconclusive.empty());
  CHECK_FALSE(judgement.open);
  CHECK(judgement.costs[0]->median == Approx(200));
  CHECK(VerdictAt(judgement, 1, 0) == Verdict::kFaster);
  CHECK(VerdictAt(judgement, 0, 1) == Verdict::kSlower);
  CHECK(judgement.Of(1, 0)->ratio->median == Approx(2));
  CHECK(judgement.Of(0, 1)->ratio->median == Approx(0.5));
  CHECK(judgement.ranking.order == Winners{1, 0});
  CHECK(judgement.ranking.slower == Winners{0});
}

TEST_CASE("what is tied with the leader is a winner too") {
  const Judgement judgement = Judge(MadeUpPoint(16, 99, 100, 0.001), Figure::kAccepted);
  CHECK(judgement.ranking.leader() == 0);
  CHECK(judgement.winners == Winners{0, 1});
  CHECK_FALSE(judgement.open);
  // Ascending, whichever leads.
  CHECK(Judge(MadeUpPoint(16, 100, 99, 0.001), Figure::kAccepted).winners == Winners{0, 1});
}

TEST_CASE("what may be as fast as the leader, or not, keeps the point from telling anything") {
  const Judgement judgement = Judge(MadeUpPoint(16, 110, 100, 0.1), Figure::kAccepted);
  CHECK(judgement.winners.empty());
  CHECK(judgement.open);
  CHECK_THAT(judgement.inconclusive, ContainsSubstring("read-write against mmap-view: ") &&
                                         ContainsSubstring("rounds would settle it"));
}

TEST_CASE("fewer than six rounds tell nothing, and the reason says how many are needed") {
  Point point = MadeUpPoint(16, 200, 100);
  for (Arm* arm : {&point.arms[0], &point.arms[1], &point.again}) arm->samples.pop_back();
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners.empty());
  CHECK(judgement.open);
  CHECK_THAT(judgement.inconclusive, ContainsSubstring("5 usable rounds, 6 needed"));
}

TEST_CASE("a verdict whose interval is wide leaves the point open") {
  const Judgement judgement = Judge(MadeUpPoint(16, 140, 100, 0.05), Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK(judgement.open);
}

TEST_CASE("rounds are paired: what slows a whole round changes nothing") {
  Point point = MadeUpPoint(16, 200, 100, 0.001);
  for (Arm* arm : {&point.arms[0], &point.arms[1], &point.again}) {
    for (Sample& sample : arm->samples) {
      sample.ns[0] = *sample.ns[0] * static_cast<double>(1 + 9 * sample.round);
    }
    // In whatever order they were finished.
    std::reverse(arm->samples.begin(), arm->samples.end());
  }
  std::reverse(point.again.samples.begin(), point.again.samples.end());
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK(*judgement.Of(1, 0)->ratio->low > 1.9);
}

TEST_CASE("the twin is an arm like the others, and no winner") {
  Point point = MadeUpPoint(16, 200, 100);
  point.again.samples = MadeUpSamples(50, 6, Status::kOk, 0.01, 1);
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK(judgement.ranking.order == Winners{1, 0});
  CHECK(judgement.costs.size() == 2);
  CHECK(judgement.costs[0]->median == Approx(200));
  CHECK(VerdictAt(judgement, kTwin, 0) == Verdict::kFaster);
  CHECK(VerdictAt(judgement, kTwin, 1) == Verdict::kFaster);
  REQUIRE(judgement.twin.has_value());
  CHECK(judgement.twin->strategy == kTwin);
  CHECK(judgement.twin->baseline == 0);
  CHECK(judgement.twin->comparison.verdict == Verdict::kFaster);
  CHECK(Judge(MadeUpPoint(16, 200, 100, 0.001), Figure::kAccepted).twin->comparison.verdict ==
        Verdict::kTied);
}

TEST_CASE("each figure is judged by its own values") {
  Point point = MadeUpPoint(16, 200, 100);
  for (Sample& sample : point.arms[1].samples) sample.ns[1] = 90 * *sample.ns[0];
  CHECK(Judge(point, Figure::kDurable).winners == Winners{0});
  CHECK(Judge(point, Figure::kSteady).winners == Winners{1});
  CHECK(CostsOf(point, Figure::kDurable).costs[0]->median == Approx(400));
  CHECK(CostsOf(point, Figure::kDurable).comparisons.empty());
  for (const Figure figure : kAllFigures) CHECK(ParseFigure(FigureWord(figure)) == figure);
  CHECK_THROWS_WITH(ParseFigure("fast"), ContainsSubstring("accepted, durable or steady"));
}

TEST_CASE("a strategy that failed once is never the best, however fast") {
  Point point = MadeUpPoint(16, 200, 100);
  Add(point.arms[1], 6, 0, Status::kFailed);
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{0});
  CHECK_FALSE(judgement.costs[1].has_value());
  CHECK(VerdictAt(judgement, 1, 0) == Verdict::kInconclusive);
  CHECK(judgement.Of(1, 0)->reason == "mmap-view FAILED: planted fault");
  CHECK(point.arms[1].Trouble() == "planted fault");
}

TEST_CASE("what was cut off twice is beaten, what was cut off once is not") {
  Point point = MadeUpPoint(16, 100, 200);
  Add(point.arms[1], 6, 0, Status::kCutOff);
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{0});
  CHECK(Judge(point, Figure::kAccepted).costs[1].has_value());
  point.arms[1].samples = {MadeUpSample(0, 0, Status::kCutOff)};
  Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners.empty());
  CHECK(judgement.open);
  CHECK(judgement.inconclusive == "no usable measurement of mmap-view");
  Add(point.arms[1], 1, 0, Status::kCutOff);
  CHECK(point.arms[1].Trouble() == "cut off");
  CHECK(point.arms[1].TroubleInWords() == "was cut off");
  judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{0});
  CHECK(judgement.inconclusive.empty());
  // The only one left needs no more rounds to be chosen.
  point.arms[0].samples.resize(1);
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{0});
  CHECK_FALSE(Judge(point, Figure::kAccepted).open);
}

TEST_CASE("without the first strategy the twin is that of the next") {
  Point point = MadeUpPoint(16, 200, 100);
  point.arms[0] = {"read-write", "not here", {}};
  point.arms.push_back({"stdio", "", MadeUpSamples(50, 6, Status::kOk, 0.01, 1)});
  point.again = {"mmap-view", "", MadeUpSamples(100)};
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{2});
  REQUIRE(judgement.twin.has_value());
  CHECK(judgement.twin->strategy == 3);
  CHECK(judgement.twin->baseline == 1);
  // Neither of the first strategy nor of the leader, and compared all the same.
  CHECK(judgement.Of(3, 1) != nullptr);
  CHECK(judgement.Of(1, 0)->reason == "read-write is not possible: not here");
}

TEST_CASE("the twin of a strategy in trouble tells nothing") {
  Point point = MadeUpPoint(16, 200, 100);
  Add(point.arms[0], 6, 0, Status::kFailed);
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK_FALSE(judgement.twin->comparison.ratio.has_value());
  CHECK(VerdictAt(judgement, kTwin, 1) == Verdict::kInconclusive);
}

TEST_CASE("nothing that could be run tells nothing") {
  Point point = MadeUpPoint(16, 200, 100);
  for (Arm& arm : point.arms) arm = {arm.strategy, "not here", {}};
  point.again = {};
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners.empty());
  CHECK_FALSE(judgement.open);
  CHECK(judgement.inconclusive.empty());
  CHECK(judgement.ranking.empty());
}

TEST_CASE("rounds with interference are left out as long as six others remain") {
  Point point = MadeUpPoint(16, 200, 100);
  for (Arm* arm : {&point.arms[0], &point.arms[1]}) Add(*arm, 6, 9000, Status::kInterference);
  CHECK(*Judge(point, Figure::kAccepted).Of(1, 0)->ratio->low > 1.8);
  CHECK(Judge(point, Figure::kAccepted).costs[0]->high < 300);
  CHECK_FALSE(point.arms[0].WithInterference());
  for (Sample& sample : point.arms[0].samples) sample.status = Status::kInterference;
  CHECK(point.arms[0].WithInterference());
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.Of(1, 0)->with_interference);
  CHECK(judgement.Of(1, 0)->rounds == 7);
}

}  // namespace
}  // namespace faultline::crossover
