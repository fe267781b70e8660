// The summary of a trace for tools: of made-up traces, there and back.
#include "harness/document/trace.h"

#include "tests/catch.h"
#include "tests/document/each_field.h"
#include "tests/document/filled_trace.h"
#include "tests/trace/support.h"

namespace faultline::document {
namespace {

TEST_CASE("the document of a trace has what its summary has") {
  const TemporaryDirectory folder;
  std::vector<TraceEvent> events;
  for (std::uint64_t i = 0; i < 30; ++i) {
    events.push_back(
        {.kind = EventKind::kWrite, .time_ns = 1'000'000'000, .offset = 40960, .length = 4096});
    events.push_back({.kind = EventKind::kFlush, .time_ns = 1'000'000'000});
  }
  testing::MakeTrace(folder / "trace", 1 << 20, events);
  const Trace trace = TraceOf(SummarizeTrace(folder / "trace"));
  CHECK(trace.recorder == "a test");
  CHECK(trace.events.at("write").bytes == 30 * 4096);
  CHECK(trace.flushes.count == 30);
  CHECK(trace.flushes.median_writes == 1.0);
  CHECK(trace.seconds == 1.0);
  CHECK(trace.write_sizes == TracedSizes{{4096, 30}});
  CHECK(trace.working_set.bytes == 4096);
  CHECK(trace.hot_regions.at(0).file == "/made/up");
  REQUIRE(trace.replay.has_value());
  CHECK(trace.replay->blocks > 0);
  const std::string text = ToText(trace);
  CHECK(ToText(ParseTrace("made", text)) == text);
}

TEST_CASE("a trace of nothing has no figures") {
  const TemporaryDirectory folder;
  TraceWriter writer(folder / "trace", {.recorder = "a\x1b[2Jb", .command = "c\n\xff"});
  const std::uint32_t file = writer.AddFile("/e\x1b\xff", std::nullopt);
  writer.Add({.kind = EventKind::kOpen, .file = file});
  writer.end().timed = false;
  writer.Finish();
  const Trace trace = TraceOf(SummarizeTrace(folder / "trace"));
  CHECK_FALSE(trace.seconds.has_value());
  CHECK_FALSE(trace.started_ns.has_value());
  CHECK_FALSE(trace.replay.has_value());
  CHECK_FALSE(trace.flushes.median_writes.has_value());
  CHECK_FALSE(trace.working_set.interval_seconds.has_value());
  CHECK_FALSE(trace.files.at(0).size_bytes.has_value());
  // Controls reach no reader.
  CHECK(ParseTrace("made", ToText(trace)).recorder == "a [2Jb");
}

TEST_CASE("a trace summary with every field is read back as it was written") {
  const std::string text = ToText(FilledTrace());
  CHECK(ToText(ParseTrace("made", text)) == text);
}

TEST_CASE("each field of a trace summary that is missing or something else is named") {
  CheckEachField(ToText(FilledTrace()),
                 {".replay", ".seconds", ".started_ns", "files.size_bytes", "flushes.median_writes",
                  "flushes.median_written_bytes", "working_set.interval_seconds"},
                 {"events", "counts"}, [](const std::string& text) { ParseTrace("made", text); });
}

}  // namespace
}  // namespace faultline::document
