// Trials that play a trace: what their clock and their counts see of it.
#include <fmt/format.h>

#include "harness/os/file_status.h"
#include "harness/trial/setup.h"
#include "tests/trace/support.h"
#include "tests/trial/trial_fixture.h"

namespace faultline::testing {
namespace {

// A file that grows from nothing to 4 MiB: 64 writes of 512 bytes, far apart.
void MakeGrowingTrace(const std::filesystem::path& path) {
  std::vector<TraceEvent> events;
  for (std::uint64_t i = 0; i < 64; ++i) {
    const std::uint64_t offset = (i + 1) * 65536 - 512;
    events.push_back(
        {.kind = EventKind::kWrite, .time_ns = 1000 * i, .offset = offset, .length = 512});
  }
  MakeTrace(path, 0, events);
}

TrialSpec SpecOf(const TemporaryDirectory& folder, const TemporaryDirectory& directory,
                 const std::string& strategy, std::uint64_t threads) {
  TrialSpec spec = SmallTrial(directory.path(), strategy,
                              fmt::format("trace:{},block=512", (folder / "trace").native()));
  spec.records = 0;
  spec.threads = threads;
  return spec;
}

Measurement Played(const TemporaryDirectory& folder, const TemporaryDirectory& directory,
                   const std::string& strategy, std::uint64_t threads, std::uint64_t passes,
                   LoadMode load = LoadMode::kClosed) {
  TrialSpec spec = SpecOf(folder, directory, strategy, threads);
  spec.passes = passes;
  spec.load = load;
  return RunOnce(spec);
}

TEST_CASE("setup is executed and verified in every pass, and none of its operations", "[machine]") {
  const TemporaryDirectory folder;
  MakeGrowingTrace(folder / "trace");
  const TemporaryDirectory directory;
  for (const std::string strategy :
       {"read-write", "mmap-private", "io-uring", "buffer-pool", "sqlite"}) {
    for (const LoadMode load : {LoadMode::kClosed, LoadMode::kOpen}) {
      for (const std::uint64_t threads : {1, 3}) {
        if (!WhyUnsupported(SpecOf(folder, directory, strategy, threads)).empty()) continue;
        INFO(strategy << ", " << threads << " threads, " << kLoadModeNames(load));
        const Measurement played = Played(folder, directory, strategy, threads, 3, load);
        CheckRight(played);
        CHECK(played.operations == 3 * 64);
        CHECK(played.steady_operations == 2 * 64);
        CHECK(played.asked_changed_bytes == 3 * 64 * 512);
      }
    }
  }
}

TEST_CASE("the data file is set up for the first pass with holes and zeros where a file grows") {
  const TemporaryDirectory folder;
  MakeGrowingTrace(folder / "trace");
  const TemporaryDirectory directory;
  const TrialSpec spec = Resolve(SpecOf(folder, directory, "read-write", 1));
  const Dataset dataset = Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed);
  CHECK(spec.DataGeometry().file_size() == 4 << 20);
  const auto plan = MakePlan(spec);
  const os::File file = os::File::Open(dataset.file().path, os::FileAccess::kRead);
  CHECK(os::NextHole(file, 0) == file.Size());
  SetUpFirstPass(dataset.file(), *plan, spec.workers());
  CHECK(os::NextData(file, 0) == file.Size());
  CHECK(os::AllocatedBytes(file) < 65536);
  dataset.Repair();
  CHECK(os::NextHole(file, 0) == file.Size());
}

TEST_CASE("what a file has from the beginning is not touched by the setup") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 1000,
            {{.kind = EventKind::kWrite, .offset = 9000, .length = 1000},
             {.kind = EventKind::kTruncate, .offset = 0}});
  const TemporaryDirectory directory;
  const TrialSpec spec = Resolve(SpecOf(folder, directory, "read-write", 1));
  const Dataset dataset = Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed);
  SetUpFirstPass(dataset.file(), *MakePlan(spec), 1);
  std::vector<std::byte> expected(dataset.geometry().file_size());
  FillContent(dataset.geometry(), spec.seed, 0, std::span(expected).first(1000));
  std::vector<std::byte> found(expected.size());
  os::File::Open(dataset.file().path, os::FileAccess::kRead).ReadExactlyAt(0, found);
  CHECK(found == expected);
}

TEST_CASE("several processes can't keep in step to set up one pass after another") {
  const TemporaryDirectory folder;
  MakeGrowingTrace(folder / "trace");
  const TemporaryDirectory directory;
  TrialSpec spec = SpecOf(folder, directory, "read-write", 1);
  spec.processes = 2;
  CheckRight(RunOnce(spec));
  spec.latency = LatencyMode::kAll;  // which is a pass of its own
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("--passes 1"));
  spec.latency = LatencyMode::kOff;
  spec.passes = 2;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("--passes 1"));
  spec.processes = 1;
  CHECK_NOTHROW(Resolve(spec));
}

TEST_CASE("counters don't see the setup") {
  const TemporaryDirectory folder;
  MakeGrowingTrace(folder / "trace");
  const TemporaryDirectory directory;
  // It stores zeros, so the setup writes to each of 1,024 pages.
  const Measurement played = Played(folder, directory, "mmap-private", 1, 2);
  CheckRight(played);
  CHECK(played.phases.at(Phase::kFirst).counters.at("minor_faults").value() < 200);
  CHECK(played.phases.at(Phase::kSteady).counters.at("minor_faults").value() < 200);
  if (played.latency) CHECK(played.latency->histogram.samples() <= 128);
}

}  // namespace
}  // namespace faultline::testing
