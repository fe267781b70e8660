// The bytes of a trace: what is written comes back, and nothing damaged is taken for a trace.
#include <boost/crc.hpp>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/os/whole_file.h"
#include "harness/trace/trace_scan.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

// One of everything, with large steps in both directions.
std::vector<TraceEvent> SomeEvents() {
  std::vector<TraceEvent> events;
  std::uint64_t time = 5;
  for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
    TraceEvent event = {.kind = static_cast<EventKind>(kind),
                        .file = 1 + static_cast<std::uint32_t>(kind % 2),
                        .process = 7,
                        .thread = 7 + static_cast<std::uint32_t>(kind / 4),
                        .time_ns = time,
                        .offset = kind * 4096 % 20000,
                        .length = kind * 100};
    if (event.kind == EventKind::kMap) event.flags = kFlagShared | kFlagWritable;
    events.push_back(event);
    time = kind == 5 ? time - 3 : time + (std::uint64_t{1} << (4 * kind));
  }
  events.push_back({.kind = EventKind::kWrite,
                    .file = 2,
                    .process = ~0u,
                    .thread = ~0u,
                    .time_ns = time,
                    .offset = (std::uint64_t{1} << 62) - (std::uint64_t{1} << 32),
                    .length = std::uint64_t{1} << 32});
  events.push_back({.kind = EventKind::kFlush, .process = 7, .thread = 7, .time_ns = time});
  return events;
}

void MakeSome(const std::filesystem::path& path) {
  TraceWriter writer(path, {.recorder = "a test", .command = "a 'command'"});
  writer.AddFile("/first", 12345);
  writer.AddFile("/se\ncond", std::nullopt);
  for (const TraceEvent& event : SomeEvents()) writer.Add(event);
  writer.end() = {.timed = true,
                  .started_ns = 99,
                  .faults = true,
                  .notes = {"a note"},
                  .counts = {.direct_transfers = 300, .unplaced_transfers = 7}};
  writer.Finish();
}

TEST_CASE("what is written to a trace is read again") {
  const TemporaryDirectory folder;
  MakeSome(folder / "trace");
  TraceReader reader(folder / "trace");
  CHECK(reader.header().recorder == "a test");
  CHECK(reader.header().command == "a 'command'");
  CHECK(Events(reader) == SomeEvents());
  CHECK(reader.files() == std::vector<TraceFile>{{"/first", 12345}, {"/se\ncond", std::nullopt}});
  CHECK(reader.end().timed);
  CHECK(reader.end().faults);
  CHECK(reader.end().started_ns == 99);
  CHECK(reader.end().notes == std::vector<std::string>{"a note"});
  CHECK(reader.end().counts.direct_transfers == 300);
  CHECK(reader.end().counts.unplaced_transfers == 7);
  CHECK(reader.end().counts.rings == 0);
  CHECK(reader.position() == std::filesystem::file_size(folder / "trace"));
  TraceEvent event;
  CHECK_FALSE(reader.Next(event));
}

TEST_CASE("a trace of version 1 has no counts, and counts of later programs are passed over") {
  const TemporaryDirectory folder;
  const auto checked = [](std::string bytes) {
    boost::crc_32_type checksum;
    checksum.process_bytes(bytes.data(), bytes.size());
    for (int byte = 0; byte < 4; ++byte) {
      bytes += static_cast<char>(checksum.checksum() >> (8 * byte));
    }
    return bytes;
  };
  const std::string head = std::string("FLTRACE\x01", 8) + std::string(2, '\0');
  const std::string end("\0\x01\0\0\0\0", 6);
  WriteBytes(folder / "first", checked(head + end));
  TraceReader first(folder / "first");
  CHECK(Events(first).empty());
  CHECK(first.end().timed);
  std::string later = head + end + std::string("\x02\x05later\x09\x05rings\x03", 15);
  later[7] = 2;
  WriteBytes(folder / "later", checked(later));
  TraceReader second(folder / "later");
  CHECK(Events(second).empty());
  CHECK(second.end().counts.rings == 3);
}

TEST_CASE("a trace is known by its beginning") {
  const TemporaryDirectory folder;
  testing::MakeTrace(folder / "trace", 1, {});
  WriteBytes(folder / "short", "FLTRAC");
  WriteBytes(folder / "text", "{\"schema\": 1}");
  CHECK(IsTrace(folder / "trace"));
  CHECK_FALSE(IsTrace(folder / "short"));
  CHECK_FALSE(IsTrace(folder / "text"));
  CHECK_FALSE(IsTrace(folder / "missing"));
  CHECK_FALSE(IsTrace(folder.path()));
}

TEST_CASE("a trace has no name before it is finished, and takes nobody's") {
  const TemporaryDirectory folder;
  { TraceWriter writer(folder / "trace", {}); }
  CHECK(std::filesystem::is_empty(folder.path()));
  TraceWriter late(folder / "trace", {});
  MakeTrace(folder / "trace", 1, {});
  CHECK_THROWS_AS(late.Finish(), UsageError);
  CHECK_THROWS_AS(TraceWriter(folder / "trace", {}), UsageError);
  CHECK_THROWS_AS(TraceWriter(folder / "absent" / "trace", {}), UsageError);
  TraceReader reader(folder / "trace");
  CHECK(Events(reader).empty());
}

TEST_CASE("a trace cut at any byte is refused with the position") {
  const TemporaryDirectory folder;
  MakeSome(folder / "trace");
  const std::string whole = os::ReadText(folder / "trace");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    WriteBytes(folder / "cut", std::string_view(whole).substr(0, size));
    if (size < 8) {
      CHECK_THROWS_AS(TraceReader(folder / "cut"), UsageError);
      continue;
    }
    CHECK_THROWS_WITH(
        [&] {
          TraceReader reader(folder / "cut");
          Events(reader);
        }(),
        ContainsSubstring(fmt::format("at byte {}: the file ends here too soon", size)));
  }
  WriteBytes(folder / "long", whole + "x");
  TraceReader reader(folder / "long");
  CHECK_THROWS_WITH(Events(reader), ContainsSubstring("something follows the end"));
}

TEST_CASE("a trace with any bit changed is refused") {
  const TemporaryDirectory folder;
  MakeSome(folder / "trace");
  const std::string whole = os::ReadText(folder / "trace");
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    CAPTURE(bit);
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << (bit % 8));
    WriteBytes(folder / "changed", changed);
    CHECK_THROWS_AS(ScanTrace(folder / "changed"), Error);
  }
}

TEST_CASE("what no trace can hold is refused") {
  const TemporaryDirectory folder;
  const std::string head = std::string("FLTRACE\x01", 8) + std::string(2, '\0');
  const std::string file = std::string("\x01\x01/\0", 4);
  for (const auto& [bytes, reason] : std::vector<std::pair<std::string, std::string>>{
           {"\x03", "no entry begins with 3"},
           {"\x8f", "no event is of kind 15"},
           {std::string("\xe0\0\0\0", 4), "only a flush may be of all files"},
           {std::string("\xf0\0\x02\0\0", 5), "the event is of file 2 and there are 0"},
           {file + std::string("\xd0\x01\x01\x05", 4), "before the trace's beginning"},
           {file + std::string("\xd0\0\x01\x81\x80\x80\x80\x10", 8), "beyond any file"},
           {file + std::string("\xf0\0\x01\x01\x05", 5), "beyond any file"},
           {"\x01\xff\xff\xff\xff\x0f", "a text is longer than a trace may have"},
           {"\x02\xff\xff\xff\xff\x1f", "more than 32 bits"},
           {"\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "more than 64 bits"},
           {std::string("\0\0\0\x01", 4), "the number of events is another"},
           {std::string("\0\0\0\0\x01", 5), "the number of files is another"},
           {std::string("\0\x04", 2), "properties that no trace has"}}) {
    CAPTURE(reason);
    WriteBytes(folder / "bad", head + bytes + std::string(16, '\0'));
    TraceReader reader(folder / "bad");
    CHECK_THROWS_WITH(Events(reader), ContainsSubstring(reason) && ContainsSubstring("at byte"));
  }
  WriteBytes(folder / "bad", "FLTRACE\x03 of a later program");
  CHECK_THROWS_WITH(TraceReader(folder / "bad"), ContainsSubstring("of version 3"));
  WriteBytes(folder / "bad", "something else");
  CHECK_THROWS_WITH(TraceReader(folder / "bad"), ContainsSubstring("is no trace of Faultline"));
  CHECK_THROWS_AS(TraceReader(folder / "absent"), UsageError);
  CHECK_THROWS_AS(TraceReader(folder.path()), Error);
}

TEST_CASE("ranges that a sum could overflow are not written") {
  const TemporaryDirectory folder;
  TraceWriter writer(folder / "trace", {});
  const std::uint32_t file = writer.AddFile("/a", 0);
  CHECK_THROWS_AS(writer.Add({.kind = EventKind::kMap, .file = file, .offset = ~std::uint64_t{0}}),
                  Error);
  CHECK_THROWS_AS(
      writer.Add({.kind = EventKind::kMap, .file = file, .offset = 9, .length = ~std::uint64_t{0}}),
      Error);
  CHECK_THROWS_AS(
      writer.Add({.kind = EventKind::kRead, .file = file, .length = std::uint64_t{1} << 33}),
      Error);
}

TEST_CASE("a scan counts extents and the parts of every block size") {
  const TemporaryDirectory folder;
  MakeTrace(folder / "trace", 100,
            {{.kind = EventKind::kRead, .offset = 500, .length = 100},
             {.kind = EventKind::kWrite, .time_ns = 7, .offset = 4000, .length = 1000},
             {.kind = EventKind::kMap, .offset = 1 << 20, .length = 1 << 20}});
  const auto scan = ScanTrace(folder / "trace");
  CHECK(scan->extents == std::vector<std::uint64_t>{5000});
  CHECK(scan->accesses == 2);
  CHECK(scan->span_ns == 7);
  CHECK(scan->split[0] == 2);
  CHECK(scan->parts[0] == 2 + 3);
  CHECK(scan->split[3] == 1);
  CHECK(scan->parts[3] == 3);
  CHECK(scan->parts[4] == 2);
  CHECK(ScanTrace(folder / "trace") == scan);
}

}  // namespace
}  // namespace faultline::testing
