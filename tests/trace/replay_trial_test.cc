// Trials that play a trace: what their clock and their counts see of it.
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

Measurement Played(const Folder& folder, const TemporaryDirectory& directory,
                   const std::string& strategy, std::uint64_t threads, std::uint64_t passes,
                   LoadMode load = LoadMode::kClosed) {
  TrialSpec spec = SmallTrial(directory.path(), strategy,
                              Concat("trace:", (folder / "trace").native(), ",block=512"));
  spec.records = 0;
  spec.threads = threads;
  spec.passes = passes;
  spec.load = load;
  return RunOnce(spec);
}

TEST_CASE("setup is executed and verified in every pass, and none of its operations") {
  const Folder folder;
  MakeGrowingTrace(folder / "trace");
  const TemporaryDirectory directory;
  for (const std::string strategy : {"read-write", "mmap-private", "io-uring", "buffer-pool"}) {
    for (const LoadMode load : {LoadMode::kClosed, LoadMode::kOpen}) {
      for (const std::uint64_t threads : {1, 3}) {
        if (strategy == "mmap-private" && threads > 1) continue;
        INFO(strategy << ", " << threads << " threads, " << LoadModeName(load));
        const Measurement played = Played(folder, directory, strategy, threads, 3, load);
        CheckRight(played);
        CHECK(played.operations == 3 * 64);
        CHECK(played.steady_operations == 2 * 64);
        CHECK(played.asked_changed_bytes == 3 * 64 * 512);
      }
    }
  }
}

TEST_CASE("counters don't see the setup") {
  const Folder folder;
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
