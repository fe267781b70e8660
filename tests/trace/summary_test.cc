// What a trace is summed up to.
#include <cmath>
#include <deque>

#include "harness/base/random.h"
#include "harness/trace/trace_summary.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

TEST_CASE("few pages are counted exactly") {
  PageSample sample;
  for (const std::uint64_t page : {1, 2, 3, 3, 1, 2}) sample.Access(page, page == 2 ? 1 : 0);
  CHECK(sample.rate() == 1);
  CHECK(sample.distinct_pages() == 3);
  CHECK(sample.first_uses() == 3);
  CHECK(sample.distances()[0] == 1);  // the second 3 follows the first
  CHECK(sample.distances()[2] == 2);  // 2 pages between both 1s and both 2s
  CHECK(sample.AccessesOfHottest(1) == 1);
}

TEST_CASE("many pages are estimated from a sample of bounded size") {
  // A cycle over these pages: each use is as far from the one before.
  constexpr std::uint64_t kPages = 300'000;
  PageSample sample;
  for (std::uint64_t i = 0; i < 3 * kPages; ++i) sample.Access(i % kPages, i / kPages);
  CHECK(sample.rate() < 0.1);
  CHECK(sample.distinct_pages() == Approx(kPages).epsilon(0.05));
  CHECK(sample.pages_per_interval().at(1) == Approx(kPages).epsilon(0.05));
  double again = 0;
  double far = 0;
  for (std::size_t bin = 0; bin < PageSample::kDistanceBins; ++bin) {
    again += sample.distances()[bin];
    if (std::ldexp(1, static_cast<int>(bin)) > kPages) far += sample.distances()[bin];
  }
  CHECK(again == Approx(2 * kPages).epsilon(0.05));
  CHECK(far == Approx(again).epsilon(0.01));
}

TEST_CASE("a summary has order, sizes, flushes and hot regions") {
  const TemporaryDirectory folder;
  std::vector<TraceEvent> events;
  for (std::uint64_t i = 0; i < 10; ++i) {
    events.push_back({.kind = EventKind::kRead, .time_ns = i, .offset = i * 100, .length = 100});
  }
  for (std::uint64_t i = 0; i < 30; ++i) {
    events.push_back({.kind = EventKind::kWrite,
                      .thread = 1,
                      .time_ns = 1'000'000'000,
                      .offset = 40960,
                      .length = 4096});
    if (i % 3 == 2 && i < 29)
      events.push_back({.kind = EventKind::kFlush, .thread = 1, .time_ns = 1'000'000'000});
  }
  // Flushes of nothing say nothing about how much lies between them.
  for (std::uint64_t i = 0; i < 20; ++i) {
    events.insert(events.begin(), {.kind = EventKind::kFlush});
  }
  MakeTrace(folder / "trace", 1 << 20, events);
  const TraceSummary summary = SummarizeTrace(folder / "trace");
  CHECK(summary.sequential_reads == 9);
  CHECK(summary.sequential_writes == 0);
  CHECK(summary.read_sizes[7] == 10);    // up to 128
  CHECK(summary.write_sizes[12] == 30);  // up to 4096
  CHECK(summary.median_writes_per_flush == 3);
  CHECK(summary.unflushed_writes == 3);
  CHECK(summary.threads == 2);
  CHECK(summary.files.at(0).read_bytes == 1000);
  REQUIRE(summary.hot_regions.size() == 2);
  CHECK(summary.hot_regions[0].offset == 40960);
  CHECK(summary.hot_regions[0].accesses == 30);
  CHECK(summary.pages.distinct_pages() == 2);

  const std::string text = SummaryText(summary);
  for (const char* part :
       {"/made/up", "1.00 MiB", "40KiB", "90.0 % of reads", "29, 29.0 a second"}) {
    CHECK_THAT(text, ContainsSubstring(part));
  }
}

TEST_CASE("a summary of nothing has no figures and no control characters") {
  const TemporaryDirectory folder;
  TraceWriter writer(folder / "trace", {.recorder = "a\x1b[2Jb", .command = "c\n\xff"});
  const std::uint32_t file = writer.AddFile("/e\x1b\xff", std::nullopt);
  writer.Add({.kind = EventKind::kOpen, .file = file});
  writer.end().timed = false;
  writer.Finish();
  const TraceSummary summary = SummarizeTrace(folder / "trace");
  const std::string text = SummaryText(summary);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("nothing to replay"));
}

}  // namespace
}  // namespace faultline::testing
