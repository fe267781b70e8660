// Timelines: samples placed on the time that the passes ran, and those of a trial.
#include "harness/trial/timeline.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

TimelineSample LookAtSecond(double seconds) {
  return {static_cast<std::int64_t>(seconds * 1e9), {{"x", 1}}};
}

TEST_CASE("samples between two stretches are left out and time runs on over the gap") {
  const TimelineSample samples[] = {LookAtSecond(0.5), LookAtSecond(1.5), LookAtSecond(2.5),
                                    LookAtSecond(4.5), LookAtSecond(9)};
  const Stretch stretches[] = {{1'000'000'000, 1}, {4'000'000'000, 2}};
  const std::pair<double, std::uint64_t> series[] = {{1, 100}, {3, 300}};
  const std::vector<TimelineRow> rows = MakeTimeline(samples, stretches, series);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].seconds == Approx(0.5));
  CHECK(rows[0].operations == 50);
  CHECK(rows[1].seconds == Approx(1.5));
  CHECK(rows[1].operations == 150);
  CHECK(rows[1].counters.at("x") == 1u);
}

TEST_CASE("operations between two samples at the clock are spread evenly over the series") {
  std::vector<std::uint64_t> series = {1};
  AddToSeries(0.25, 0.25, 4, 0.1, series);
  CHECK(series == std::vector<std::uint64_t>{1, 0, 4});
  AddToSeries(0.05, 0.45, 256, 0.1, series);
  CHECK(series == std::vector<std::uint64_t>{33, 64, 68, 64, 32});
  // Fewer than there are bins, and none is lost.
  series.clear();
  AddToSeries(0, 0.98, 3, 0.1, series);
  CHECK(std::accumulate(series.begin(), series.end(), std::uint64_t{0}) == 3);
  CHECK(series.size() == 10);
  CHECK(*std::max_element(series.begin(), series.end()) == 1);
}

TEST_CASE("a watch samples at its begin and at its end, however soon that is") {
  std::atomic<int> calls = 0;
  TimelineSampler watch([&]() -> Counters {
    ++calls;
    return {{"calls", calls.load()}};
  });
  while (calls == 0) std::this_thread::yield();
  const std::vector<TimelineSample> samples = watch.Stop();
  REQUIRE(samples.size() >= 2);
  CHECK(samples.front().counters.at("calls") == 1u);
  CHECK(samples.back().counters.at("calls") == samples.size());
  CHECK(samples.back().at_ns >= samples.front().at_ns);
}

TEST_CASE("a trial has a timeline when it is asked for one") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "read-write-flushed", "random-update");
  spec.operations = 5000;
  CHECK(RunOnce(spec).timeline.empty());
  spec.timeline = true;
  const Measurement measurement = RunOnce(spec);
  CheckRight(measurement);
  REQUIRE_FALSE(measurement.timeline.empty());
  for (std::size_t i = 0; i < measurement.timeline.size(); ++i) {
    const TimelineRow& row = measurement.timeline[i];
    CHECK(row.operations <= 5000);
    if (i > 0) CHECK(row.seconds > measurement.timeline[i - 1].seconds);
    if (i > 0) CHECK(row.operations >= measurement.timeline[i - 1].operations);
    CHECK(row.counters.at("cached_pages").has_value());
    CHECK(row.counters.at("major_faults").has_value());
    CHECK(row.counters.contains("tlb_shootdowns"));
    CHECK(row.counters.contains("reclaimed_pages"));
  }
}

}  // namespace
}  // namespace faultline
