// A trace as a plan, through every strategy.
#include "harness/trace/replay.h"

#include <map>

#include "harness/base/error.h"
#include "harness/base/random.h"
#include "harness/trial/trial_spec.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"
#include "tests/trace/support.h"
#include "tests/workloads/plans.h"

namespace faultline::testing {
namespace {

using Kind = OperationKind;

Operation Flush() { return Operation(Kind::kFlush, 0, 1); }

std::string TraceSpec(const Folder& folder, const char* options = "") {
  return Concat("trace:", (folder / "trace").native(), options);
}

// The plan that a trial of this workload has.
std::vector<std::vector<Operation>> Plans(const std::string& spec, std::uint64_t workers = 1,
                                          std::uint64_t operations = 0) {
  const auto workload = MakeWorkload(spec);
  const Geometry geometry = workload->OwnGeometry().value();
  const auto plan = workload->MakePlan(
      {.geometry = geometry,
       .operations = operations == 0 ? workload->DefaultOperations(geometry) : operations,
       .workers = workers});
  std::vector<std::vector<Operation>> streams;
  for (std::uint64_t i = 0; i < workers; ++i) {
    streams.push_back(Drain(*plan, {i, workers}, 7));
    CHECK(Drain(*plan, {i, workers}, 1) == streams.back());
  }
  return streams;
}

TEST_CASE("accesses become operations on the files' regions, cut at the blocks' borders") {
  const Folder folder;
  TraceWriter writer(folder / "trace", {});
  const std::uint32_t first = writer.AddFile("/one", 100);
  const std::uint32_t second = writer.AddFile("/two", 3000);
  const std::uint32_t third = writer.AddFile("/three", std::nullopt);
  writer.Add({.kind = EventKind::kOpen, .file = first});
  writer.Add({.kind = EventKind::kRead, .file = first, .offset = 0, .length = 600});
  writer.Add({.kind = EventKind::kWrite, .file = third, .offset = 10, .length = 20});
  writer.Add({.kind = EventKind::kFlush, .file = third});
  writer.Add({.kind = EventKind::kTruncate, .file = first, .offset = 9999});
  writer.Add({.kind = EventKind::kFaultRead, .file = second, .offset = 512, .length = 512});
  writer.Add({.kind = EventKind::kFaultWrite, .file = second, .offset = 1024, .length = 512});
  writer.Add({.kind = EventKind::kFlush});
  writer.Add({.kind = EventKind::kRead, .file = second, .offset = 5, .length = 0});
  writer.Finish();
  const std::string spec = TraceSpec(folder, ",block=512");
  // 2 blocks for the first file, which grew; 6 for the second; 1 for the third.
  CHECK(MakeWorkload(spec)->OwnGeometry() == Geometry{9, 512});
  CHECK(Plans(spec)[0] == std::vector<Operation>{Operation(Kind::kRead, 0, 512),
                                                 Operation(Kind::kRead, 512, 88),
                                                 Operation(Kind::kWrite, 8 * 512 + 10, 20), Flush(),
                                                 Operation(Kind::kRead, 3 * 512, 512),
                                                 Operation(Kind::kUpdate, 4 * 512, 512), Flush()});
  CHECK(MakeWorkload(spec)->Facts().at("split") == "1 of 4 accesses lie in several blocks");
  // In the trace's order, each in its share; a flush where something was changed since the last.
  const auto shared = Plans(spec, 3);
  CHECK(shared[0] ==
        std::vector<Operation>{Operation(Kind::kRead, 0, 512), Operation(Kind::kRead, 512, 88)});
  CHECK(shared[1] == std::vector<Operation>{Operation(Kind::kRead, 3 * 512, 512),
                                            Operation(Kind::kUpdate, 4 * 512, 512), Flush()});
  CHECK(shared[2] == std::vector<Operation>{Operation(Kind::kWrite, 8 * 512 + 10, 20), Flush()});
  CHECK(Plans(spec, 1, 3)[0].size() == 3);
  CHECK(Plans(spec, 1, 2)[0].back() == Operation(Kind::kRead, 512, 88));
}

TEST_CASE("the block is the smallest at which fewer than 1 % of the accesses are split") {
  auto block = [](std::uint64_t aligned, std::uint64_t crossing) {
    const Folder folder;
    std::vector<TraceEvent> events(aligned, {.kind = EventKind::kRead, .offset = 0, .length = 512});
    events.resize(aligned + crossing, {.kind = EventKind::kRead, .offset = 4000, .length = 200});
    MakeTrace(folder / "trace", 1 << 20, events);
    return LayOut(*ScanTrace(folder / "trace"), 0).geometry.record_size;
  };
  CHECK(block(1000, 0) == 512);
  CHECK(block(1000, 10) == 512);
  CHECK(block(990, 10) == 8192);
  const Folder folder;
  MakeTrace(folder / "trace", 0, {{.kind = EventKind::kRead, .offset = 1, .length = 1 << 23}});
  const auto scan = ScanTrace(folder / "trace");
  CHECK(LayOut(*scan, 0).geometry.record_size == std::uint64_t{4} << 20);
  CHECK(LayOut(*scan, 0).operations == 3);
  for (const std::uint64_t bad : {511, 513, 256, 8 << 20}) {
    CHECK_THROWS_AS(LayOut(*scan, bad), UsageError);
  }
}

TEST_CASE("a trace decides the file, and contradictions are refused") {
  const Folder folder;
  MakeTrace(folder / "trace", 4096, {{.kind = EventKind::kRead, .offset = 0, .length = 4096}});
  TrialSpec wanted;
  wanted.strategy = "read-write";
  wanted.workload = TraceSpec(folder, ",block=1KiB");
  const TrialSpec spec = Resolve(wanted);
  CHECK(spec.records == 4);
  CHECK(spec.record_size == 1024);
  CHECK(spec.operations == 4);
  for (const auto member : {&TrialSpec::records, &TrialSpec::record_size, &TrialSpec::operations}) {
    TrialSpec same = wanted;
    same.*member = spec.*member;
    CHECK(Resolve(same).records == 4);
    same.*member = 999;
    CHECK_THROWS_AS(Resolve(same), UsageError);
  }
  wanted.threads = 5;
  CHECK_THROWS_AS(Resolve(wanted), UsageError);
  CHECK_THROWS_AS(MakeWorkload("trace"), UsageError);
  CHECK_THROWS_AS(MakeWorkload("trace:/absent"), UsageError);
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", 4096, {{.kind = EventKind::kOpen}});
  CHECK_THROWS_WITH(MakeWorkload(TraceSpec(folder)), ContainsSubstring("nothing to replay"));
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", std::uint64_t{1} << 41, {{.kind = EventKind::kRead, .length = 1}});
  CHECK_THROWS_WITH(MakeWorkload(TraceSpec(folder)), ContainsSubstring("1 TiB"));
}

TEST_CASE("recorded times are played from the first access, in order and at the speed asked for") {
  const Folder folder;
  MakeTrace(folder / "trace", 4096,
            {{.kind = EventKind::kOpen, .time_ns = 100},
             {.kind = EventKind::kRead, .time_ns = 1000, .offset = 0, .length = 1024},
             {.kind = EventKind::kWrite, .time_ns = 900, .offset = 2048, .length = 512},
             {.kind = EventKind::kRead, .time_ns = 5000, .offset = 3072, .length = 512},
             {.kind = EventKind::kFlush, .time_ns = 4000},
             {.kind = EventKind::kClose, .time_ns = 9000}});
  auto times = [&](const char* options, Share share) {
    const auto workload = MakeWorkload(TraceSpec(folder, options));
    const auto plan = workload->MakePlan(
        {.geometry = *workload->OwnGeometry(), .operations = 5, .workers = share.count});
    std::vector<std::int64_t> all;
    const auto stream = plan->Stream(share);
    const auto plain = plan->Stream(share);
    std::vector<Operation> timed(2);
    std::vector<Operation> untimed(2);
    std::vector<std::int64_t> due_ns(2);
    while (const std::size_t count = stream->NextTimed(timed, due_ns)) {
      CHECK(plain->Next(untimed) == count);
      CHECK(timed == untimed);
      all.insert(all.end(), due_ns.begin(), due_ns.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return all;
  };
  using Times = std::vector<std::int64_t>;
  CHECK(times(",block=512", {}) == Times{0, 0, 0, 4000, 4000});
  CHECK(times(",block=512,speed=2", {}) == Times{0, 0, 0, 2000, 2000});
  CHECK(times(",block=512,speed=0.5", {}) == Times{0, 0, 0, 8000, 8000});
  CHECK(times(",block=512", {1, 2}) == Times{0, 4000, 4000});
  TrialSpec spec;
  spec.strategy = "read-write";
  spec.workload = TraceSpec(folder, ",speed=0.001");
  spec.load = LoadMode::kOpen;
  CHECK(MakePlan(Resolve(spec))->RecordedNs() == 8'000'000);
  spec.timeout_seconds = 0.001;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("--timeout"));
  spec.timeout_seconds = 300;
  spec.rate = 10;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("has times of its own"));
}

TEST_CASE("a trace without times plays an open load by a rate only") {
  const Folder folder;
  TraceWriter writer(folder / "trace", {});
  writer.AddFile("/file", 4096);
  writer.Add({.kind = EventKind::kRead, .file = 1, .offset = 0, .length = 512});
  writer.end().timed = false;
  writer.Finish();
  TrialSpec spec;
  spec.strategy = "read-write";
  spec.workload = TraceSpec(folder);
  spec.load = LoadMode::kOpen;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("give --rate"));
  spec.rate = 10;
  CHECK_NOTHROW(Resolve(spec));
}

TEST_CASE("flushes are only replayed by strategies that store") {
  const Folder folder;
  MakeTrace(folder / "trace", 512, {{.kind = EventKind::kWrite, .length = 512}});
  TrialSpec spec;
  spec.strategy = "null";
  spec.workload = TraceSpec(folder);
  CHECK(WhyUnsupported(spec).empty());
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", 512,
            {{.kind = EventKind::kWrite, .length = 512}, {.kind = EventKind::kFlush}});
  CHECK_THAT(WhyUnsupported(spec), ContainsSubstring("can't keep the flushes"));
  spec.strategy = "mmap-view";
  CHECK(WhyUnsupported(spec).empty());
}

TEST_CASE("a trace that changes during a run is noticed") {
  const Folder folder;
  MakeTrace(folder / "trace", 512, {{.kind = EventKind::kRead, .length = 512}});
  const auto workload = MakeWorkload(TraceSpec(folder));
  const auto plan = workload->MakePlan({.geometry = *workload->OwnGeometry(), .operations = 1});
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", 512, {{.kind = EventKind::kRead, .offset = 4096, .length = 512}});
  std::vector<Operation> buffer(4);
  CHECK_THROWS_WITH(plan->Stream({})->Next(buffer), ContainsSubstring("was changed"));
}

// Reads, writes and page faults of three files, in ranges of all kinds, with flushes.
void MakeMixedTrace(const std::filesystem::path& path) {
  TraceWriter writer(path, {.recorder = "a test", .command = ""});
  for (const char* name : {"/a", "/b", "/c"}) writer.AddFile(name, 9000);
  Random random(1);
  for (int i = 0; i < 90; ++i) {
    TraceEvent event = {.kind = static_cast<EventKind>(random.Below(6)),
                        .file = 1 + static_cast<std::uint32_t>(random.Below(3)),
                        .time_ns = static_cast<std::uint64_t>(i),
                        .offset = random.Below(9000),
                        .length = 1 + random.Below(3000)};
    if (i % 17 == 3) event.kind = EventKind::kFlush;
    writer.Add(event);
  }
  writer.Finish();
}

TEST_CASE("every strategy replays a trace as plain memory would") {
  const Folder folder;
  MakeMixedTrace(folder / "trace");
  const std::string workload = TraceSpec(folder, ",block=4KiB");
  const Geometry geometry = MakeWorkload(workload)->OwnGeometry().value();
  for (const std::string& spec : AllSpecs()) {
    const StrategyInfo& info = InfoOf(spec);
    if (!info.capabilities.stores || RecordTooLarge(spec, geometry.record_size)) continue;
    for (const std::uint64_t workers : {1, 3}) {
      if (workers > 1 && !info.capabilities.threads) continue;
      INFO(spec << " with " << workers << " workers");
      const TestFile file(geometry);
      ReferenceImage reference = file.Reference();
      const std::vector<Operations> plans = Plans(workload, workers);
      for (const Operations& plan : plans) reference.Execute(plan, 0);
      const std::uint64_t checksum = RunThrough(spec, file.file(), plans);
      CHECK(Difference(file.Bytes(), reference.bytes()) == "");
      CHECK(checksum == reference.read_checksum());
    }
  }
}

}  // namespace
}  // namespace faultline::testing
