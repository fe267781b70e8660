// The open loop by a clock that only moves when it is told to, and through whole trials.
#include "harness/trial/open_loop.h"

#include <vector>

#include "harness/trial/workers.h"
#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

constexpr std::int64_t kStartNs = 1'000'000;

class MadeUpClock final : public LoopClock {
 public:
  std::int64_t NowNs() const override { return now_ns; }
  std::int64_t WaitUntil(std::int64_t ns) const override {
    if (ns > now_ns) now_ns = ns + oversleep_ns;
    return now_ns;
  }

  mutable std::int64_t now_ns = kStartNs;
  std::int64_t oversleep_ns = 0;
};

// Takes 10 ns for each operation, but 1,000 for the one numbered `slow`.
class TimedSession final : public Session {
 public:
  TimedSession(MadeUpClock& clock, std::uint64_t slow) : clock_(clock), slow_(slow) {}

  void Execute(const Batch& batch, Observer& observer) override {
    CHECK(batch.operations.size() == 1);
    CHECK(observer.sample_every() == 0);
    begun_ns.push_back(clock_.now_ns - kStartNs);
    clock_.now_ns += batch.first_sequence == slow_ ? 1000 : 10;
  }

  std::vector<std::int64_t> begun_ns;

 private:
  MadeUpClock& clock_;
  std::uint64_t slow_;
};

struct Played {
  std::vector<std::int64_t> begun_ns;
  Histogram latency;
  std::uint64_t late = 0;
  std::uint64_t together = 0;
  Histogram harness_late;
  std::int64_t last_begin_ns = 0;
};

Played Play(const std::vector<std::int64_t>& due_ns, std::uint64_t slow,
            std::int64_t oversleep_ns = 0) {
  MadeUpClock clock;
  clock.oversleep_ns = oversleep_ns;
  TimedSession session(clock, slow);
  OpenLoop loop(clock);
  Histogram latency;
  const std::vector<Operation> one = {Operation(OperationKind::kRead, 0, 1)};
  loop.BeginPass();
  loop.BeginStretch(kStartNs);
  for (std::uint64_t i = 0; i < due_ns.size(); ++i) {
    const std::int64_t ended_ns = loop.Execute(session, {one, i}, due_ns[i], latency);
    CHECK(ended_ns == clock.now_ns - kStartNs);
  }
  CHECK(loop.last_due_ns() == due_ns.back());
  return {session.begun_ns,       latency,
          loop.late_operations(), loop.due_together(),
          loop.harness_late(),    loop.last_begin_ns()};
}

std::uint64_t CountAbove(const Histogram& histogram, std::uint64_t ns) {
  std::uint64_t count = 0;
  for (const Histogram::Bin& bin : histogram.NonEmptyBins()) {
    if (bin.lower > ns) count += bin.count;
  }
  return count;
}

TEST_CASE("operations begin when they are due") {
  const Played played = Play({0, 100, 250, 400}, 99);
  CHECK(played.begun_ns == std::vector<std::int64_t>{0, 100, 250, 400});
  CHECK(played.late == 0);
  CHECK(played.together == 0);
  CHECK(played.latency.samples() == 4);
  CHECK(played.latency.maximum() == 10);
  CHECK(played.harness_late.samples() == 4);
  CHECK(played.harness_late.maximum() == 0);
  CHECK(played.last_begin_ns == 400);
}

TEST_CASE("latency counts from when an operation was due and a stall shows in all that waited") {
  // The second takes 1,000 ns: of those after it, five come due meanwhile. By what each took itself
  // there would be a single slow one.
  const Played played = Play({0, 100, 300, 500, 700, 900, 1095, 2000}, 1);
  CHECK(played.begun_ns == std::vector<std::int64_t>{0, 100, 1100, 1110, 1120, 1130, 1140, 2000});
  CHECK(played.late == 5);
  CHECK(played.latency.samples() == 8);
  CHECK(CountAbove(played.latency, 50) == 6);
  CHECK(CountAbove(played.latency, 200) == 5);
  CHECK(played.latency.maximum() == 1000);
  CHECK(played.harness_late.samples() == 3);
}

TEST_CASE("operations due together are no lateness of each other") {
  const Played played = Play({0, 100, 100, 100, 500}, 99);
  CHECK(played.begun_ns == std::vector<std::int64_t>{0, 100, 110, 120, 500});
  CHECK(played.together == 2);
  CHECK(played.late == 0);
  CHECK(played.harness_late.samples() == 3);
  CHECK(played.latency.maximum() == 30);
  CHECK(Play({0, 100, 100}, 0).late == 2);
}

TEST_CASE("the harness's own lateness is told apart from the session's") {
  const Played played = Play({100, 200, 1500}, 0, 7);
  CHECK(played.begun_ns == std::vector<std::int64_t>{107, 1107, 1507});
  CHECK(played.late == 1);
  CHECK(played.harness_late.samples() == 2);
  CHECK(played.harness_late.maximum() == 7);
  CHECK(played.latency.maximum() == 1007);
}

TEST_CASE("a backlog outlasts the pause between two stretches and ends with the pass") {
  MadeUpClock clock;
  TimedSession session(clock, 0);
  OpenLoop loop(clock);
  Histogram latency;
  const std::vector<Operation> one = {Operation(OperationKind::kRead, 0, 1)};
  loop.BeginPass();
  loop.BeginStretch(kStartNs);
  loop.Execute(session, {one, 0}, 0, latency);
  clock.now_ns += 5000;  // between the stretches, and no part of the pass
  loop.BeginStretch(clock.now_ns - 1000);
  CHECK(loop.Execute(session, {one, 1}, 100, latency) == 1010);
  CHECK(loop.late_operations() == 1);
  CHECK(latency.maximum() == 1000);
  loop.BeginPass();
  loop.BeginStretch(clock.now_ns);
  CHECK(loop.Execute(session, {one, 2}, 0, latency) == 10);
  CHECK(loop.late_operations() == 1);
  CHECK(loop.due_together() == 0);
}

TEST_CASE("a rate is shared evenly by the workers") {
  CHECK(EvenlySpacedNs(1e9, 0, 0, 1) == 0);
  CHECK(EvenlySpacedNs(1000, 5, 0, 1) == 5'000'000);
  CHECK(EvenlySpacedNs(1000, 5, 2, 3) == 17'000'000);
  CHECK(EvenlySpacedNs(0.5, 1, 0, 2) == 4'000'000'000);
}

TEST_CASE("a rate is kept down to one percent below it") {
  OpenLoopReport report;
  CHECK_FALSE(report.RateKept().has_value());
  report.intended_rate = 1000;
  report.achieved_rate = 990;
  CHECK(report.RateKept() == true);
  report.achieved_rate = 989;
  CHECK(report.RateKept() == false);
}

TEST_CASE("an open load executes the same plan and times every operation") {
  const TemporaryDirectory directory;
  const std::pair<std::uint64_t, std::uint64_t> shapes[] = {{1, 1}, {3, 1}, {2, 2}};
  for (const auto& [threads, processes] : shapes) {
    TrialSpec spec = SmallTrial(directory.path(), "read-write", "random-update");
    spec.load = LoadMode::kOpen;
    spec.rate = 1e5;
    spec.passes = 2;
    spec.threads = threads;
    spec.processes = processes;
    const Measurement measurement = RunOnce(spec);
    CheckRight(measurement);
    CHECK(measurement.operations == 2000);
    CHECK(measurement.series.back().second == 2000);
    REQUIRE(measurement.latency.has_value());
    CHECK(measurement.latency->histogram.samples() == 2000);
    REQUIRE(measurement.open_load.has_value());
    CHECK(measurement.open_load->due_together == 0);
    CHECK(measurement.open_load->late_operations + measurement.open_load->harness_late.samples() ==
          2000);
    CHECK(*measurement.open_load->intended_rate == Approx(1e5).epsilon(0.01));
    CHECK(*measurement.open_load->achieved_rate <= *measurement.open_load->intended_rate);
    CHECK_FALSE(measurement.NsPerOperation().has_value());
    CHECK_FALSE(measurement.DurableNsPerOperation().has_value());
    CHECK_FALSE(measurement.SteadyNsPerOperation().has_value());
  }
}

TEST_CASE("a rate that nobody can keep is said not to be kept") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "read-write", "random-update");
  spec.load = LoadMode::kOpen;
  spec.rate = 1e9;
  const Measurement measurement = RunOnce(spec);
  CheckRight(measurement);
  REQUIRE(measurement.open_load.has_value());
  CHECK(measurement.open_load->RateKept() == false);
  CHECK(measurement.open_load->late_operations > 900);
}

TEST_CASE("an open load larger than the buffers is executed in stretches and verified") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "mmap-view", "random-update");
  spec.load = LoadMode::kOpen;
  spec.rate = 1e9;
  spec.operations = Workers::kBufferedOperations + 12345;
  for (const std::uint64_t threads : {1, 3}) {
    spec.threads = threads;
    const Measurement measurement = RunOnce(spec);
    CheckRight(measurement);
    CHECK(measurement.operations == spec.operations);
    CHECK(measurement.latency->histogram.samples() == spec.operations);
  }
}

TEST_CASE("a closed loop reports no open load") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunOnce(SmallTrial(directory.path(), "read-write", "random-update"));
  CHECK_FALSE(measurement.open_loop);
  CHECK_FALSE(measurement.open_load.has_value());
}

TEST_CASE("an open load that makes no sense is refused with its reason") {
  TrialSpec spec = SmallTrial("somewhere", "read-write", "random-update");
  spec.rate = 10;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("--rate is of an open load"));
  spec.load = LoadMode::kOpen;
  CHECK_NOTHROW(Resolve(spec));
  spec.passes = 5;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("lasts 6 min 40 s"));
  spec.passes = 1;
  spec.latency = LatencyMode::kAll;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("leave --latency out"));
  spec.latency = LatencyMode::kOff;
  spec.rate = std::nullopt;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("no recorded times; give --rate"));
  CHECK_THROWS_AS(ParseLoadMode("half-open"), UsageError);
}

}  // namespace
}  // namespace faultline
