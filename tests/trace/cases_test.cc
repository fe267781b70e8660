// Texts of tracers in the forms that people bring: cases/README.md.
#include <fmt/format.h>
#include <map>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/trace_habits.h"
#include "harness/trace/trace_scan.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

const std::filesystem::path kCases = FAULTLINE_CASES_FOLDER;

ImportRequest RequestFor(const TemporaryDirectory& folder, const std::string& text) {
  std::filesystem::remove(folder / "trace");
  return {.inputs = {kCases / text}, .output = folder / "trace", .recorder = "a test"};
}

ImportResult ImportCase(const TemporaryDirectory& folder, const std::string& text,
                        const std::string& descriptor = "") {
  ImportRequest request = RequestFor(folder, text);
  if (const std::size_t equals = descriptor.find('='); equals != std::string::npos) {
    request.descriptors[std::stoll(descriptor)] = descriptor.substr(equals + 1);
  }
  return ImportText(request);
}

std::shared_ptr<const TraceScan> ScanCase(const TemporaryDirectory& folder, const std::string& text,
                                          const std::string& descriptor = "") {
  ImportCase(folder, text, descriptor);
  return ScanTrace(folder / "trace");
}

TEST_CASE("every text of the cases is imported with the right counts and says what is missing") {
  std::size_t texts = 0;
  for (const std::string& line : Split(os::ReadText(kCases / "expected.tsv"), '\n')) {
    const std::vector<std::string> cells = Split(line, '\t');
    if (cells.size() < 10 || cells[0] == "text") continue;
    ++texts;
    CAPTURE(cells[0]);
    const TemporaryDirectory folder;
    const ImportResult result = ImportCase(folder, cells[0], cells[1]);
    const auto scan = ScanTrace(folder / "trace");
    const auto count = [&](EventKind kind) { return fmt::format("{}", scan->CountOf(kind)); };
    const auto bytes = [&](EventKind kind) {
      return fmt::format("{}", scan->bytes[static_cast<std::size_t>(kind)]);
    };
    CHECK(std::vector<std::string>(cells.begin() + 2, cells.begin() + 9) ==
          std::vector<std::string>{fmt::format("{}", scan->files.size()), count(EventKind::kRead),
                                   bytes(EventKind::kRead), count(EventKind::kWrite),
                                   bytes(EventKind::kWrite), count(EventKind::kFlush),
                                   count(EventKind::kDiscard)});
    const std::string notes = Join(result.notes, "\n");
    for (const std::string& part : Split(cells[9], '|')) {
      CHECK_THAT(notes, ContainsSubstring(part));
    }
    if (cells[9].empty()) CHECK(notes == "");
  }
  CHECK(texts == 33);
}

TEST_CASE("a text whose transfers are all of unnamed descriptors is refused with what would help") {
  const TemporaryDirectory folder;
  CHECK_THROWS_AS(ImportCase(folder, "attached.strace"), UsageError);
  CHECK_THROWS_WITH(
      ImportCase(folder, "attached.strace"),
      ContainsSubstring("40 transfers on 1 unnamed descriptor: trace with -y, or --descriptor "
                        "3=PATH"));
  CHECK_FALSE(std::filesystem::exists(folder / "trace"));
  CHECK_THROWS_AS(ImportCase(folder, "attached.strace", "3=-"), Error);
  CHECK_THROWS_AS(ImportCase(folder, "attached.strace", "4=one.dat"), UsageError);
}

TEST_CASE("what a program does today is in the trace") {
  const TemporaryDirectory folder;
  {
    const TraceCounts counts = ScanCase(folder, "direct-followed.strace")->end.counts;
    CHECK(counts.direct_transfers == 12);
    CHECK(counts.asynchronous_requests == 0);
  }
  {
    const auto scan = ScanCase(folder, "aio.strace");
    CHECK(scan->end.counts.direct_transfers == 4);
    CHECK(scan->end.counts.asynchronous_requests == 4);
    CHECK(scan->end.counts.most_in_flight == 4);
    CHECK(HowMoved(*scan) ==
          "4 of 4 go past the page cache (O_DIRECT); 4 are requests that were awaited later "
          "(io_submit), 4 in flight at most");
  }
  {
    const auto scan = ScanCase(folder, "dsync-append.strace");
    CHECK(scan->end.counts.durable_writes == 5);
    CHECK(scan->end.counts.appended_writes == 5);
    CHECK(scan->extents == std::vector<std::uint64_t>{1000});
    CHECK(MayLack(*scan) == "");
  }
  CHECK_THAT(MayLack(*ScanCase(folder, "threads-not-followed.strace")),
             ContainsSubstring("2 threads or processes were started and never seen"));
}

TEST_CASE("differences between lines add up to the time of a trace") {
  const TemporaryDirectory folder;
  const auto scan = ScanCase(folder, "relative-times.strace.gz");
  const double seconds = static_cast<double>(scan->span_ns - scan->first_ns) / 1e9;
  CHECK(seconds == Approx(2.05).margin(0.1));
}

TEST_CASE("lines without a number belong to the first thread, which gets one later") {
  const TemporaryDirectory folder;
  ImportCase(folder, "f-to-stderr.strace");
  TraceReader reader(folder / "trace");
  std::map<std::uint32_t, std::size_t> events;
  for (const TraceEvent& event : Events(reader)) ++events[event.thread];
  CHECK(events == std::map<std::uint32_t, std::size_t>{{0, 14}, {18791, 6}});
}

TEST_CASE("a file for each thread is put in order by the times, and threads share descriptors") {
  const TemporaryDirectory folder;
  ImportCase(folder, "ff");
  TraceReader reader(folder / "trace");
  std::uint64_t latest = 0;
  for (const TraceEvent& event : Events(reader)) {
    CHECK(event.time_ns >= latest);
    latest = event.time_ns;
  }
  const ImportRequest request = {
      .inputs = {kCases / "ff" / "threads.18959", kCases / "ff" / "threads.18958"},
      .output = folder / "files",
      .recorder = "a test"};
  ImportText(request);
  CHECK(ScanTrace(folder / "files")->events == ScanTrace(folder / "trace")->events);
}

TEST_CASE("files of threads without times are read one after the other, a parent's first") {
  const TemporaryDirectory folder;
  WriteBytes(folder / "t.20",
             "execve(\"/x\", [\"x\"], 0x7ff /* 3 vars */) = 0\n"
             "openat(AT_FDCWD, \"/a\", O_RDWR) = 3\n"
             "clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 9\n"
             "close(3) = 0\n");
  WriteBytes(folder / "t.9", "write(3, \"\"..., 10) = 10\n+++ exited with 0 +++\n");
  WriteBytes(folder / "other", "no text of strace\n");
  ImportRequest request = {
      .inputs = {folder.path()}, .output = folder / "trace", .recorder = "a test"};
  const ImportResult result = ImportText(request);
  CHECK(ScanTrace(folder / "trace")->CountOf(EventKind::kWrite) == 1);
  CHECK_FALSE(ScanTrace(folder / "trace")->end.timed);
  CHECK_THAT(Join(result.notes, "\n"), ContainsSubstring("the texts have no times"));
}

TEST_CASE("a choice of requests takes those of one point of their way") {
  const TemporaryDirectory folder;
  const auto reads = [&](BlockRequests requests) {
    ImportRequest request = RequestFor(folder, "block-with-foreign-lines.blkparse");
    request.requests = requests;
    ImportText(request);
    return ScanTrace(folder / "trace")->CountOf(EventKind::kRead);
  };
  CHECK(reads(BlockRequests::kQueued) == 4);
  CHECK(reads(BlockRequests::kIssued) == 5);  // one is split
  CHECK(reads(BlockRequests::kCompleted) == 5);
  ImportRequest request = RequestFor(folder, "mapped-device.blkparse");
  request.requests = BlockRequests::kCompleted;
  ImportText(request);
  const auto scan = ScanTrace(folder / "trace");
  CHECK(scan->CountOf(EventKind::kRead) == 2);
  CHECK(scan->CountOf(EventKind::kWrite) == 1);
}

}  // namespace
}  // namespace faultline::testing
