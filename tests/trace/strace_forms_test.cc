// The forms in which strace prints: what stands before calls, and what stands between and within
// their lines.
#include <cstdlib>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/trace/strace_line.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

using Lines = std::vector<std::string>;

std::string JoinLines(const Lines& lines) { return Join(lines, "\n") + "\n"; }

Lines EventsOf(const Lines& lines) { return Import(TemporaryDirectory(), JoinLines(lines)).events; }

struct Prefix {
  const char* text;
  std::uint32_t thread;
  std::optional<std::uint64_t> clock_ns;
  std::optional<std::uint64_t> difference_ns;
};

TEST_CASE("everything that strace prints before a call is taken apart") {
  const std::uint64_t second = 1'000'000'000;
  const std::uint64_t noon = 43'200 * second;
  const std::uint64_t epoch = 1'795'412'201 * second;
  for (const Prefix& prefix :
       std::vector<Prefix>{{"", 0, {}, {}},
                           {"4711 ", 4711, {}, {}},
                           {"4711  ", 4711, {}, {}},
                           {"[pid  4711] ", 4711, {}, {}},
                           {"4711<(sd-pam)> ", 4711, {}, {}},
                           {"[pid 4711<Web Content>] ", 4711, {}, {}},
                           {"12:00:00 ", 0, noon, {}},
                           {"4711 12:00:00.000005 ", 4711, noon + 5000, {}},
                           {"4711 12:00:00.123456789 ", 4711, noon + 123456789, {}},
                           {"1795412201 ", 0, epoch, {}},
                           {"4711 1795412201.500 ", 4711, epoch + second / 2, {}},
                           {"     0.000587 ", 0, {}, 587'000},
                           {"     0 ", 0, {}, 0},
                           {"4711      2.000001 ", 4711, {}, 2 * second + 1000},
                           {"4711 12:00:00 (+     0.000028) ", 4711, noon, 28'000},
                           {"[00007fd584528b1d] ", 0, {}, {}},
                           {"4711 [ 257] [????????????????] ", 4711, {}, {}},
                           {"[pid 4711<x>] 12:00:00 (+ 1.5) [   0] [00007fd584528b1d] ", 4711, noon,
                            second + second / 2}}) {
    CAPTURE(prefix.text);
    const std::string text = fmt::format("{}read(3, \"\", 1) = 0", prefix.text);
    const StraceLine line = ParseStraceLine(text);
    CHECK(line.kind == StraceLine::Kind::kCall);
    CHECK(line.name == "read");
    CHECK(line.thread == prefix.thread);
    CHECK(line.time.clock_ns == prefix.clock_ns);
    CHECK(line.time.difference_ns == prefix.difference_ns);
    CHECK(ParseStraceLine(fmt::format("{}+++ exited with 0 +++", prefix.text)).kind ==
          StraceLine::Kind::kExited);
    CHECK(ParseStraceLine(fmt::format("{}<... read resumed>\"\", 1) = 0", prefix.text)).kind ==
          StraceLine::Kind::kResumed);
  }
}

TEST_CASE("what is no call is told by who wrote it") {
  using LineKind = StraceLine::Kind;
  for (const auto& [text, kind] : std::vector<std::pair<const char*, LineKind>>{
           {"", LineKind::kEmpty},
           {"  \t", LineKind::kEmpty},
           {"strace: Process 8 attached", LineKind::kAttached},
           {"Process 8 attached (waiting for parent)", LineKind::kAttached},
           {"Process 8 detached", LineKind::kExited},
           {"Process 8 resumed (parent 7 ready)", LineKind::kOwn},
           {"strace: [ Process PID=8 runs in 32 bit mode. ]", LineKind::kOwn},
           {" > /lib/libc.so.6(read+0x10) [0x1234]", LineKind::kOwn},
           {"% time     seconds  usecs/call     calls    errors syscall", LineKind::kOwn},
           {"  0.00    0.000000           0         4           close", LineKind::kOwn},
           {" | 00000  78 79 0a                                         xy.              |",
            LineKind::kOwn},
           {"--- SIGCHLD {si_signo=SIGCHLD} ---", LineKind::kSignal},
           {"--- stopped by SIGTSTP ---", LineKind::kSignal},
           {"--- the end ---", LineKind::kForeign},
           {"+++ superseded by execve in pid 8 +++", LineKind::kSuperseded},
           {"+++ that was it +++", LineKind::kForeign},
           {"loading, 37 % done (read 4096 bytes)", LineKind::kForeign},
           {") = 5", LineKind::kForeign},
           {"[0x7f5d9c604000]) = 0", LineKind::kForeign},
           {"0.5 of 1.5", LineKind::kForeign}}) {
    CAPTURE(text);
    CHECK(ParseStraceLine(text).kind == kind);
  }
}

TEST_CASE("a call goes on behind words of others, in its line and in later ones") {
  const std::string open = R"(open("/a", O_RDWR) = 3)";
  for (const Lines& parts : std::vector<Lines>{
           {R"(pread64(3, "xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, loading)", R"("xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, OK)", "", "$ 5, 6", R"("xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, ERROR: no (5) such "thing")", R"("xx"..., 4096, 0)         = 4096)"},
           {R"(pread64(3, loading"xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, prompt> "xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, "xx"..., 4096, 0progress 5 %) = 4096)"},
           {R"(prompt> pread64(3, "xx"..., 4096, 0) = 4096)"},
           {R"(word[pid 5] pread64(3, "xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, one)", "two", R"(three"xx"..., 4096, 0) = 4096)"},
           {R"(pread64(3, "\170\170\1words)", R"(70\170\"\170", 4096, 0) = 4096)"},
           {R"(word[pid 5] pread64(3,  <unfinished ...>)",
            R"([pid 5] <... pread64 resumed>"xx"..., 4096, 0) = 4096)"},
           {R"(word[pid 5] pread64(3, "xx"..., 4096, 0other)", ") = 4096"},
           {R"(pread64(3, write(7, ...) is what I did)", R"(write(7, it says)",
            R"("xx"..., 4096, 0) = 4096)"}}) {
    CAPTURE(parts);
    Lines lines = {open};
    lines.insert(lines.end(), parts.begin(), parts.end());
    lines.emplace_back("close(3) = 0");
    CHECK(EventsOf(lines) == Lines{"open /a", "read /a 0+4096", "close /a"});
  }
}

TEST_CASE("words of others within calls are counted by lines and parts of lines") {
  const auto imported =
      Import(TemporaryDirectory(),
             JoinLines({R"(open("/a", O_RDWR) = 3)", R"(write(2, "a\nb\n\nc", 6a)", "b", "",
                        R"(c) = 6)", R"(write(3, "x", 1) = 1)", "fsync(3) = 0", "fsync(3) = 0",
                        "fsync(3) = 0", "cut(", R"(write(3, "x")"}));
  CHECK(imported.events == Lines{"open /a", "write /a 0+1", "flush /a", "flush /a", "flush /a"});
  CHECK_THAT(imported.notes,
             ContainsSubstring("6 lines or parts of lines were skipped, none of them strace's; "
                               "the first is line 2: 'a'"));
}

TEST_CASE("words of others may stand in the rest of a call, too") {
  for (const Lines& rest : std::vector<Lines>{
           {R"([pid  1] <... pread64 resumed>"xx"..., 40)", "said", "96, 512) = 4096"},
           {R"([pid  1] <... pread64 resumed>"xx"$ read(3, 5) = 5, done)", ", 4096, 512) = 4096"},
           {R"([pid  1] <... pread64 resumed>"xx"..., 4096, 512half a line) = 4096)"},
           {R"([pid  1] <... pread64 resumed>"\x78\$ read(3, 5) = 5, done)", "other",
            R"(x78\x78", 4096, 512) = 4096)"},
           {R"([pid  1] <... pread64 resumed>strace: Process 3 attached)",
            R"("xx"..., 4096, 512) = 4096)"}}) {
    CAPTURE(rest);
    Lines lines = {R"([pid  1] open("/a", O_RDWR) = 3)", R"([pid  1] pread64(3,  <unfinished ...>)",
                   "[pid  2] --- SIGCHLD {si_signo=SIGCHLD} ---"};
    lines.insert(lines.end(), rest.begin(), rest.end());
    lines.emplace_back("[pid  1] close(3) = 0");
    CHECK(EventsOf(lines) == Lines{"open /a", "read /a 512+4096", "close /a"});
  }
}

TEST_CASE("the rest of a call need not say that it is resumed") {
  CHECK(EventsOf({R"([pid  1] open("/a", O_RDWR) = 3)",
                  R"([pid  1] write(3, "x"..., 512 <unfinished ...>)", ") = 512",
                  R"([pid  1] pread64(3,  <unfinished ...>)", "noise", R"("x"..., 8, 4) = 8)",
                  "[pid  1] fsync(3 <unfinished ...>", "[pid  1] close(3) = 0", ") = 0"}) ==
        Lines{"open /a", "write /a 0+512", "read /a 4+8", "close /a"});
}

TEST_CASE("calls that threads' lines cut in two are joined whatever stands between") {
  CHECK(
      EventsOf({R"([pid  1] open("/a", O_RDWR) = 3)", R"([pid  1] pread64(3,  <unfinished ...>)",
                "noise", "[pid  2] --- SIGCHLD {si_signo=SIGCHLD} ---",
                "strace: Process 3 attached", R"([pid  2] write(2, "x", 1x <unfinished ...>)",
                R"([pid  1] <... pread64 resumed>"xx"..., 4096, 512) = 4096)",
                R"([pid  1] pwrite64(3, "x\n", 2x)", " <unfinished ...>",
                "[pid  2] <... write resumed>) = 1", "[pid  1] <... pwrite64 resumed>, 7) = 2"}) ==
      Lines{"open /a", "read /a 512+4096", "write /a 7+2"});
}

TEST_CASE("paths that strace prints count whatever was opened before") {
  CHECK(EventsOf({"pread64(3</usr/lib/libc.so.6>, \"\"..., 10, 0) = 10",
                  "pread64(3</d/one>, \"\"..., 10, 0) = 10", "read(3</d/one>, \"\"..., 5) = 5",
                  "pread64(3</d/two>, \"\"..., 10, 0) = 10", "write(3<socket:[7]>, \"\"..., 9) = 9",
                  "write(3</dev/sda1<block 8:1>>, \"\"..., 9) = 9",
                  "write(3</dev/null<char 1:3>>, \"\"..., 9) = 9"}) ==
        Lines{"read /usr/lib/libc.so.6 0+10", "read /d/one 0+10", "read /d/one 0+5",
              "read /d/two 0+10", "write /dev/sda1 0+9", "write /dev/null 0+9"});
  // Versions that print them behind arguments only.
  CHECK(EventsOf({R"(open("link", O_RDWR) = 3)", "write(3</real/file>, \"\"..., 4) = 4",
                  R"(open("/real/file", O_RDWR) = 4)", "write(4</real/file>, \"\"..., 2) = 2"}) ==
        Lines{"open link", "write link 0+4", "open link", "write link 0+2"});
}

TEST_CASE("descriptors of directories give relative names their folder") {
  CHECK(EventsOf({R"(openat(AT_FDCWD, "d/a", O_RDONLY|O_DIRECTORY) = 3)",
                  R"(openat(3, "data", O_RDWR) = 4)", R"(write(4, ""..., 1) = 1)",
                  R"(open("/d/b", O_RDONLY|O_PATH) = 5)", "fchdir(5) = 0",
                  R"(openat(AT_FDCWD, "data", O_RDWR) = 6)", R"(write(6, ""..., 2) = 2)",
                  R"(renameat(5, "data", 3, "other") = 0)", R"(openat(3, "other", O_RDWR) = 7)"}) ==
        Lines{"open d/a/data", "write d/a/data 0+1", "open /d/b/data", "write /d/b/data 0+2",
              "open /d/b/data"});
}

TEST_CASE("transfers of descriptors that nothing names are counted and said") {
  const Lines lines = {R"(open("/a", O_RDWR) = 3)", R"(write(3, ""..., 1) = 1)",
                       R"(write(5, ""..., 1) = 1)", R"(read(7, ""..., 1) = 1)",
                       R"(write(5, ""..., 1) = 1)"};
  const auto imported = Import(TemporaryDirectory(), JoinLines(lines));
  CHECK(imported.notes ==
        "3 transfers on 2 unnamed descriptors: trace with -y, or --descriptor 5=PATH");
  CHECK(imported.end.counts.unplaced_transfers == 3);
  const auto named = Import(TemporaryDirectory(), JoinLines(lines),
                            ImportRequest{.descriptors = {{5, "/five"}, {7, "-"}}});
  CHECK(named.notes ==
        "1 descriptor was opened out of the tracer's sight: sequential "
        "transfers are taken to begin at offset 0");
  CHECK(named.events == Lines{"open /a", "write /a 0+1", "write /five 0+1", "write /five 1+1"});
  // Pipes, sockets and terminals are no files, and calls say so.
  CHECK(
      Import(TemporaryDirectory(),
             JoinLines({R"(open("/a", O_RDWR) = 3)", "pipe2([4, 5], O_CLOEXEC) = 0",
                        "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 6", R"(write(5, "", 1) = 1)",
                        R"(read(6, "", 1) = 1)", "lseek(9, 0, SEEK_CUR) = -1 ESPIPE (Illegal seek)",
                        R"(read(9, "", 1) = 1)",
                        "fstat(1, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0), ...}) = 0",
                        R"(write(1, "", 1) = 1)", R"(write(2, "", 1) = 1)"}))
          .notes == "");
  CHECK_THAT(
      Import(TemporaryDirectory(), JoinLines({R"(open("/a", O_RDWR) = 3)", R"(write(3, "", 1) = 1)",
                                              R"(write(1, "", 1) = 1)"}))
          .notes,
      ContainsSubstring("1 transfer on standard input or output, which nothing names"));
}

TEST_CASE("what a descriptor was opened for is kept, and flags that are asked later") {
  const auto imported =
      Import(TemporaryDirectory(),
             JoinLines({R"(open("/a", O_RDWR|O_DIRECT) = 3)", R"(pread64(3, ""..., 512, 0) = 512)",
                        "fcntl(3, F_SETFL, O_RDWR) = 0", R"(pread64(3, ""..., 512, 0) = 512)",
                        "fcntl(9</b>, F_GETFL) = 0xc002 (flags O_RDWR|O_DIRECT|O_LARGEFILE)",
                        R"(pread64(9</b>, ""..., 512, 0) = 512)",
                        "pwritev2(3, [...], 1, 0, RWF_DSYNC) = 8",
                        "fadvise64(3, 0, 0, POSIX_FADV_RANDOM) = 0",
                        "fallocate(3, FALLOC_FL_KEEP_SIZE, 0, 4096) = 0"}));
  CHECK(imported.raw.at(0).flags == (kFlagWritable | kFlagDirect));
  CHECK(imported.end.counts.direct_transfers == 2);
  CHECK(imported.end.counts.durable_writes == 1);
  CHECK(imported.end.counts.advice_calls == 1);
  CHECK(imported.end.counts.preallocations == 1);
}

TEST_CASE(
    "requests are read from io_submit, and those that it didn't print are said to be missing") {
  const auto imported = Import(
      TemporaryDirectory(),
      JoinLines(
          {R"(open("/a", O_RDWR) = 3)",
           "io_submit(0x7f00, 3, [{aio_data=0, aio_lio_opcode=IOCB_CMD_PREADV, "
           "aio_fildes=3</a, b>, aio_buf=[{iov_base=0x1, iov_len=512}, {iov_base=0x2, iov_len=8}], "
           "aio_nbytes=2, aio_offset=64}, {aio_lio_opcode=IOCB_CMD_FSYNC, aio_fildes=3}, ...]) = "
           "3"}));
  CHECK(imported.events == Lines{"open /a", "read /a 64+520", "flush /a"});
  CHECK(imported.end.counts.asynchronous_requests == 2);
  CHECK(imported.end.counts.unread_transfers == 1);
  CHECK_THAT(imported.notes, ContainsSubstring("1 request of io_submit is missing"));
}

TEST_CASE("rings are said with their requests") {
  const auto imported =
      Import(TemporaryDirectory(),
             JoinLines({R"(open("/a", O_RDWR) = 3)", "io_uring_setup(8, {...}) = 4",
                        "io_uring_enter(4, 5, 5, IORING_ENTER_GETEVENTS, NULL, 8) = 5"}));
  CHECK(imported.end.counts.rings == 1);
  CHECK(imported.end.counts.ring_requests == 5);
  CHECK_THAT(imported.notes, ContainsSubstring("1 ring of io_uring") &&
                                 ContainsSubstring("5 requests are missing"));
}

TEST_CASE("threads that strace followed and that did nothing are not missing") {
  const Lines lines = {"10 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 11",
                       "10 fork() = 12", R"(10 open("/a", O_RDWR) = 3)"};
  const auto notes = [&](Lines more) {
    more.insert(more.begin(), lines.begin(), lines.end());
    return Import(TemporaryDirectory(), JoinLines(more)).notes;
  };
  CHECK_THAT(notes({}), ContainsSubstring("1 thread was started and never seen") &&
                            ContainsSubstring("1 process was started and never seen"));
  CHECK(notes({"11 +++ exited with 0 +++", "12 +++ exited with 0 +++"}) == "");
  CHECK_THAT(notes({"11 +++ exited with 0 +++"}), ContainsSubstring("1 process was started"));
  // Without lines of their ends nobody knows.
  CHECK(notes({"11 close(9) = 0"}) == "");
}

TEST_CASE("constants that are printed as numbers are said") {
  const auto imported = Import(
      TemporaryDirectory(),
      JoinLines({R"(openat(AT_FDCWD, "/a", 0x4002) = 3)", R"(openat(AT_FDCWD, "/b", O_RDONLY) = 4)",
                 R"(pread64(0x3, 0x7ffc01, 0x1000, 0x2000) = 0x1000)"}));
  CHECK(imported.events == Lines{"open /a", "open /b", "read /a 8192+4096"});
  CHECK_THAT(imported.notes, ContainsSubstring("constants are printed as numbers, in 1 call"));
}

TEST_CASE("a child that ends before the call returns that made it is gone") {
  const auto imported = Import(
      TemporaryDirectory(), JoinLines({R"(7 open("/a", O_RDWR) = 3)", "7 vfork( <unfinished ...>",
                                       R"(8 write(3, "x", 1) = 1)", "8 +++ exited with 126 +++",
                                       "7 <... vfork resumed>) = 8", R"(7 write(3, "x", 1) = 1)",
                                       "7 +++ exited with 0 +++"}));
  CHECK(imported.events == Lines{"open /a", "write /a 0+1", "write /a 1+1"});
  CHECK(imported.notes == "");
}

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

TEST_CASE("a damaged text does no harm") {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::filesystem::path(FAULTLINE_CASES_FOLDER))) {
    if (entry.is_regular_file()) texts.push_back(os::ReadText(entry.path()));
  }
  REQUIRE(texts.size() > 30);
  Random random(FromEnvironment("FAULTLINE_SEED", 1));
  const TemporaryDirectory folder;
  const std::uint64_t rounds = FromEnvironment("FAULTLINE_ROUNDS", kAddressSanitizer ? 1000 : 400);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    CAPTURE(round);
    std::string text = texts[random.Below(texts.size())];
    for (std::uint64_t change = random.Below(20); change > 0 && !text.empty(); --change) {
      const std::size_t at = random.Below(text.size());
      switch (random.Below(4)) {
        case 0:
          text[at] = static_cast<char>(random.Below(256));
          break;
        case 1:
          text.erase(at, random.Below(40));
          break;
        case 2:
          text.insert(at, text.substr(random.Below(text.size()), random.Below(200)));
          break;
        default:
          text[at] = "\"\\<>(){}[],=| \n0"[random.Below(16)];
          break;
      }
    }
    std::filesystem::remove(folder / "trace");
    WriteBytes(folder / "text", text);
    ImportRequest request = {
        .inputs = {folder / "text"}, .output = folder / "trace", .patterns = {"*"}};
    // Half of them are read as what they are not.
    const std::vector<std::string> formats = TextFormatNames();
    const std::uint64_t choice = random.Below(2 * formats.size());
    if (choice < formats.size()) {
      request.format = formats[choice];
    } else if (choice == formats.size()) {
      request.columns = "time_ms,device,op,offset_sectors,size,process";
    } else if (choice == formats.size() + 1) {
      request.line_format = "%D %2c %8s %5T.%9t %5p %2a %3d %S + %n [%C]\\n";
    }
    try {
      ImportText(request);
      TraceReader reader(folder / "trace");
      Events(reader);
    } catch (const Error&) {
      // A text may be refused.
    }
  }
}

}  // namespace
}  // namespace faultline::testing
