// What a replay discards: growth, truncation, holes; and the data file of huge files.
#include "faultline/error.h"
#include "tests/trace/replay_support.h"

namespace faultline::testing {
namespace {

using Kind = OperationKind;

TEST_CASE("a pass is set up by discarding what a file doesn't have yet, and a flush") {
  const Operation write(Kind::kWrite, 600, 100);
  using Plan = std::vector<Operation>;
  CHECK(PlanOf(0, {WriteOf(600, 100)}) == Plan{Discard(0, 512), Discard(512, 512), Flush(), write});
  CHECK(PlanOf(511, {WriteOf(600, 100)}) ==
        Plan{Discard(511, 1), Discard(512, 512), Flush(), write});
  CHECK(PlanOf(512, {WriteOf(600, 100)}) == Plan{Discard(512, 512), Flush(), write});
  CHECK(PlanOf(650, {WriteOf(600, 100)}) == Plan{Discard(650, 374), Flush(), write});
  CHECK(PlanOf(700, {WriteOf(600, 100)}) == Plan{write});
  CHECK(PlanOf(9000, {WriteOf(600, 100)}) == Plan{write});
  CHECK(PlanOf(std::nullopt, {WriteOf(600, 100)}) == Plan{write});
  // A sparse data file has holes there already.
  CHECK(PlanOf(0, {WriteOf(600, 100)}, ",block=512,sparse=on") == Plan{write});
}

TEST_CASE("a truncation discards from the new size to the end, as the file is by then") {
  using Plan = std::vector<Operation>;
  const Operation write(Kind::kWrite, 1000, 24);
  const Operation rest(Kind::kWrite, 1024, 276);
  CHECK(PlanOf(2000, {CutTo(700), CutTo(700), CutTo(900), WriteOf(1000, 300), CutTo(1023)}) ==
        Plan{Discard(700, 324), Discard(1024, 512), Discard(1536, 464), write, rest,
             Discard(1023, 1), Discard(1024, 276)});
  // Growth by a truncation is zeros, which nothing needs to discard again.
  CHECK(PlanOf(1300, {CutTo(0), CutTo(std::uint64_t{1} << 61), CutTo(5), WriteOf(1000, 300)}) ==
        Plan{Discard(0, 512), Discard(512, 512), Discard(1024, 276), write, rest});
  // As far as the trace tells of a file whose size nobody saw.
  CHECK(PlanOf(std::nullopt, {CutTo(0), WriteOf(1000, 300), CutTo(1100)}) ==
        Plan{write, rest, Discard(1100, 200)});
  const TraceEvent read = {.kind = EventKind::kRead, .offset = 1000, .length = 300};
  CHECK(PlanOf(std::nullopt, {read, CutTo(1299)}).back() == Discard(1299, 1));
  // Files end by themselves.
  const TraceEvent other = {.kind = EventKind::kTruncate, .file = 1, .offset = 3000};
  CHECK(PlanOf(2000, {WriteOf(0, 1), other}) == Plan{Operation(Kind::kWrite, 0, 1)});
}

TEST_CASE("a hole or a trim discards what it takes of what the file has") {
  using Plan = std::vector<Operation>;
  const TraceEvent hole = {.kind = EventKind::kDiscard, .offset = 500, .length = 100};
  const TraceEvent far = {.kind = EventKind::kDiscard, .offset = 9000, .length = 1 << 20};
  CHECK(PlanOf(std::nullopt, {WriteOf(0, 550), hole, far, WriteOf(500, 1)}) ==
        Plan{Operation(Kind::kWrite, 0, 512), Operation(Kind::kWrite, 512, 38), Discard(500, 12),
             Discard(512, 38), Operation(Kind::kWrite, 500, 1)});
}

TEST_CASE("of huge files the data file has what is touched, and discards of it alone") {
  using Plan = std::vector<Operation>;
  constexpr std::uint64_t kFar = 9'000'000'000'000 / 512 * 512;
  const std::vector<TraceEvent> events = {
      WriteOf(512, 512),
      WriteOf(kFar + 100, 50),
      {.kind = EventKind::kRead, .offset = 600, .length = 8},
      {.kind = EventKind::kDiscard, .offset = 700, .length = kFar},
      CutTo(0)};
  CHECK(PlanOf(std::nullopt, events) ==
        Plan{Operation(Kind::kWrite, 0, 512), Operation(Kind::kWrite, 512 + 100, 50),
             Operation(Kind::kRead, 88, 8), Discard(188, 324), Discard(512, 150), Discard(0, 512),
             Discard(512, 150)});
  // A file that has grown to there is set up so in each pass.
  CHECK(PlanOf(600, events).front() == Discard(88, 424));
  CHECK_THROWS_WITH(PlanOf(std::nullopt, events, ",block=512,compact=off"),
                    ContainsSubstring("1 TiB"));
  // What is not huge keeps its gaps, unless asked otherwise.
  const std::vector<TraceEvent> near = {WriteOf(512, 512), WriteOf(1 << 20, 50)};
  CHECK(PlanOf(std::nullopt, near).back() == Operation(Kind::kWrite, 1 << 20, 50));
  CHECK(PlanOf(std::nullopt, near, ",block=512,compact=on").back() ==
        Operation(Kind::kWrite, 512, 50));
}

TEST_CASE("ranges that are touched are known in units as small as a table allows") {
  TouchedRanges ranges;
  ranges.Add(2, {0, 100});
  ranges.Add(2, {1000, 1100});
  ranges.Add(2, {512, 600});
  ranges.Add(2, {4096, 4097});
  const auto of = [&](std::uint32_t file, std::uint64_t unit) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (const FileRange& range : ranges.RangesOf(file, unit))
      found.emplace_back(range.begin, range.end);
    return found;
  };
  using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  CHECK(of(2, 512) == Pairs{{0, 1536}, {4096, 4608}});
  CHECK(of(2, 4096) == Pairs{{0, 8192}});
  CHECK(of(1, 512).empty());
  CHECK(of(9, 512).empty());
  CHECK(ranges.Bytes(512) == 2048);
  for (std::uint64_t i = 0; i < 2 * TouchedRanges::kMostRanges; ++i)
    ranges.Add(3, {i * 4096, i * 4096 + 1});
  CHECK(ranges.unit() > TouchedRanges::kLeastUnit);
  CHECK(ranges.RangesOf(3, ranges.unit()).size() <= TouchedRanges::kMostRanges);
}

TEST_CASE("a discard is a change that a share's flush makes durable") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 4096,
            {{.kind = EventKind::kRead, .length = 4096},
             {.kind = EventKind::kFlush},
             CutTo(3000),
             {.kind = EventKind::kFlush},
             {.kind = EventKind::kFlush}});
  const auto plans = Plans(TraceSpec(folder, ",block=1KiB"), 2);
  CHECK(plans[0] == std::vector<Operation>{Operation(Kind::kRead, 0, 1024),
                                           Operation(Kind::kRead, 1024, 1024)});
  CHECK(plans[1] == std::vector<Operation>{Operation(Kind::kRead, 2048, 1024),
                                           Operation(Kind::kRead, 3072, 1024), Discard(3000, 72),
                                           Discard(3072, 1024), Flush()});
}

TEST_CASE("sizes beyond any file are harmless") {
  const std::uint64_t most = std::uint64_t{1} << 62;
  CHECK(PlanOf(100, {WriteOf(0, 100), CutTo(most), CutTo(most - 1), CutTo(99)}) ==
        std::vector<Operation>{Operation(Kind::kWrite, 0, 100), Discard(99, 1)});
  CHECK(PlanOf(most - 1, {WriteOf(0, 100), CutTo(0)}) ==
        std::vector<Operation>{Operation(Kind::kWrite, 0, 100), Discard(0, 512)});
  const char* whole = ",block=512,compact=off";
  CHECK_THROWS_WITH(PlanOf(most - 1, {WriteOf(0, 100), CutTo(0)}, whole),
                    ContainsSubstring("1 TiB"));
  CHECK_THROWS_WITH(PlanOf(0, {WriteOf(most - 100, 100), CutTo(0)}, whole),
                    ContainsSubstring("1 TiB"));
}

}  // namespace
}  // namespace faultline::testing
