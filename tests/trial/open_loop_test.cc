// The open loop by a clock that only moves when it is told to, and through whole trials.
#include "harness/trial/open_loop.h"

#include <algorithm>
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

// Takes 10 ns for a batch, but 1,000 for one with the operation numbered `slow`.
class TimedSession final : public Session {
 public:
  TimedSession(MadeUpClock& clock, std::uint64_t slow) : clock_(clock), slow_(slow) {}

  void Execute(const Batch& batch, Observer& observer) override {
    CHECK(observer.sample_every() == 0);
    begun_ns.push_back(clock_.now_ns - kStartNs);
    sizes.push_back(batch.operations.size());
    const bool slow = slow_ - batch.first_sequence < batch.operations.size();
    clock_.now_ns += slow ? 1000 : 10;
  }

  std::vector<std::int64_t> begun_ns;  // of each batch
  std::vector<std::size_t> sizes;

 private:
  MadeUpClock& clock_;
  std::uint64_t slow_;
};

struct Played {
  std::vector<std::int64_t> begun_ns;
  std::vector<std::size_t> sizes;
  Histogram latency;
  std::uint64_t late = 0;
  std::uint64_t together = 0;
  Histogram harness_late;
  std::int64_t last_begin_ns = 0;
};

Played Play(const std::vector<Operation>& operations, const std::vector<std::int64_t>& due_ns,
            std::uint64_t slow, std::int64_t oversleep_ns, bool together) {
  MadeUpClock clock;
  clock.oversleep_ns = oversleep_ns;
  TimedSession session(clock, slow);
  OpenLoop loop(clock, together);
  Histogram latency;
  loop.BeginPass();
  loop.BeginStretch(kStartNs);
  for (std::size_t i = 0; i < due_ns.size();) {
    const OpenLoop::Done done = loop.Execute(session, {std::span(operations).subspan(i), i},
                                             std::span(due_ns).subspan(i), latency);
    CHECK(done.ended_ns == clock.now_ns - kStartNs);
    CHECK(done.operations == session.sizes.back());
    i += done.operations;
  }
  CHECK(loop.last_due_ns() == due_ns.back());
  return {session.begun_ns,       session.sizes,       latency,
          loop.late_operations(), loop.due_together(), loop.harness_late(),
          loop.last_begin_ns()};
}

// Of reads.
Played Play(const std::vector<std::int64_t>& due_ns, std::uint64_t slow,
            std::int64_t oversleep_ns = 0, bool together = false) {
  const std::vector<Operation> operations(due_ns.size(), Operation(OperationKind::kRead, 0, 1));
  return Play(operations, due_ns, slow, oversleep_ns, together);
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

TEST_CASE("a session that works on several gets all that are due, and each counts from its time") {
  // The second takes 1,000 ns, in which five come due; they are executed at once.
  const Played played = Play({0, 100, 300, 500, 700, 900, 1095, 2000, 2000}, 1, 0, true);
  CHECK(played.begun_ns == std::vector<std::int64_t>{0, 100, 1100, 2000});
  CHECK(played.sizes == std::vector<std::size_t>{1, 1, 5, 2});
  CHECK(played.late == 5);
  CHECK(played.together == 1);
  CHECK(played.latency.samples() == 9);
  CHECK(played.latency.maximum() == 1000);
  CHECK(CountAbove(played.latency, 200) == 5);  // 1000, and 810 to 210 of those that waited
  CHECK(CountAbove(played.latency, 600) == 3);
  CHECK(played.harness_late.samples() == 3);
  CHECK(played.last_begin_ns == 2000);
  // One that woke late is not blamed on the session.
  const Played overslept = Play({100, 105, 500}, 99, 7, true);
  CHECK(overslept.sizes == std::vector<std::size_t>{2, 1});
  CHECK(overslept.late == 0);
  CHECK(overslept.harness_late.maximum() == 7);
}

TEST_CASE("discards that are due at one time are one, whatever the session") {
  const Operation discard(OperationKind::kDiscard, 0, 512);
  const Operation read(OperationKind::kRead, 0, 512);
  const Played played =
      Play({discard, discard, discard, discard, read, read}, {0, 0, 0, 5, 5, 5}, 99, 0, false);
  CHECK(played.sizes == std::vector<std::size_t>{3, 1, 1, 1});
  CHECK(played.latency.samples() == 6);
}

TEST_CASE("no more are handed over at once than a batch of a closed loop may have") {
  const Played played = Play(std::vector<std::int64_t>(5000, 50), 0, 0, true);
  CHECK(played.sizes == std::vector<std::size_t>{4096, 904});
  CHECK(played.together == 4999);
}

TEST_CASE("the harness's own lateness is counted apart from the session's") {
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
  OpenLoop loop(clock, false);
  Histogram latency;
  const std::vector<Operation> one = {Operation(OperationKind::kRead, 0, 1)};
  loop.BeginPass();
  loop.BeginStretch(kStartNs);
  const auto execute = [&](std::uint64_t sequence, std::int64_t due_ns) {
    return loop.Execute(session, {one, sequence}, std::span(&due_ns, 1), latency).ended_ns;
  };
  execute(0, 0);
  clock.now_ns += 5000;  // between the stretches, and no part of the pass
  loop.BeginStretch(clock.now_ns - 1000);
  CHECK(execute(1, 100) == 1010);
  CHECK(loop.late_operations() == 1);
  CHECK(latency.maximum() == 1000);
  loop.BeginPass();
  loop.BeginStretch(clock.now_ns);
  CHECK(execute(2, 0) == 10);
  CHECK(loop.late_operations() == 1);
  CHECK(loop.due_together() == 0);
}

TEST_CASE("a rate is shared evenly by the workers") {
  const auto kth = [](double rate, std::uint64_t k, std::uint64_t worker, std::uint64_t workers) {
    ArrivalTimes times({.rate = rate}, worker, workers);
    for (std::uint64_t i = 0; i < k; ++i) times.NextNs();
    return times.NextNs();
  };
  CHECK(kth(1e9, 0, 0, 1) == 0);
  CHECK(kth(1000, 5, 0, 1) == 5'000'000);
  CHECK(kth(1000, 5, 2, 3) == 17'000'000);
  CHECK(kth(0.5, 1, 0, 2) == 4'000'000'000);
}

TEST_CASE("distances of a Poisson process are exponentially distributed, and its workers' too") {
  constexpr std::uint64_t kCount = 30'000;
  std::vector<std::int64_t> due_ns;
  for (std::uint64_t worker = 0; worker < 3; ++worker) {
    const OpenLoad load{.rate = 1e6, .arrivals = Arrivals::kPoisson, .seed = 5};
    ArrivalTimes times(load, worker, 3);
    ArrivalTimes same(load, worker, 3);
    for (std::uint64_t i = 0; i < kCount / 3; ++i) {
      due_ns.push_back(times.NextNs());
      REQUIRE(same.NextNs() == due_ns.back());
    }
  }
  std::sort(due_ns.begin(), due_ns.end());
  due_ns.resize(kCount * 9 / 10);  // until the first worker is done
  double sum = 0;
  double squares = 0;
  std::uint64_t beyond_mean = 0;
  for (std::size_t i = 1; i < due_ns.size(); ++i) {
    const auto gap = static_cast<double>(due_ns[i] - due_ns[i - 1]);
    sum += gap;
    squares += gap * gap;
    beyond_mean += gap > 1000;
  }
  const double gaps = static_cast<double>(due_ns.size() - 1);
  CHECK(sum / gaps == Approx(1000).epsilon(0.03));
  CHECK(squares / gaps == Approx(2e6).epsilon(0.06));  // twice the mean's square
  CHECK(static_cast<double>(beyond_mean) / gaps == Approx(0.368).epsilon(0.03));  // 1 / e
  ArrivalTimes other({.rate = 1e6, .arrivals = Arrivals::kPoisson, .seed = 6}, 0, 1);
  ArrivalTimes first({.rate = 1e6, .arrivals = Arrivals::kPoisson, .seed = 5}, 0, 1);
  CHECK(other.NextNs() != first.NextNs());
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
    spec.arrivals = threads == 3 ? Arrivals::kPoisson : Arrivals::kEven;
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
    const double scatter = spec.arrivals == Arrivals::kPoisson ? 0.1 : 0.01;
    CHECK(*measurement.open_load->intended_rate == Approx(1e5).epsilon(scatter));
    CHECK(*measurement.open_load->achieved_rate <= *measurement.open_load->intended_rate);
    CHECK_FALSE(measurement.NsPerOperation().has_value());
    CHECK_FALSE(measurement.DurableNsPerOperation().has_value());
    CHECK_FALSE(measurement.SteadyNsPerOperation().has_value());
  }
}

TEST_CASE("a rate that no strategy can keep is said not to be kept") {
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

TEST_CASE("what is due at once is executed together and verified") {
  const TemporaryDirectory directory;
  for (const char* strategy : {"io-uring:depth=8", "vectored", "mmap-view:prefetch=4"}) {
    INFO(strategy);
    TrialSpec spec = SmallTrial(directory.path(), strategy, "random-update");
    spec.load = LoadMode::kOpen;
    spec.rate = 1e9;
    spec.threads = 2;
    if (!WhyUnsupported(Resolve(spec)).empty()) continue;
    const Measurement measurement = RunOnce(spec);
    CheckRight(measurement);
    CHECK(measurement.latency->histogram.samples() == measurement.operations);
    CHECK(measurement.open_load->late_operations + measurement.open_load->harness_late.samples() +
              measurement.open_load->due_together ==
          measurement.operations);
  }
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
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("--rate needs an open load"));
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
}

}  // namespace
}  // namespace faultline
