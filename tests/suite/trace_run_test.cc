// Runs chosen for a trace: what the program does today, candidates, and what the user says.
#include "harness/suite/trace_run.h"

#include <algorithm>
#include <set>

#include "faultline/error.h"
#include "harness/trace/trace_habits.h"
#include "harness/trace/trace_scan.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline {
namespace {

TraceScan ScanOf(std::uint64_t calls, std::uint64_t faults, std::uint64_t maps, bool recorded) {
  TraceScan scan;
  scan.events[static_cast<std::size_t>(EventKind::kRead)] = calls;
  scan.events[static_cast<std::size_t>(EventKind::kFaultRead)] = faults;
  scan.events[static_cast<std::size_t>(EventKind::kMap)] = maps;
  scan.end.faults = recorded;
  return scan;
}

// Of a file of `size` bytes, of which 64 KiB are written page by page, and flushed if need be.
std::filesystem::path TraceOf(const TemporaryDirectory& folder, std::uint64_t size, bool flush) {
  std::vector<TraceEvent> events;
  for (std::uint64_t at = 0; at < 65536; at += 4096) {
    events.push_back({.kind = EventKind::kWrite, .offset = at, .length = 4096});
  }
  if (flush) events.push_back({.kind = EventKind::kFlush});
  std::filesystem::remove(folder / "it.fltrace");
  testing::MakeTrace(folder / "it.fltrace", size, events);
  return folder / "it.fltrace";
}

std::set<std::string> StrategiesOf(const TraceRun& run) {
  std::set<std::string> names;
  for (const PlannedTrial& trial : run.trials) names.insert(trial.spec.strategy.text());
  return names;
}

std::string WhyNot(const TraceRun& run, const std::string& strategy) {
  for (const auto& [name, why] : run.not_candidates) {
    if (name == strategy) return why;
  }
  return {};
}

TEST_CASE("what a program does today is what most of its accesses are") {
  CHECK(BaselineOf(ScanOf(7, 3, 0, true)).strategy.text() == "read-write");
  CHECK(BaselineOf(ScanOf(7, 3, 0, true)).why == "7 of its 10 accesses are calls");
  CHECK(BaselineOf(ScanOf(3, 7, 1, true)).strategy.text() == "mmap-view");
  CHECK(BaselineOf(ScanOf(3, 7, 1, true)).why ==
        "7 of its 10 accesses are page faults of mappings");
  CHECK_THAT(BaselineOf(ScanOf(3, 0, 1, false)).why, ContainsSubstring("were not recorded"));
}

TEST_CASE("a program that goes past the page cache does so today, with what it has in flight") {
  TraceScan scan = ScanOf(10, 0, 0, false);
  scan.end.counts.direct_transfers = 5;
  CHECK(BaselineOf(scan).strategy.text() == "read-write");
  scan.end.counts.direct_transfers = 6;
  CHECK(BaselineOf(scan).strategy.text() == "direct");
  CHECK_THAT(BaselineOf(scan).why, ContainsSubstring("6 of 10 go past the page cache"));
  scan.end.counts.asynchronous_requests = 6;
  scan.end.counts.most_in_flight = 4;
  const std::string queued = BaselineOf(scan).strategy.text();
  CHECK((queued == "io-uring:depth=4,direct=on" || queued == "direct"));
  scan = ScanOf(10, 0, 0, false);
  scan.end.counts.durable_writes = 3;
  CHECK_THAT(BaselineOf(scan).why, ContainsSubstring("durable when they return"));
}

TEST_CASE("what a trace may lack counts from a tenth of the transfers on") {
  TraceScan scan = ScanOf(90, 0, 0, false);
  scan.accesses = 90;
  CHECK(MayLack(scan) == "");
  scan.end.counts.unplaced_transfers = 9;
  CHECK(MayLack(scan) == "");
  scan.end.counts.unread_transfers = 1;
  CHECK(MayLack(scan) ==
        "1 transfer that was not understood, 9 transfers of files that nothing names, beside 90 "
        "accesses");
  scan.end.counts = {.unseen_threads = 1};
  CHECK_THAT(MayLack(scan), ContainsSubstring("1 thread or process was started and never seen"));
  scan.end.counts = {.rings = 1, .ring_requests = 9};
  CHECK(MayLack(scan) == "");
  scan.end.counts.ring_requests = 0;
  CHECK_THAT(MayLack(scan), ContainsSubstring("unknown number of requests"));
}

TEST_CASE("the baseline comes first and then each that keeps the trace's flushes") {
  const TemporaryDirectory folder;
  const TraceRun run = PlanTraceRun(TraceOf(folder, 65536, true), "", {}, folder.path());
  REQUIRE(run.trials.size() > 2);
  CHECK(run.trials[0].spec.strategy.text() == "read-write");
  CHECK(run.baseline.strategy.text() == "read-write");
  CHECK(StrategiesOf(run).size() == run.trials.size());
  CHECK(StrategiesOf(run).contains("mmap-view"));
  CHECK(run.trials[0].spec.workload.text() == "trace:" + (folder / "it.fltrace").native());
  CHECK(run.trials[0].spec.passes == 1);
  CHECK(run.trials[0].spec.cache == CacheState::kPaged);
  // Rounds until the judge or the budget says enough.
  CHECK_FALSE(run.trials[0].repetitions.has_value());
  CHECK(run.trials[0].budget_seconds == PlannedTrial().budget_seconds);
  CHECK_THAT(WhyNot(run, "null"), ContainsSubstring("nothing is stored"));
  CHECK_THAT(WhyNot(run, "mmap-view-flushed"), ContainsSubstring("further flushes"));
  CHECK_THAT(WhyNot(run, "direct"), ContainsSubstring("waits for the device"));
  for (const auto& [strategy, why] : run.not_candidates) {
    CHECK_FALSE(StrategiesOf(run).contains(strategy));
  }
}

TEST_CASE("files that the program wrote itself begin in the cache as their writer leaves them") {
  const TemporaryDirectory folder;
  const TraceRun grown = PlanTraceRun(TraceOf(folder, 0, false), "", {}, folder.path());
  CHECK(grown.trials[0].spec.cache == CacheState::kWritten);
  REQUIRE(grown.notes.size() == 1);
  CHECK_THAT(grown.notes[0], ContainsSubstring("0 B before, 64.0 KiB after"));
  const TraceRun told =
      PlanTraceRun(TraceOf(folder, 0, false), "", {{"cache", {"cold"}}}, folder.path());
  CHECK(told.trials[0].spec.cache == CacheState::kCold);
  CHECK(told.notes.empty());
}

TEST_CASE("what the user says outweighs what is chosen for a trace") {
  const TemporaryDirectory folder;
  const std::filesystem::path trace = TraceOf(folder, 65536, true);
  const TraceRun run = PlanTraceRun(trace, "mmap-window",
                                    {{"strategy", {"stdio", "mmap-window"}},
                                     {"repetitions", {"3"}},
                                     {"budget", {"9"}},
                                     {"precision", {"2%"}}},
                                    folder.path());
  REQUIRE(run.trials.size() == 2);
  CHECK(run.trials[0].spec.strategy.text() == "mmap-window");
  CHECK(run.trials[1].spec.strategy.text() == "stdio");
  for (const PlannedTrial& trial : run.trials) {
    CHECK(trial.repetitions == 3);
    CHECK(trial.budget_seconds == 9);
    CHECK(trial.precision == 0.02);
  }
  CHECK(run.not_candidates.empty());
  CHECK_THROWS_AS(PlanTraceRun(trace, "all", {}, folder.path()), UsageError);
  CHECK_THROWS_AS(PlanTraceRun(trace, "", {{"records", {"9"}}}, folder.path()), UsageError);
  CHECK_THROWS_AS(PlanTraceRun(trace, "", {{"operations", {"1000"}}}, folder.path()), UsageError);
}

TEST_CASE("strategies that refuse a trace or its settings are no candidates and say why") {
  const TemporaryDirectory folder;
  const TraceRun run = PlanTraceRun(TraceOf(folder, 65536, true), "",
                                    {{"strategy", {"all"}}, {"processes", {"2"}}}, folder.path());
  CHECK_THAT(WhyNot(run, "read-all"), ContainsSubstring("several processes"));
  CHECK_THAT(WhyNot(run, "null"), ContainsSubstring("can't keep the flushes"));
  CHECK(StrategiesOf(run).contains("mmap-view-flushed"));
}

}  // namespace
}  // namespace faultline
