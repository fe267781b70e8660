// Points on small real files: strategies that fail, can't be run, or are found different.
#include "harness/crossover/point_trials.h"

#include "tests/catch.h"
#include "tests/trial/trial_fixture.h"

namespace faultline::crossover {
namespace {

// Trials in a directory of their own, without progress.
struct Searching {
  explicit Searching(Figure by = Figure::kAccepted)
      : trials(progress, by, CutOffPolicy::kBeatenBy) {}

  const TemporaryDirectory directory;
  Progress progress{0, 0, false};
  PointTrials trials;
};

constexpr PointDefaults kSmall = {64 << 10, 200};

const Settings kThree = {{"strategy", {"read-write", "mmap-window:size=4KiB", "read-all"}}};

PlannedPoint PlanAt(const Settings& given, const std::string& axis_text, double value,
                    const std::filesystem::path& directory) {
  const Axis axis = ParseAxis(axis_text, "--x", given);
  const AxisValue at[] = {{&axis, value}};
  return PlanPoint(given, at, kSmall, directory);
}

TEST_CASE("a strategy that can't serve a point is an arm that says why") {
  const PlannedPoint wide = PlanAt(kThree, "record-size=16..64KiB", 65536, "nowhere");
  CHECK(wide.refusal.empty());
  CHECK(wide.point.arms[0].why_not.empty());
  CHECK_THAT(wide.point.arms[1].why_not, ContainsSubstring("65536 bytes"));
  CHECK_FALSE(wide.specs[1].has_value());
  CHECK_THAT(wide.point.regime, ContainsSubstring("random-update, 1 x 64KiB, 200 operations"));
  const PlannedPoint shared = PlanAt(kThree, "processes=1..2", 2, "nowhere");
  CHECK_THAT(shared.point.arms[2].why_not, ContainsSubstring("several processes"));
}

TEST_CASE("values that make no sense for any strategy are refused as such") {
  CHECK_THAT(PlanAt(kThree, "threads=1..100000", 100000, "nowhere").refusal,
             ContainsSubstring("workers"));
  CHECK_THAT(PlanAt(kThree, "memory-limit=1MiB..8MiB", 1 << 20, "nowhere").refusal,
             ContainsSubstring("--memory-limit"));
}

TEST_CASE("rounds repeat every arm, and the first one twice") {
  const TemporaryDirectory directory;
  Progress progress(0, 0, false);
  {
    PointTrials trials(progress, Figure::kAccepted, 20);
    PlannedPoint planned = PlanAt(kThree, "record-size=16..64KiB", 32768, directory.path());
    CHECK(trials.Run(planned, "point", 2));
    const Point& point = planned.point;
    CHECK(point.rounds == 2);
    CHECK(point.again.strategy == "read-write");
    CHECK(point.again.samples.size() == 2);
    CHECK(point.arms[0].samples.size() == 2);
    CHECK(point.arms[1].samples.empty());
    CHECK(point.arms[2].samples.size() == 2);
    for (const Arm* arm : {&point.arms[0], &point.arms[2], &point.again}) {
      CHECK(arm->samples[0].round == 0);
      CHECK(arm->samples[1].round == 1);
      CHECK(arm->samples[0].Of(Figure::kDurable) > 0);
    }
    CHECK_FALSE(std::filesystem::is_empty(directory.path()));
  }
  // Its data file was not there before.
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a failed strategy is not run again, and the others go on") {
  Searching search;
  Settings given = kThree;
  given["timeout"] = {"0.0000001"};
  PlannedPoint planned = PlanAt(given, "threads=1..2", 1, search.directory.path());
  planned.specs[0]->timeout_seconds = 60;
  CHECK(search.trials.Run(planned, "point", 2));
  CHECK(planned.point.arms[0].samples.size() == 2);
  CHECK(planned.point.arms[1].samples.size() == 1);
  CHECK(planned.point.arms[1].failed());
  CHECK_THAT(planned.point.arms[1].Trouble(), ContainsSubstring("hung"));
}

TEST_CASE("where the first strategy fails, the next one makes the A/A pair") {
  Searching search;
  PlannedPoint planned = PlanAt(kThree, "threads=1..2", 1, search.directory.path());
  CHECK(search.trials.Run(planned, "point", 1));
  planned.specs[0]->timeout_seconds = 1e-7;
  CHECK(search.trials.Run(planned, "point", 1));
  // Once, whichever of the two was to come first.
  CHECK(planned.point.arms[0].failed());
  CHECK(planned.point.arms[0].samples.size() == 2);
  CHECK(planned.point.again.samples.size() == 1);
  CHECK(search.trials.Run(planned, "point", 2));
  CHECK(planned.point.again.strategy == planned.point.arms[1].strategy);
  CHECK(planned.point.again.samples.size() == 2);
  CHECK(planned.point.arms[1].samples.size() == 4);
}

TEST_CASE("data that can't be had make a point fail, not the search") {
  Searching search;
  PlannedPoint planned = PlanAt(kThree, "threads=1..2", 1, search.directory.path() / "file");
  WriteBytes(search.directory / "file", "mine");
  CHECK(search.trials.Run(planned, "point", 1));
  CHECK_FALSE(planned.point.arms[0].Trouble().empty());
  CHECK(planned.point.arms[0].RoundsOf(Figure::kAccepted).values().empty());
}

// A strategy whose pass never ends.
void MakeEndless(PlannedPoint& planned, std::size_t arm) {
  planned.specs[arm]->passes = std::uint64_t{1} << 40;
}

TEST_CASE("what is far behind is cut off, twice, and no winner") {
  Searching search(Figure::kDurable);
  PlannedPoint planned = PlanAt(kThree, "threads=1..2", 1, search.directory.path());
  CHECK(search.trials.Run(planned, "point", 1));
  MakeEndless(planned, 1);
  CHECK(search.trials.Run(planned, "point", 3));
  const Point& point = planned.point;
  CHECK(point.arms[1].Count(Status::kCutOff) == 2);
  CHECK(point.arms[1].samples.size() == 3);
  CHECK_FALSE(point.arms[1].failed());
  CHECK_THAT(point.arms[1].Trouble(), ContainsSubstring("cut off in 'steady' after ") &&
                                          ContainsSubstring("the fastest was"));
  CHECK(point.arms[1].RoundsOf(Figure::kDurable).values().empty());
  CHECK(point.arms[0].samples.size() == 4);
  CHECK(point.arms[2].samples.size() == 4);
}

TEST_CASE(
    "a pilot takes as long as it is given, and leaves nothing but a cut-off policy and failures") {
  Searching search;
  using End = PointTrials::PilotEnd;
  PlannedPoint planned = PlanAt(kThree, "threads=1..2", 1, search.directory.path());
  for (std::size_t arm = 0; arm < 3; ++arm) MakeEndless(planned, arm);
  CHECK(search.trials.RunPilots(planned, "point", 0.1) == End::kTooSlow);
  CHECK_FALSE(planned.point.begun());
  planned.specs[0]->passes = 1;
  CHECK(search.trials.RunPilots(planned, "point", 600) == End::kDone);
  CHECK(planned.point.cut_offs.known());
  CHECK_FALSE(planned.point.begun());
  PlannedPoint failing = PlanAt(kThree, "threads=1..2", 1, search.directory.path());
  for (auto& spec : failing.specs) spec->timeout_seconds = 1e-7;
  CHECK(search.trials.RunPilots(failing, "point", 600) == End::kNothing);
  for (const Arm& arm : failing.point.arms) CHECK(arm.failed());
  search.trials.Begin(std::chrono::steady_clock::now());
  CHECK(search.trials.RunPilots(planned, "point", 600) == End::kStopped);
}

TEST_CASE("when time is over, a repetition is not waited for, and what was finished is kept") {
  // Of the steady passes the time of the first says nothing, so nothing is cut off.
  Searching search(Figure::kSteady);
  PlannedPoint planned = PlanAt(kThree, "threads=1..2", 1, search.directory.path());
  CHECK(search.trials.Run(planned, "point", 1));
  MakeEndless(planned, 1);
  search.trials.Begin(std::chrono::steady_clock::now() + std::chrono::milliseconds(300));
  CHECK_FALSE(search.trials.Run(planned, "point", 5));
  CHECK(search.trials.Over());
  CHECK(planned.point.rounds == 1);
  CHECK(planned.point.arms[1].samples.size() == 1);
  CHECK(planned.point.arms[1].Trouble().empty());
  CHECK_FALSE(planned.point.again.samples.empty());
  CHECK_FALSE(search.trials.Run(planned, "point", 1));
}

}  // namespace
}  // namespace faultline::crossover
