// Strategies that are wrong on purpose: each must become a failed measurement that names what
// happened, and the trial after it must be right.
#include <fmt/format.h>

#include "harness/os/memory_limit.h"
#include "tests/trace/support.h"
#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

// Runs a planted trial, and after it a sound one on the same data file.
Measurement RunPlanted(const TrialSpec& planted) {
  const Measurement measurement = RunOnce(planted);
  TrialSpec sound = planted;
  sound.strategy = StrategyChoice("read-write");
  sound.workload = WorkloadChoice("random-update");
  sound.memory_limit_bytes.reset();
  sound.timeout_seconds = 300;
  const Measurement next = RunOnce(sound);
  CheckRight(next);
  CHECK(next.operations == planted.records * planted.passes);
  return measurement;
}

void CheckFailed(const Measurement& measurement, const std::string& reason) {
  CHECK(measurement.status == Status::kFailed);
  CHECK_THAT(measurement.error, ContainsSubstring(reason));
  CHECK(measurement.error.find('\n') == std::string::npos);
}

TEST_CASE("a planted strategy without a fault passes") {
  const TemporaryDirectory directory;
  for (const char* workload : {"random-update", "mixed:reads=0.5", "ycsb:workload=d"}) {
    CheckRight(RunOnce(SmallTrial(directory.path(), "planted", workload)));
  }
}

TEST_CASE("a dropped update is found and called lost") {
  const TemporaryDirectory directory;
  for (const char* every : {"1", "2", "1000"}) {
    const Measurement measurement = RunPlanted(SmallTrial(
        directory.path(), fmt::format("planted:fault=drop,every={}", every), "random-update"));
    CheckFailed(measurement, "lost");
    CHECK(measurement.verified == std::optional<bool>(false));
    CHECK(measurement.operations == 1000);
  }
}

TEST_CASE("a single dropped update among thousands is counted and located") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunPlanted(SmallTrial(directory.path(), "planted:fault=drop,every=412", "sequential-update"));
  CheckFailed(measurement, "2 of 1,000 records are wrong");
  CHECK_THAT(measurement.error, ContainsSubstring("record 411"));
}

TEST_CASE("a write of which only the first half arrives is called torn") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunPlanted(SmallTrial(directory.path(), "planted:fault=tear,every=3", "ycsb:workload=d"));
  CheckFailed(measurement, "torn");
  CHECK(measurement.verified == std::optional<bool>(false));
}

TEST_CASE("an update that lands in another record is called misplaced") {
  const TemporaryDirectory directory;
  // The last record's update goes to the first one.
  const Measurement measurement = RunPlanted(
      SmallTrial(directory.path(), "planted:fault=misplace,every=1000", "sequential-update"));
  CheckFailed(measurement, "misplaced");
  CHECK_THAT(measurement.error, ContainsSubstring("2 of 1,000 records are wrong"));
  CHECK(measurement.verified == std::optional<bool>(false));
}

TEST_CASE("a truncation that a strategy ignores is found") {
  const TemporaryDirectory folder;
  // A file grows by 20 blocks, and is cut to 5 in the end: 20 writes and 15 discards.
  std::vector<TraceEvent> events;
  for (std::uint64_t block = 0; block < 20; ++block) {
    events.push_back({.kind = EventKind::kWrite, .offset = block * 512, .length = 512});
  }
  events.push_back({.kind = EventKind::kTruncate, .offset = 2560});
  testing::MakeTrace(folder / "trace", 0, events);
  const TemporaryDirectory directory;
  const auto run = [&](const char* strategy) {
    TrialSpec spec;
    spec.strategy = StrategyChoice(strategy);
    spec.workload = WorkloadChoice(fmt::format("trace:{},block=512", (folder / "trace").native()));
    spec.passes = 2;
    spec.directory = directory.path();
    return RunOnce(spec);
  };
  CheckRight(run("planted"));
  const Measurement measurement = run("planted:fault=keep,every=1");
  CheckFailed(measurement, "15 of 20 records are wrong");
  CHECK_THAT(measurement.error, ContainsSubstring("record 5 "));
  CHECK_THAT(measurement.error, ContainsSubstring("lost"));
  CHECK(measurement.operations == 2 * 35);
}

TEST_CASE("reads of other bytes are found though the file is right") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunPlanted(SmallTrial(directory.path(), "planted:fault=lie,every=1000", "random-read"));
  CheckFailed(measurement, "reads returned wrong data");
  CHECK(measurement.verified == std::optional<bool>(false));
}

TEST_CASE("a crash is a failed trial that names its signal and phase") {
  const TemporaryDirectory directory;
  const std::pair<const char*, const char*> cases[] = {
      {"segmentation", "SIGSEGV"}, {"abort", "SIGABRT"}, {"bus", "SIGBUS"}};
  for (const auto& [fault, signal] : cases) {
    const Measurement measurement = RunPlanted(
        SmallTrial(directory.path(), fmt::format("planted:fault={}", fault), "random-update"));
    CheckFailed(measurement, signal);
    CHECK_THAT(measurement.error, ContainsSubstring("'first'"));
    CHECK_FALSE(measurement.verified.has_value());
    CHECK(measurement.phases.count(Phase::kOpen) == 1);
    CHECK(measurement.phases.count(Phase::kFirst) == 0);
    CHECK_FALSE(measurement.NsPerOperation().has_value());
  }
}

TEST_CASE("a process that exits early is a failed trial even with exit code 0") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunPlanted(SmallTrial(directory.path(), "planted:fault=exit", "random-update"));
  CheckFailed(measurement, "exit code 0");
  CHECK_THAT(measurement.error, ContainsSubstring("'first'"));
}

TEST_CASE("a hang ends with the time limit and says which phase hung") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "planted:fault=hang", "random-update");
  spec.timeout_seconds = 5;
  const Measurement measurement = RunPlanted(spec);
  CheckFailed(measurement, "hung");
  CHECK_THAT(measurement.error, ContainsSubstring("'first'"));
  CHECK_THAT(measurement.error, ContainsSubstring("--timeout"));
}

TEST_CASE("an exception is passed on with its phase whatever it holds") {
  const TemporaryDirectory directory;
  const std::pair<const char*, const char*> cases[] = {
      {"throw", "in 'first': planted exception"},
      {"throw-number", "in 'first'"},
      {"throw-bytes", "in 'first': planted "},
      {"open", "in 'open': planted failure of open"},
      {"flush", "in 'flush': planted failure of flush"},
      {"close", "in 'close': planted failure of close"}};
  for (const auto& [fault, reason] : cases) {
    const Measurement measurement = RunPlanted(
        SmallTrial(directory.path(), fmt::format("planted:fault={}", fault), "random-update"));
    CheckFailed(measurement, reason);
    CHECK_THAT(measurement.error, !ContainsSubstring("exit code"));
    CHECK_FALSE(measurement.verified.has_value());
  }
}

TEST_CASE("a strategy that lacks a capability is unsupported and not failed") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunPlanted(SmallTrial(directory.path(), "planted:fault=unsupported", "random-update"));
  CHECK(measurement.status == Status::kUnsupported);
  CHECK_THAT(measurement.error, ContainsSubstring("planted lack of a capability"));
}

TEST_CASE("a fault in one of several workers fails the whole trial") {
  const TemporaryDirectory directory;
  const std::pair<const char*, const char*> cases[] = {
      {"throw", "planted exception"}, {"abort", "SIGABRT"}, {"drop", "lost"}};
  for (const auto& [fault, reason] : cases) {
    TrialSpec spec = SmallTrial(directory.path(), fmt::format("planted:every=190,fault={}", fault),
                                "sequential-update");
    spec.threads = 3;
    spec.processes = 2;
    spec.records = 6 * 189 + 1;  // one worker has 190 of them, and so the fault
    CheckFailed(RunOnce(spec), reason);
  }
}

TEST_CASE("a strategy that eats all memory is killed and the row names the limit") {
  if (const std::string why = os::MemoryLimit::WhyUnavailable(); !why.empty()) {
    WARN("SKIPPED: " << why);
    return;
  }
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "planted:fault=allocate", "random-update");
  spec.memory_limit_bytes = std::uint64_t{64} << 20;
  const Measurement measurement = RunPlanted(spec);
  CheckFailed(measurement, "SIGKILL");
  CHECK_THAT(measurement.error, ContainsSubstring("the memory limit of 64MiB was reached"));
  REQUIRE(measurement.memory.has_value());
  CHECK(measurement.memory->usage.kills.value_or(1) >= 1);
  CHECK(measurement.memory->usage.peak_bytes <= *spec.memory_limit_bytes);
}

}  // namespace
}  // namespace faultline
