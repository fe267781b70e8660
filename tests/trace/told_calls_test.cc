// A recording in which strace tells of some calls and others of the rest, or that begins in the
// middle of a program.
#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/trace/strace_import.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

using Lines = std::vector<std::string>;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kEpoch = 1'795'412'201 * kSecond;

// A trace in the making, of all files.
class Recording {
 public:
  explicit Recording(StraceOptions options = {}) : importer_(builder_, std::move(options)) {}

  StraceImporter& importer() { return importer_; }

  // A line of strace's text of a second after kEpoch.
  Recording& Line(std::uint64_t second, const std::string& thread, const std::string& call) {
    const std::string line =
        fmt::format("{} {}.000000 {}", thread, kEpoch / kSecond + second, call);
    importer_.Take({.line = ++lines_}, line);
    return *this;
  }

  Recording& Told(std::uint64_t second, std::uint32_t thread, std::string_view name,
                  std::vector<std::string_view> arguments, std::string_view result) {
    importer_.TakeTold(thread, kEpoch + second * kSecond,
                       {.name = name, .arguments = std::move(arguments), .result = result});
    return *this;
  }

  // "write /a 0+100 at 2", one after another; notes behind.
  Lines Finish() {
    importer_.Finish();
    writer_.Finish();
    TraceReader reader(folder_ / "trace");
    Lines lines;
    for (const TraceEvent& event : Events(reader)) {
      lines.push_back(fmt::format("{} {} {}+{} at {}", EventKindName(event.kind),
                                  reader.files()[event.file - 1].path, event.offset, event.length,
                                  event.time_ns / kSecond));
    }
    for (const std::string& note : reader.end().notes) lines.push_back(note);
    return lines;
  }

 private:
  TemporaryDirectory folder_;
  TraceWriter writer_{folder_ / "trace", {.recorder = "a test", .command = ""}};
  TraceBuilder builder_{writer_, FilePatterns({"*"})};
  StraceImporter importer_;
  std::uint64_t lines_ = 0;
};

TEST_CASE("calls that are told apply to what strace's text opened") {
  Recording recording;
  recording.Line(0, "7", R"(openat(AT_FDCWD</d>, "a", O_RDWR) = 3</d/a>)")
      .Told(1, 7, "write", {"3", "0", "10"}, "10")
      .Told(2, 7, "dup", {"3"}, "4")
      .Told(3, 7, "lseek", {"4", "100", "SEEK_SET"}, "100")
      .Told(4, 7, "read", {"3", "0", "5"}, "5")
      .Told(4, 7, "fsync", {"4"}, "0")
      .Told(5, 99, "write", {"3", "0", "10"}, "10")  // of nobody who belongs to the program
      .Line(6, "7", "clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>")
      .Told(7, 8, "pwrite64", {"4", "0", "2", "50"}, "2")  // of the child, before its first line
      .Line(8, "7", "<... clone resumed>) = 8")
      .Told(9, 7, "close", {"4"}, "0")
      .Told(9, 8, "close", {"3"}, "0");
  CHECK(recording.Finish() == Lines{"open /d/a 0+0 at 0", "write /d/a 0+10 at 1",
                                    "read /d/a 100+5 at 4", "flush /d/a 0+0 at 4",
                                    "write /d/a 50+2 at 7", "close /d/a 0+0 at 9",
                                    "close /d/a 0+0 at 9"});
}

TEST_CASE("a descriptor is the new file's from the end of the call that opened it") {
  Recording recording;
  struct Others final : ToldEvents {
    explicit Others(Recording& into) : recording(into) {}

    void TellBefore(std::uint64_t time_ns) override {
      if (time_ns == kEpoch + 3 * kSecond) recording.Told(2, 7, "close", {"3"}, "0");
    }
    std::optional<std::uint64_t> OpenedAt(std::uint32_t thread, std::uint64_t from_ns,
                                          std::uint64_t to_ns) override {
      CHECK(to_ns > from_ns);
      return thread == 8 ? std::optional(kEpoch + 3 * kSecond) : std::nullopt;
    }

    Recording& recording;
  };
  Others others(recording);
  recording.importer().Heed(others);
  recording.Line(0, "7", "clone(flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 8")
      .Line(0, "7", R"(openat(AT_FDCWD</d>, "a", O_RDWR) = 3</d/a>)")
      .Line(1, "8", R"(openat(AT_FDCWD</d>, "b", O_RDWR) = 3</d/b>)")
      .Told(4, 8, "write", {"3", "0", "10"}, "10");
  CHECK(recording.Finish() == Lines{"open /d/a 0+0 at 0", "close /d/a 0+0 at 2",
                                    "open /d/b 0+0 at 3", "write /d/b 0+10 at 4"});
}

TEST_CASE("a descriptor that no call made is looked up when it is used first") {
  std::vector<std::int64_t> asked;
  Recording recording({.look_up = [&](std::uint32_t process, std::int64_t number) {
    CHECK(process == 7);
    asked.push_back(number);
    return number == 5 ? "/d/five" : number == 6 ? "socket:[77]" : "";
  }});
  recording.Line(0, "7", R"(openat(AT_FDCWD</d>, "a", O_RDWR) = 3</d/a>)")
      .Told(1, 7, "pread64", {"5", "0", "4", "8"}, "4")
      .Told(1, 7, "pread64", {"5", "0", "4", "8"}, "4")
      .Told(1, 7, "write", {"6", "0", "9"}, "9")
      .Told(2, 7, "write", {"8", "0", "9"}, "9");
  CHECK(recording.Finish() ==
        Lines{"open /d/a 0+0 at 0", "read /d/five 8+4 at 1", "read /d/five 8+4 at 1",
              "1 transfer on 1 unnamed descriptor, whose opening was not seen: record with "
              "--recorder strace"});
  CHECK(asked == std::vector<std::int64_t>{5, 6, 8});
}

TEST_CASE("what a command inherits is its first thread's, until it is closed") {
  Recording recording;
  recording.importer().Begin(
      {.files = {{.number = 5, .name = "/in", .offset = 30},
                 {.number = 1, .name = "/log", .append = true, .durable = true},
                 {.number = 2, .name = "pipe:[7]"},
                 {.number = 4, .name = "/gone (deleted)", .offset = 5, .close_on_exec = true},
                 {.number = 9, .name = "/never"}},
       .directory = "/d"},
      kEpoch);
  recording.Line(1, "7", R"(rename("x", "y") = 0)")
      .Told(1, 7, "read", {"5", "0", "5"}, "5")
      .Told(1, 7, "read", {"5", "0", "5"}, "5")
      .Told(2, 7, "write", {"1", "0", "3"}, "3")
      .Told(2, 7, "write", {"2", "0", "3"}, "3")
      .Told(3, 7, "write", {"4", "0", "3"}, "3")
      .Told(4, 7, "close", {"5"}, "0")
      .Told(5, 7, "read", {"5", "0", "5"}, "5")
      .Line(6, "7", R"(execve("/x", ["x"], 0x7 /* 3 vars */) = 0)")
      .Told(7, 7, "write", {"4", "0", "3"}, "3")
      .Line(8, "7", R"(open("y", O_RDONLY) = 5)")
      .Told(9, 7, "read", {"5", "0", "5"}, "5");
  CHECK(recording.Finish() ==
        Lines{"read /in 30+5 at 0", "read /in 35+5 at 0", "write /log 0+3 at 1",
              "flush /log 0+0 at 1", "write /gone (deleted) 5+3 at 2", "close /in 0+0 at 3",
              "open /d/y 0+0 at 7", "read /d/y 0+5 at 8",
              "2 transfers on 2 unnamed descriptors: trace with -y, or --descriptor 5=PATH"});
}

TEST_CASE("a process that was attached to has its threads, offsets, folder and mappings") {
  Recording recording;
  recording.importer().Begin(
      {.process = 7,
       .threads = {7, 8},
       .files = {{.number = 3, .name = "/d/a", .offset = 4096, .direct = true}},
       .directory = "/d",
       .memory = {{.begin = 0x10000,
                   .end = 0x12000,
                   .readable = true,
                   .writable = true,
                   .shared = true,
                   .backing = os::Backing::kFile,
                   .name = "/d/map",
                   .offset = 8192},
                  {.begin = 0x20000, .end = 0x21000, .name = "[heap]"}}},
      kEpoch);
  recording.Line(1, "8", R"(write(3</d/a>, ""..., 512) = 512)")
      .Line(2, "7", R"(write(3</d/a>, ""..., 512) = 512)")
      .Line(3, "7", "msync(0x11000, 4096, MS_SYNC) = 0")
      .Line(4, "7", R"(open("other", O_RDONLY) = 4)");
  CHECK(recording.Finish() == Lines{"map /d/map 8192+8192 at 0", "write /d/a 4096+512 at 1",
                                    "write /d/a 4608+512 at 2", "flush /d/map 12288+4096 at 3",
                                    "open /d/other 0+0 at 4"});
}

TEST_CASE("strace is asked for what nobody else tells") {
  const auto has = [](const std::string& names, const std::string& name) {
    const Lines words = Split(names, ',');
    return std::find(words.begin(), words.end(), "?" + name) != words.end();
  };
  const std::string alone = StraceImporter::CallNames();
  const std::string rest = StraceImporter::CallNames({"read", "close"});
  CHECK(has(alone, "read"));
  CHECK_FALSE(has(rest, "read"));
  CHECK_FALSE(has(rest, "close"));
  CHECK(has(rest, "write"));
  CHECK(has(rest, "openat"));
  // Which make descriptors that strace's paths tell of otherwise.
  CHECK_FALSE(has(alone, "pipe2"));
  CHECK(has(rest, "pipe2"));
}

}  // namespace
}  // namespace faultline::testing
