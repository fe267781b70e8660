// RunTrial on sound strategies: what is executed, counted, prepared and proved.
#include "harness/os/machine_counters.h"
#include "harness/os/memory_limit.h"
#include "harness/trial/workers.h"
#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

std::uint64_t CountSampled(std::uint64_t operations) {
  return (operations + kLatencySampleEvery - 1) / kLatencySampleEvery;
}

TEST_CASE("threads and processes share the plan and the result is right") {
  const TemporaryDirectory directory;
  const std::pair<std::uint64_t, std::uint64_t> shapes[] = {{1, 1}, {4, 1}, {1, 4}, {2, 2}, {3, 2}};
  for (const auto& [threads, processes] : shapes) {
    for (const char* strategy : {"read-write", "mmap-view"}) {
      TrialSpec spec = SmallTrial(directory.path(), strategy, "random-update");
      spec.threads = threads;
      spec.processes = processes;
      spec.operations = 2003;
      spec.passes = 3;
      INFO(strategy << ", " << threads << " threads, " << processes << " processes");
      const Measurement measurement = RunOnce(spec);
      CheckRight(measurement);
      CHECK(measurement.operations == 3 * 2003);
      CHECK(measurement.steady_operations == 2 * 2003);
      CHECK(measurement.asked_read_bytes == 3 * 2003 * 125);
      CHECK(measurement.asked_changed_bytes == 3 * 2003 * 125);
      REQUIRE_FALSE(measurement.series.empty());
      CHECK(measurement.series.back().second == 3 * 2003);
    }
  }
}

TEST_CASE("reads and changes of a mixed plan are counted apart") {
  const TemporaryDirectory directory;
  const Measurement reads = RunOnce(SmallTrial(directory.path(), "mmap-view", "random-read"));
  CheckRight(reads);
  CHECK(reads.asked_read_bytes == 1000 * 125);
  CHECK(reads.asked_changed_bytes == 0);
  // Reads of whole records, and writes that read nothing.
  const Measurement mixed = RunOnce(SmallTrial(directory.path(), "mmap-view", "ycsb:workload=a"));
  CheckRight(mixed);
  CHECK(mixed.asked_read_bytes > 400 * 125);
  CHECK(mixed.asked_read_bytes < 600 * 125);
  CHECK(mixed.asked_read_bytes % 125 == 0);
  CHECK(mixed.asked_changed_bytes > 0);
}

TEST_CASE("every phase is timed and counted") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunOnce(SmallTrial(directory.path(), "mmap-view", "random-update"));
  CheckRight(measurement);
  for (Phase phase : kPhases) {
    INFO(PhaseName(phase));
    REQUIRE(measurement.phases.count(phase) == 1);
    CHECK(measurement.phases.at(phase).seconds >= 0);
    CHECK(measurement.phases.at(phase).counters.count("minor_faults") == 1);
  }
  // 31 pages through one view: at least one fault, in the pass that touches them.
  CHECK(measurement.phases.at(Phase::kFirst).counters.at("minor_faults").value_or(0) +
            measurement.phases.at(Phase::kFirst).counters.at("major_faults").value_or(0) >=
        1);
  CHECK(measurement.NsPerOperation().value_or(0) > 0);
  CHECK(measurement.DurableNsPerOperation().value_or(0) >=
        measurement.NsPerOperation().value_or(0));
}

TEST_CASE("counters of several processes are added up") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "read-write", "random-update");
  spec.records = 4000;
  spec.processes = 4;
  const Measurement measurement = RunOnce(spec);
  CheckRight(measurement);
  const Counters& counters = measurement.phases.at(Phase::kFirst).counters;
  if (!counters.at("write_calls")) {
    WARN("SKIPPED: this machine doesn't count system calls");
    return;
  }
  CHECK(*counters.at("write_calls") >= 4000);
  CHECK(*counters.at("write_calls") < 4200);
}

TEST_CASE("one pass has no steady figures") {
  const TemporaryDirectory directory;
  const Measurement measurement =
      RunOnce(SmallTrial(directory.path(), "read-write", "random-update"));
  CheckRight(measurement);
  CHECK(measurement.steady_operations == 0);
  CHECK_FALSE(measurement.SteadyNsPerOperation().has_value());
}

TEST_CASE("sampled latency takes every 101st operation of each worker") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "read-write", "random-update");
  spec.latency = LatencyMode::kSampled;
  spec.passes = 2;
  const Measurement alone = RunOnce(spec);
  CheckRight(alone);
  REQUIRE(alone.latency.has_value());
  CHECK(alone.latency->histogram.samples() == CountSampled(2000));
  spec.threads = 2;
  spec.processes = 2;
  const Measurement shared = RunOnce(spec);
  CheckRight(shared);
  REQUIRE(shared.latency.has_value());
  CHECK(shared.latency->histogram.samples() == 4 * CountSampled(500));
}

TEST_CASE("latency of all operations takes a further pass that no figure includes") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "mmap-view", "random-update");
  spec.latency = LatencyMode::kAll;
  spec.passes = 2;
  const Measurement measurement = RunOnce(spec);
  CheckRight(measurement);
  REQUIRE(measurement.latency.has_value());
  CHECK(measurement.latency->histogram.samples() == 1000);
  CHECK(measurement.operations == 2000);
  CHECK(measurement.asked_changed_bytes == 2000 * 125);
  CHECK(measurement.series.back().second == 2000);
}

TEST_CASE("latency is absent when it was not asked for") {
  const TemporaryDirectory directory;
  CHECK_FALSE(RunOnce(SmallTrial(directory.path(), "read-write", "random-update")).latency);
}

TEST_CASE("a plan larger than the buffers is executed in stretches and verified") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "mmap-view", "random-update");
  spec.operations = 2 * Workers::kBufferedOperations + 12345;
  spec.passes = 2;
  const Measurement measurement = RunOnce(spec);
  CheckRight(measurement);
  CHECK(measurement.operations == 2 * spec.operations);
  CHECK(measurement.series.back().second == 2 * spec.operations);
  for (std::size_t i = 1; i < measurement.series.size(); ++i) {
    CHECK(measurement.series[i - 1].first < measurement.series[i].first);
    CHECK(measurement.series[i - 1].second <= measurement.series[i].second);
  }
  spec.threads = 3;
  CheckRight(RunOnce(spec));
}

TEST_CASE("each state of the page cache is prepared and proved") {
  const TemporaryDirectory directory;
  for (CacheState state :
       {CacheState::kCold, CacheState::kStreamed, CacheState::kPaged, CacheState::kWritten}) {
    TrialSpec spec = SmallTrial(directory.path(), "mmap-view", "random-read");
    spec.records = 20000;
    spec.cache = state;
    const Measurement measurement = RunOnce(spec);
    CheckRight(measurement);
    REQUIRE(measurement.cache.has_value());
    const PreparedCache& before = measurement.cache->before;
    INFO(CacheStateName(state) << ": " << before.why_not);
    CHECK(before.state == state);
    CHECK(before.residency.total_pages == (20000 * 125 + 4095) / 4096);
    REQUIRE(measurement.cache->after.has_value());
    CHECK(measurement.cache->after->cached_pages > 0);
    const Dataset dataset = Dataset::Attach(spec.directory, Resolve(spec).DataGeometry(), 1);
    if (os::DeviceOf(OpenDataFile(dataset.file(), os::FileAccess::kRead)).empty() &&
        state == CacheState::kCold) {
      WARN("SKIPPED: the temporary directory has no device, so that nothing can be cold");
      continue;
    }
    CHECK(before.proved);
    CHECK(before.residency.cached_pages ==
          (state == CacheState::kCold ? 0 : before.residency.total_pages));
  }
}

TEST_CASE("a memory limit holds and is reported") {
  if (const std::string why = os::MemoryLimit::WhyUnavailable(); !why.empty()) {
    WARN("SKIPPED: " << why);
    return;
  }
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "read-write", "sequential-read");
  spec.records = 512 * 1024;
  spec.memory_limit_bytes = std::uint64_t{32} << 20;  // of a file of 62.5 MiB
  const Measurement measurement = RunOnce(spec);
  CheckRight(measurement);
  REQUIRE(measurement.memory.has_value());
  CHECK(measurement.memory->usage.limit_bytes == *spec.memory_limit_bytes);
  CHECK(measurement.memory->usage.peak_bytes <= *spec.memory_limit_bytes);
  CHECK(measurement.memory->usage.peak_bytes > *spec.memory_limit_bytes / 2);
  CHECK_FALSE(measurement.memory->mechanism.empty());
  const Dataset dataset = Dataset::Attach(spec.directory, Resolve(spec).DataGeometry(), 1);
  const LimitProof proof = ProveMemoryLimit(dataset, *spec.memory_limit_bytes);
  CHECK(proof.held);
  CHECK(proof.limit_bytes == *spec.memory_limit_bytes);
  CHECK(proof.peak_bytes <= *spec.memory_limit_bytes);
  CHECK(proof.peak_bytes > *spec.memory_limit_bytes / 2);
}

TEST_CASE("a strategy that can't be shared by processes is unsupported") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path(), "read-all", "random-update");
  spec.processes = 2;
  const Measurement measurement = RunOnce(spec);
  CHECK(measurement.status == Status::kUnsupported);
  CHECK_THAT(measurement.error, ContainsSubstring("read-all can't be shared"));
}

TEST_CASE("a strategy that stores nothing has nothing to verify") {
  const TemporaryDirectory directory;
  const Measurement measurement = RunOnce(SmallTrial(directory.path(), "null", "random-update"));
  CHECK((measurement.status == Status::kOk || measurement.status == Status::kInterference));
  CHECK_FALSE(measurement.verified.has_value());
  CHECK(measurement.operations == 1000);
}

TEST_CASE("a changed data file is repaired before the trial") {
  const TemporaryDirectory directory;
  const TrialSpec spec =
      Resolve(SmallTrial(directory.path(), "planted:fault=none", "random-update"));
  const Dataset dataset = Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed);
  const std::byte wrong[3] = {};
  OpenDataFile(dataset.file(), os::FileAccess::kReadWrite).WriteAt(4000, wrong);
  CheckRight(RunTrial(spec, dataset));
}

TEST_CASE("a data file that is gone fails the trial and names it") {
  const TemporaryDirectory directory;
  const TrialSpec spec = Resolve(SmallTrial(directory.path(), "read-write", "random-update"));
  const Dataset dataset = Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed);
  std::filesystem::remove(dataset.file().path);
  const Measurement measurement = RunTrial(spec, dataset);
  CHECK(measurement.status == Status::kFailed);
  CHECK_THAT(measurement.error, ContainsSubstring(dataset.file().path.string()));
}

TEST_CASE("a directory may have any bytes in its name") {
  const TemporaryDirectory directory;
  TrialSpec spec = SmallTrial(directory.path() / "na\xff\xfeme\n", "read-write", "random-update");
  CheckRight(RunOnce(spec));
}

}  // namespace
}  // namespace faultline
