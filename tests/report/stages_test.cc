// The stages of a trial under memory pressure, found in made-up timelines.
#include "harness/report/stages.h"

#include "tests/catch.h"

namespace faultline {
namespace {

// A row every 100 ms: `operations` in each interval, and pages taken away in it.
class MadeUpTimeline {
 public:
  MadeUpTimeline& Add(int intervals, std::uint64_t operations, std::uint64_t reclaimed) {
    for (int i = 0; i < intervals; ++i) {
      operations_ += operations;
      reclaimed_ += reclaimed;
      TimelineSample();
    }
    return *this;
  }

  std::vector<TimelineRow> rows{Row()};

 private:
  TimelineRow Row() const {
    return {seconds_,
            operations_,
            {{"reclaimed_pages", 7 + reclaimed_},
             {"device_read_bytes", 4096 * operations_},
             {"cached_pages", 5}}};
  }
  void TimelineSample() {
    seconds_ += kTimelineSeconds;
    rows.push_back(Row());
  }

  double seconds_ = 0;
  std::uint64_t operations_ = 0;
  std::uint64_t reclaimed_ = 0;
};

TEST_CASE("filling, stall and steady are distinguished and summed up by themselves") {
  const MadeUpTimeline timeline =
      MadeUpTimeline().Add(10, 1000, 0).Add(5, 0, 5000).Add(20, 500, 300);
  const std::optional<document::Stages> stages = FindStages(timeline.rows);
  REQUIRE(stages.has_value());
  REQUIRE(stages->filling.has_value());
  CHECK(stages->filling->operations == 10000);
  CHECK(stages->filling->seconds == Approx(1.0));
  CHECK(stages->filling->operations_per_second == Approx(10000));
  CHECK(stages->filling->totals.at("device_read_bytes") == 4096u * 10000);
  CHECK(stages->filling->totals.at("reclaimed_pages") == 0u);
  CHECK_FALSE(stages->filling->totals.contains("cached_pages"));
  REQUIRE(stages->stall.has_value());
  CHECK(stages->stall->seconds == Approx(0.5));
  CHECK(stages->stall->begin_seconds == Approx(1.0));
  CHECK(stages->stall->operations == 0);
  REQUIRE(stages->steady.has_value());
  CHECK(stages->steady->operations == 10000);
  CHECK(stages->steady->operations_per_second == Approx(5000));
  CHECK(stages->steady->totals.at("reclaimed_pages") == 6000u);
}

TEST_CASE("half as fast is no stall") {
  const MadeUpTimeline timeline = MadeUpTimeline().Add(10, 1000, 0).Add(20, 500, 300);
  const std::optional<document::Stages> stages = FindStages(timeline.rows);
  REQUIRE(stages.has_value());
  CHECK_FALSE(stages->stall.has_value());
  CHECK(stages->steady->seconds == Approx(2.0));
}

TEST_CASE("where memory never was short there is filling only") {
  const MadeUpTimeline timeline = MadeUpTimeline().Add(10, 1000, kFirstReclaimedPages / 20);
  const std::optional<document::Stages> stages = FindStages(timeline.rows);
  REQUIRE(stages.has_value());
  CHECK(stages->filling->operations == 10000);
  CHECK_FALSE(stages->stall.has_value());
  CHECK_FALSE(stages->steady.has_value());
}

TEST_CASE("memory that is short from the first sample on is steady at once") {
  const MadeUpTimeline timeline = MadeUpTimeline().Add(10, 1000, kFirstReclaimedPages);
  const std::optional<document::Stages> stages = FindStages(timeline.rows);
  REQUIRE(stages.has_value());
  CHECK_FALSE(stages->filling.has_value());
  CHECK_FALSE(stages->stall.has_value());
  CHECK(stages->steady->operations == 10000);
}

TEST_CASE("too few rows, or no count of what was taken away, say nothing") {
  MadeUpTimeline timeline = MadeUpTimeline().Add(1, 1000, 0);
  CHECK_FALSE(FindStages(timeline.rows).has_value());
  timeline.Add(10, 1000, 500);
  CHECK(FindStages(timeline.rows).has_value());
  timeline.rows[3].counters["reclaimed_pages"] = std::nullopt;
  CHECK_FALSE(FindStages(timeline.rows).has_value());
}

}  // namespace
}  // namespace faultline
