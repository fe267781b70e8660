// A trace as a plan, through every strategy.
#include "harness/trace/replay.h"

#include <map>

#include "faultline/error.h"
#include "harness/base/random.h"
#include "harness/trial/trial_spec.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"
#include "tests/trace/replay_support.h"

namespace faultline::testing {
namespace {

using Kind = OperationKind;

TEST_CASE("accesses become operations on the files' regions, cut at the blocks' borders") {
  const TemporaryDirectory folder;
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
  // 2 blocks for the first file, which grew; 6 for the second; 1 for the third, of which nobody
  // knows.
  CHECK(WorkloadChoice(spec)->OwnGeometry() == Geometry{9, 512});
  CHECK(Plans(spec)[0] ==
        std::vector<Operation>{
            Operation(Kind::kDiscard, 100, 412), Operation(Kind::kDiscard, 512, 512), Flush(),
            Operation(Kind::kRead, 0, 512), Operation(Kind::kRead, 512, 88),
            Operation(Kind::kWrite, 8 * 512 + 10, 20), Flush(),
            Operation(Kind::kRead, 3 * 512, 512), Operation(Kind::kUpdate, 4 * 512, 512), Flush()});
  CHECK(WorkloadChoice(spec)->Facts().at("split") == "1 of 4 accesses lie in several blocks");
  // In the trace's order, each in its share; a flush where something was changed since the last.
  const auto shared = Plans(spec, 3);
  CHECK(shared[0] == std::vector<Operation>{
                         Operation(Kind::kDiscard, 100, 412), Operation(Kind::kDiscard, 512, 512),
                         Flush(), Operation(Kind::kRead, 0, 512), Operation(Kind::kRead, 512, 88)});
  CHECK(shared[1] == std::vector<Operation>{Operation(Kind::kRead, 3 * 512, 512),
                                            Operation(Kind::kUpdate, 4 * 512, 512), Flush()});
  CHECK(shared[2] == std::vector<Operation>{Operation(Kind::kWrite, 8 * 512 + 10, 20), Flush()});
  // The first operations, behind all of the setup.
  CHECK(Plans(spec, 1, 3)[0].size() == 6);
  CHECK(Plans(spec, 1, 2)[0].back() == Operation(Kind::kRead, 512, 88));
}

TEST_CASE("the block is the smallest at which fewer than 1 % of the accesses are split") {
  auto block = [](std::uint64_t aligned, std::uint64_t crossing) {
    const TemporaryDirectory folder;
    std::vector<TraceEvent> events(aligned, {.kind = EventKind::kRead, .offset = 0, .length = 512});
    events.resize(aligned + crossing, {.kind = EventKind::kRead, .offset = 4000, .length = 200});
    MakeTrace(folder / "trace", 1 << 20, events);
    return LayOut(*ScanTrace(folder / "trace"), {}).geometry.record_size;
  };
  CHECK(block(1000, 0) == 512);
  CHECK(block(1000, 10) == 512);
  CHECK(block(990, 10) == 8192);
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", (1 << 23) + 1,
            {{.kind = EventKind::kRead, .offset = 1, .length = 1 << 23}});
  const auto scan = ScanTrace(folder / "trace");
  CHECK(LayOut(*scan, {}).geometry.record_size == std::uint64_t{4} << 20);
  CHECK(LayOut(*scan, {}).operations == 3);
  for (const std::uint64_t bad : {511, 513, 256, 8 << 20}) {
    CHECK_THROWS_AS(LayOut(*scan, {.block = bad}), UsageError);
  }
}

TEST_CASE("a trace decides the file, and contradictions are refused") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 4096, {{.kind = EventKind::kRead, .offset = 0, .length = 4096}});
  TrialSpec wanted;
  wanted.strategy = StrategyChoice("read-write");
  wanted.workload = WorkloadChoice(TraceSpec(folder, ",block=1KiB"));
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
  CHECK_THROWS_AS(WorkloadChoice("trace"), UsageError);
  CHECK_THROWS_AS(WorkloadChoice("trace:/absent"), UsageError);
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", 4096, {{.kind = EventKind::kOpen}});
  CHECK_THROWS_WITH(WorkloadChoice(TraceSpec(folder)), ContainsSubstring("nothing to replay"));
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", std::uint64_t{1} << 41, {{.kind = EventKind::kRead, .length = 1}});
  CHECK_THROWS_WITH(WorkloadChoice(TraceSpec(folder, ",compact=off")), ContainsSubstring("1 TiB"));
  CHECK(WorkloadChoice(TraceSpec(folder))->OwnGeometry() == Geometry{1, 512});
}

TEST_CASE("recorded times are played from the first access, in order and at the speed asked for") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 4096,
            {{.kind = EventKind::kOpen, .time_ns = 100},
             {.kind = EventKind::kRead, .time_ns = 1000, .offset = 0, .length = 1024},
             {.kind = EventKind::kWrite, .time_ns = 900, .offset = 2048, .length = 512},
             {.kind = EventKind::kRead, .time_ns = 5000, .offset = 3072, .length = 512},
             {.kind = EventKind::kFlush, .time_ns = 4000},
             {.kind = EventKind::kClose, .time_ns = 9000}});
  auto times = [&](const char* options, Share share) {
    const auto workload = WorkloadChoice(TraceSpec(folder, options));
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
  spec.strategy = StrategyChoice("read-write");
  spec.workload = WorkloadChoice(TraceSpec(folder, ",speed=0.001"));
  spec.load = LoadMode::kOpen;
  CHECK(MakePlan(Resolve(spec))->RecordedNs() == 8'000'000);
  spec.timeout_seconds = 0.001;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("--timeout"));
  spec.timeout_seconds = 300;
  spec.rate = 10;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("has times of its own"));
}

TEST_CASE("growth is set up before the clock and a truncation due when it was recorded") {
  const TemporaryDirectory folder;
  TraceEvent cut = CutTo(100);
  cut.time_ns = 2000;
  TraceEvent again = CutTo(100);
  again.time_ns = 2500;
  MakeTrace(
      folder / "trace", 600,
      {again, cut, {.kind = EventKind::kWrite, .time_ns = 7000, .offset = 0, .length = 1000}, cut});
  const auto workload = WorkloadChoice(TraceSpec(folder, ",block=512"));
  const auto plan = workload->MakePlan({.geometry = *workload->OwnGeometry(), .operations = 6});
  const auto stream = plan->Stream({});
  std::vector<Operation> operations(9);
  std::vector<std::int64_t> due_ns(9);
  REQUIRE(stream->NextTimed(operations, due_ns) == 2);
  CHECK(stream->IsSetup());
  CHECK(operations[0] == Discard(600, 424));
  CHECK(operations[1] == Flush());
  const std::size_t count = stream->NextTimed(operations, due_ns);
  CHECK_FALSE(stream->IsSetup());
  operations.resize(count);
  due_ns.resize(count);
  CHECK(operations == std::vector<Operation>{
                          Discard(100, 412), Discard(512, 88), Operation(Kind::kWrite, 0, 512),
                          Operation(Kind::kWrite, 512, 488), Discard(100, 412), Discard(512, 488)});
  // The first that cuts something is where the trace's time begins.
  CHECK(due_ns == std::vector<std::int64_t>{0, 0, 4500, 4500, 4500, 4500});
  CHECK(plan->RecordedNs() == 4500);
}

TEST_CASE("a trace without times plays an open load by a rate only") {
  const TemporaryDirectory folder;
  TraceWriter writer(folder / "trace", {});
  writer.AddFile("/file", 4096);
  writer.Add({.kind = EventKind::kRead, .file = 1, .offset = 0, .length = 512});
  writer.end().timed = false;
  writer.Finish();
  TrialSpec spec;
  spec.strategy = StrategyChoice("read-write");
  spec.workload = WorkloadChoice(TraceSpec(folder));
  spec.load = LoadMode::kOpen;
  CHECK_THROWS_WITH(Resolve(spec), ContainsSubstring("give --rate"));
  spec.rate = 10;
  CHECK_NOTHROW(Resolve(spec));
}

TEST_CASE("flushes are only replayed by strategies that store") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 512, {{.kind = EventKind::kWrite, .length = 512}});
  TrialSpec spec;
  spec.strategy = StrategyChoice("null");
  spec.workload = WorkloadChoice(TraceSpec(folder));
  CHECK(WhyUnsupported(spec).empty());
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", 512,
            {{.kind = EventKind::kWrite, .length = 512}, {.kind = EventKind::kFlush}});
  spec.workload = WorkloadChoice(TraceSpec(folder));
  CHECK_THAT(WhyUnsupported(spec), ContainsSubstring("can't keep the flushes"));
  spec.strategy = StrategyChoice("mmap-view");
  CHECK(WhyUnsupported(spec).empty());
}

TEST_CASE("a trace that changes during a run is noticed") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 512, {{.kind = EventKind::kRead, .length = 512}});
  const auto workload = WorkloadChoice(TraceSpec(folder));
  const auto plan = workload->MakePlan({.geometry = *workload->OwnGeometry(), .operations = 1});
  std::filesystem::remove(folder / "trace");
  MakeTrace(folder / "trace", 512, {{.kind = EventKind::kRead, .offset = 4096, .length = 512}});
  std::vector<Operation> buffer(4);
  CHECK_THROWS_WITH(plan->Stream({})->Next(buffer), ContainsSubstring("was changed"));
}

// Reads, writes and page faults of three files, in ranges of all kinds, with flushes and
// truncations.
void MakeMixedTrace(const std::filesystem::path& path, std::uint64_t seed = 1) {
  TraceWriter writer(path, {.recorder = "a test", .command = ""});
  writer.AddFile("/a", 9000);
  writer.AddFile("/b", 0);
  writer.AddFile("/c", 5123);
  Random random(seed);
  for (int i = 0; i < 90; ++i) {
    TraceEvent event = {.kind = static_cast<EventKind>(random.Below(6)),
                        .file = 1 + static_cast<std::uint32_t>(random.Below(3)),
                        .time_ns = static_cast<std::uint64_t>(i),
                        .offset = random.Below(9000),
                        .length = 1 + random.Below(3000)};
    if (i % 17 == 3) event.kind = EventKind::kFlush;
    if (i % 11 == 7) {
      event.kind = EventKind::kTruncate;
      event.length = 0;
    }
    writer.Add(event);
  }
  writer.Finish();
}

// What a pass times.
std::vector<Operation> WithoutSetup(const Plan& plan) {
  std::vector<Operation> timed;
  std::vector<Operation> buffer(7);
  const auto stream = plan.Stream({});
  while (const std::size_t count = stream->Next(buffer)) {
    const auto end = buffer.begin() + static_cast<std::ptrdiff_t>(count);
    if (!stream->IsSetup()) timed.insert(timed.end(), buffer.begin(), end);
  }
  return timed;
}

TEST_CASE("a layout counts the plan's operations exactly, whatever the block") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const TemporaryDirectory folder;
    MakeMixedTrace(folder / "trace", seed);
    for (std::size_t size = 0; size < kBlockSizes; ++size) {
      const std::uint64_t block = kLeastBlock << size;
      const ReplayLayout layout = LayOut(*ScanTrace(folder / "trace"), {.block = block});
      const auto plan = MakeReplayPlan(folder / "trace", layout, ~std::uint64_t{0}, 1);
      const std::vector<Operation> operations = WithoutSetup(*plan);
      CHECK(operations.size() == layout.operations);
      std::uint64_t discards = 0;
      for (const Operation& operation : operations) {
        if (operation.kind() == Kind::kFlush) continue;
        discards += operation.kind() == Kind::kDiscard ? 1 : 0;
        REQUIRE(operation.offset() % block + operation.length() <= block);
        REQUIRE(operation.offset() + operation.length() <= layout.geometry.file_size());
      }
      CHECK(discards == layout.discards);
      CHECK(discards > 0);
    }
  }
}

// Each file as its program saw it: bytes beyond its end don't exist.
TEST_CASE("what a replay leaves in a file's region is what the file would hold, then zeros") {
  const TemporaryDirectory folder;
  MakeMixedTrace(folder / "trace");
  const ReplayLayout layout = LayOut(*ScanTrace(folder / "trace"), {.block = 512});
  const auto plan = MakeReplayPlan(folder / "trace", layout, layout.operations, 1);
  // Nothing of what the data file held before lies beyond a file's first size.
  const TestFile file(layout.geometry);
  ReferenceImage reference = file.Reference();
  reference.Execute(Drain(*plan, {}), 0);
  std::vector<std::uint64_t> sizes = {9000, 0, 5123};
  TraceReader reader(folder / "trace");
  for (const TraceEvent& event : Events(reader)) {
    if (event.file == kAllFiles) continue;
    std::uint64_t& size = sizes[event.file - 1];
    if (event.kind == EventKind::kTruncate) size = event.offset;
    if (IsAccess(event.kind)) size = std::max(size, event.offset + event.length);
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const ReplayLayout::Region& region = layout.regions[i];
    REQUIRE(region.parts.size() == 1);
    const std::uint64_t extent = region.parts[0].range.end;
    if (!region.grows && sizes[i] == extent) continue;
    const auto beyond = reference.bytes().subspan(
        region.parts[0].begin + std::min(sizes[i], extent), extent - std::min(sizes[i], extent));
    const auto data = std::count_if(beyond.begin(), beyond.end(),
                                    [](std::byte byte) { return byte != std::byte{0}; });
    // The last block of a file that doesn't grow is there as a whole.
    CHECK(data <= (region.grows ? 0 : 512));
  }
}

TEST_CASE("facts say how much of a plan is growth and truncation") {
  const TemporaryDirectory folder;
  auto fact = [&](std::uint64_t size, std::vector<TraceEvent> events, const char* options = "") {
    std::filesystem::remove(folder / "trace");
    MakeTrace(folder / "trace", size, std::move(events));
    return WorkloadChoice(TraceSpec(folder, options))->Facts().at("growth");
  };
  CHECK(fact(4096, {WriteOf(0, 4096)}) == "no file grows or is cut");
  CHECK(fact(0, {WriteOf(0, 4096)}) == "before the clock of each pass 4.00 KiB are discarded");
  CHECK(fact(4096, {WriteOf(0, 4096), CutTo(0)}, ",block=512") ==
        "1 truncation discards 4.00 KiB (8 of the operations)");
  CHECK(fact(0, {WriteOf(0, 4096), CutTo(0), WriteOf(0, 10), CutTo(9)}, ",block=512") ==
        "before the clock of each pass 4.00 KiB are discarded, 2 truncations discard 4.00 KiB "
        "(9 of the operations)");
  CHECK(fact(0, {WriteOf(0, 4096)}, ",sparse=on") ==
        "the first pass begins with holes, later ones overwrite");
}

TEST_CASE("every strategy replays a trace as plain memory would", "[machine]") {
  const TemporaryDirectory folder;
  MakeMixedTrace(folder / "trace");
  const std::string workload = TraceSpec(folder, ",block=4KiB");
  const Geometry geometry = WorkloadChoice(workload)->OwnGeometry().value();
  for (const std::string& spec : AllSpecs()) {
    const StrategyInfo& info = InfoOf(spec);
    if (!info.stores() || RecordTooLarge(spec, geometry.record_size)) continue;
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
