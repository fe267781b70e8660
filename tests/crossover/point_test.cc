// Which strategies are best at a point, by made-up repetitions.
#include "harness/crossover/point.h"

#include "tests/catch.h"
#include "tests/crossover/made_up.h"

namespace faultline::crossover {
namespace {

using Winners = std::vector<std::size_t>;

TEST_CASE("the one that is cheaper by more than noise is best") {
  const Judgement judgement = Judge(MadeUpPoint(16, 200, 100), Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK_FALSE(judgement.disturbed);
  REQUIRE(judgement.arms[1].to_first.has_value());
  CHECK(judgement.arms[1].to_first->median == Approx(0.5));
  CHECK(judgement.arms[0].to_best->median == Approx(2));
  CHECK(judgement.arms[0].cost->median == Approx(200));
  CHECK(judgement.noise.value() > 0);
  CHECK(judgement.noise.value() < 0.06);
}

TEST_CASE("within noise of the best is as good as the best") {
  CHECK(Judge(MadeUpPoint(16, 101, 100), Figure::kAccepted).winners == Winners{0, 1});
  // Apart by more than the scatter of each, but not by more than the A/A pair.
  Point point = MadeUpPoint(16, 120, 100);
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{1});
  point.again.samples = MadeUpSamples(100);
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{0, 1});
}

TEST_CASE("without an A/A pair nothing is told but of a strategy alone") {
  Point point = MadeUpPoint(16, 200, 100);
  point.again.samples = MadeUpSamples(200, 2);
  CHECK(Judge(point, Figure::kAccepted).winners.empty());
  CHECK(Judge(point, Figure::kAccepted).disturbed);
  point.again.samples.clear();
  CHECK(Judge(point, Figure::kAccepted).disturbed);
  CHECK_FALSE(Judge(point, Figure::kAccepted).noise.has_value());
  point.arms[1].samples.push_back(MadeUpSample(0, Status::kFailed));
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{0});
}

TEST_CASE("each figure is judged by its own values") {
  Point point = MadeUpPoint(16, 200, 100);
  for (Sample& sample : point.arms[1].samples) sample.ns[1] = 9000;
  CHECK(Judge(point, Figure::kDurable).winners == Winners{0});
  CHECK(Judge(point, Figure::kSteady).winners == Winners{1});
  for (const Figure figure : kAllFigures) CHECK(ParseFigure(FigureWord(figure)) == figure);
  CHECK_THROWS_WITH(ParseFigure("fast"), ContainsSubstring("accepted, durable or steady"));
}

TEST_CASE("a strategy that failed once is never the best, however fast") {
  Point point = MadeUpPoint(16, 200, 100);
  point.arms[1].samples.push_back(MadeUpSample(0, Status::kFailed));
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{0});
  CHECK_FALSE(judgement.arms[1].cost.has_value());
  CHECK_FALSE(judgement.arms[1].to_first.has_value());
  CHECK(point.arms[1].Trouble() == "planted fault");
}

TEST_CASE("what was cut off twice is beaten, unless equal costs may be as far apart") {
  Point point = MadeUpPoint(16, 200, 100);
  point.arms[0].samples.push_back(MadeUpSample(0, Status::kCutOff));
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{1});
  CHECK(Judge(point, Figure::kAccepted).arms[0].cost.has_value());
  // Once is no verdict, of a strategy without a figure neither.
  point.arms[0].samples.erase(point.arms[0].samples.begin(), point.arms[0].samples.end() - 1);
  CHECK(Judge(point, Figure::kAccepted).winners.empty());
  CHECK(Judge(point, Figure::kAccepted).disturbed);
  Point other = MadeUpPoint(16, 100, 200);
  for (int i = 0; i < 2; ++i) {
    other.arms[0].samples.push_back(MadeUpSample(0, Status::kCutOff));
    other.arms[0].samples.back().error = "cut off";
  }
  CHECK(other.arms[0].Trouble() == "cut off");
  CHECK_FALSE(Judge(other, Figure::kAccepted).arms[0].cost.has_value());
  // The only one left needs no figures to be chosen.
  other.arms[1].samples = MadeUpSamples(200, 3, Status::kDisturbed);
  CHECK(Judge(other, Figure::kAccepted).winners == Winners{1});
  CHECK_FALSE(Judge(other, Figure::kAccepted).disturbed);
  other.again = {"mmap-view", "", MadeUpSamples(200 * 25)};
  other.arms[1].samples = MadeUpSamples(200);
  CHECK(Judge(other, Figure::kAccepted).noise.value() > 19);
  CHECK(Judge(other, Figure::kAccepted).winners.empty());
}

TEST_CASE("without the first strategy the A/A pair is that of the next") {
  Point point = MadeUpPoint(16, 200, 100);
  point.arms[0] = {"read-write", "not here", {}};
  point.again = {"mmap-view", "", MadeUpSamples(100)};
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners == Winners{1});
  CHECK(judgement.noise.has_value());
  CHECK_FALSE(judgement.arms[1].to_first.has_value());
}

TEST_CASE("nothing that could be run tells nothing") {
  Point point = MadeUpPoint(16, 200, 100);
  for (Arm& arm : point.arms) arm = {arm.strategy, "not here", {}};
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners.empty());
  CHECK_FALSE(judgement.disturbed);
  CHECK_FALSE(judgement.noise.has_value());
}

TEST_CASE("disturbed repetitions are left out, and too few others tell nothing") {
  Point point = MadeUpPoint(16, 200, 100);
  point.arms[0].samples.push_back(MadeUpSample(9000, Status::kDisturbed));
  CHECK(Judge(point, Figure::kAccepted).arms[0].cost->high < 300);
  CHECK(Judge(point, Figure::kAccepted).winners == Winners{1});
  point.arms[0].samples = MadeUpSamples(200, 2);
  point.arms[0].samples.push_back(MadeUpSample(9000, Status::kDisturbed));
  const Judgement judgement = Judge(point, Figure::kAccepted);
  CHECK(judgement.winners.empty());
  CHECK(judgement.disturbed);
  CHECK(judgement.arms[0].cost->median == Approx(200).epsilon(0.03));
}

}  // namespace
}  // namespace faultline::crossover
