// strace's text: which bytes of which file each call was about.
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

using Lines = std::vector<std::string>;

std::string Text(const Lines& lines) { return Join(lines, "\n") + "\n"; }

Lines Imports(const Lines& lines) { return Import(TemporaryDirectory(), Text(lines)).events; }

TEST_CASE("sequential transfers follow the descriptor's offset") {
  CHECK(
      Imports({R"(openat(AT_FDCWD, "/a", O_RDWR|O_CREAT|O_TRUNC, 0666) = 3)",
               R"(write(3, ""..., 100) = 100)", R"(write(3, ""..., 100) = 60)",
               "lseek(3, 10, SEEK_SET) = 10", R"(read(3, "abc"..., 20) = 20)",
               R"x(readv(3, [{iov_base="a, \"b)", iov_len=7}, {iov_base="", iov_len=1}], 2) = 8)x",
               R"(read(3, "", 20) = 0)", "read(3, 0x7f, 20) = -1 EIO (Input/output error)",
               R"(writev(3, [...], 2) = 5)", "close(3) = 0"}) ==
      Lines{"open /a", "write /a 0+100", "write /a 100+60", "read /a 10+20", "read /a 30+8",
            "write /a 38+5", "close /a"});
}

TEST_CASE("positioned transfers leave the offset alone") {
  CHECK(Imports({R"(open("/a", O_RDWR) = 3)", R"(pwrite64(3, ""..., 10, 500) = 10)",
                 R"(pread64(3, ""..., 10, 0x200) = 9)", "preadv(3, [...], 2, 50) = 30",
                 "pwritev2(3, [...], 1, 70, RWF_DSYNC) = 3", "preadv2(3, [...], 2, -1, 0) = 4",
                 R"(write(3, ""..., 1) = 1)"}) ==
        Lines{"open /a", "write /a 500+10", "read /a 512+9", "read /a 50+30", "write /a 70+3",
              "flush /a", "read /a 0+4", "write /a 4+1"});
}

TEST_CASE("duplicates and forks share an offset, other opens have their own") {
  CHECK(Imports({R"(10 open("/a", O_RDWR) = 3)", "10 dup(3) = 4", "10 dup2(3, 9) = 9",
                 "10 fcntl(3, F_DUPFD_CLOEXEC, 20) = 20", R"(10 open("/a", O_RDONLY) = 5)",
                 R"(10 write(4, ""..., 10) = 10)", "10 fork() = 11",
                 R"(11 write(20, ""..., 10) = 10)", R"(11 read(5, ""..., 3) = 3)",
                 R"(10 read(5, ""..., 3) = 3)", "11 lseek(9, 100, SEEK_SET) = 100",
                 "11 close(3) = 0", R"(10 write(3, ""..., 1) = 1)", "10 dup3(5, 3, O_CLOEXEC) = 3",
                 R"(10 read(3, ""..., 2) = 2)"}) ==
        Lines{"open /a", "open /a", "write /a 0+10", "write /a 10+10", "read /a 0+3", "read /a 3+3",
              "close /a", "write /a 100+1", "close /a", "read /a 6+2"});
}

TEST_CASE("threads share descriptors, and a child may come before its parent's call returns") {
  const Lines events = Imports(
      {R"(10 open("/a", O_RDWR) = 3)",
       "10 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD, x=1} <unfinished ...>",
       R"(11 open("/b", O_RDWR <unfinished ...>)",
       "10 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11", "11 <... open resumed>) = 4",
       R"(10 write(4, ""..., 5) = 5)", "11 close(3) = 0", R"(10 read(3, ""..., 5) = 5)",
       "10 vfork( <unfinished ...>", "12 close(4) = 0", R"(12 execve("/x", [...], 0x1) = 0)",
       "10 <... vfork resumed>) = 12", R"(10 write(4, ""..., 5) = 5)"});
  CHECK(events ==
        Lines{"open /a", "open /b", "write /b 0+5", "close /a", "close /b", "write /b 5+5"});
}

TEST_CASE("events carry process, thread and time") {
  const auto imported =
      Import(TemporaryDirectory(),
             Text({R"([pid  7] 1700000000.000500 open("/a", O_RDWR) = 3)",
                   "[pid  7] 1700000000.000600 clone(flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 8",
                   R"([pid  8] 1700000000.002500 write(3, ""..., 4) = 4 <0.000012>)"}));
  REQUIRE(imported.raw.size() == 2);
  CHECK(imported.raw[1].process == 7);
  CHECK(imported.raw[1].thread == 8);
  CHECK(imported.raw[1].time_ns == 2'000'000);
  CHECK(imported.end.started_ns == 1'700'000'000'000'500'000);
  CHECK(imported.end.timed);
}

TEST_CASE("clocks of a day go on past midnight and texts without any say so") {
  const auto night =
      Import(TemporaryDirectory(), Text({R"(7 23:59:59.500000 open("/a", O_RDWR) = 3)",
                                         R"(7 00:00:01 write(3, ""..., 4) = 4)"}));
  CHECK(night.raw.at(1).time_ns == 1'500'000'000);
  CHECK(night.end.started_ns == 0);
  CHECK_FALSE(Import(TemporaryDirectory(), "open(\"/a\", O_RDWR) = 3\n").end.timed);
}

TEST_CASE("an exec closes what was marked and forgets the mappings") {
  CHECK(Imports({R"(open("/a", O_RDWR|O_CLOEXEC) = 3)", R"(open("/b", O_RDWR) = 4)",
                 R"(open("/c", O_RDWR) = 5)", "fcntl(5, F_SETFD, FD_CLOEXEC) = 0",
                 "mmap(NULL, 4096, PROT_READ, MAP_SHARED, 4, 0) = 0x10000",
                 R"(execve("/x", [...], 0x7f /* 3 vars */) = -1 ENOENT (No such file))",
                 R"(execve("/x", [...], 0x7f /* 3 vars */) = 0)", R"(write(3, ""..., 4) = 4)",
                 R"(write(4, ""..., 4) = 4)", R"(write(5, ""..., 4) = 4)",
                 "munmap(0x10000, 4096) = 0"}) ==
        Lines{"open /a", "open /b", "open /c", "map /b 0+4096", "write /b 0+4"});
}

TEST_CASE("writes that are appended go to the end") {
  CHECK(
      Imports({R"(open("/a", O_WRONLY|O_CREAT|O_EXCL|O_APPEND) = 3)", R"(write(3, ""..., 10) = 10)",
               R"(open("/a", O_WRONLY) = 4)", R"(pwrite64(4, ""..., 5, 20) = 5)",
               R"(write(3, ""..., 10) = 10)", R"(pwrite64(3, ""..., 2, 0) = 2)",
               "fcntl(3, F_SETFL, O_RDWR) = 0", R"(write(3, ""..., 1) = 1)"}) ==
      Lines{"open /a", "write /a 0+10", "open /a", "write /a 20+5", "write /a 25+10",
            "write /a 35+2", "write /a 35+1"});
}

TEST_CASE("calls that are durable by themselves are followed by a flush") {
  CHECK(
      Imports({R"(open("/a", O_WRONLY|O_DSYNC) = 3)", R"(write(3, ""..., 10) = 10)", "fsync(3) = 0",
               "fdatasync(3) = -1 EIO (Input/output error)", "sync() = 0",
               "sync_file_range(3, 5, 10, SYNC_FILE_RANGE_WRITE) = 0"}) ==
      Lines{"open /a", "write /a 0+10", "flush /a", "flush /a", "flush all", "write-out /a 5+10"});
}

TEST_CASE("copies between files are a read and a write") {
  CHECK(Imports({R"(open("/a", O_RDWR) = 3)", R"(open("/b", O_RDWR) = 4)",
                 "sendfile(4, 3, [10] => [110], 100) = 100", "sendfile(4, 3, NULL, 7) = 7",
                 "copy_file_range(3, NULL, 4, [50], 100, 0) = 100"}) ==
        Lines{"open /a", "open /b", "read /a 10+100", "write /b 0+100", "read /a 0+7",
              "write /b 100+7", "read /a 7+100", "write /b 50+100"});
}

TEST_CASE("sizes change by truncation, allocation and removal") {
  CHECK(Imports({R"(open("/a", O_RDWR|O_CREAT|O_EXCL|O_APPEND) = 3)", "ftruncate(3, 500) = 0",
                 R"(write(3, ""..., 1) = 1)", "fallocate(3, 0, 0, 100) = 0",
                 "fallocate(3, 0, 0, 1000) = 0", "fallocate(3, FALLOC_FL_KEEP_SIZE, 0, 9999) = 0",
                 "fallocate(3, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 10, 20) = 0",
                 R"(truncate("/a", 20) = 0)", R"(unlink("/a") = 0)",
                 R"(open("/a", O_RDWR|O_CREAT|O_APPEND) = 4)", R"(write(4, ""..., 1) = 1)",
                 R"(open("/a", O_RDWR|O_TRUNC) = 5)"}) ==
        Lines{"open /a", "truncate /a 500+0", "write /a 500+1", "truncate /a 1000+0",
              "discard /a 10+20", "truncate /a 20+0", "open /a", "truncate /a", "write /a 0+1",
              "open /a", "truncate /a"});
}

TEST_CASE("a file that replaces another takes its name") {
  CHECK(Imports({R"(open("/new", O_WRONLY|O_CREAT) = 3)", R"(write(3, ""..., 4) = 4)",
                 R"(open("/old", O_RDONLY) = 4)",
                 R"(renameat2(AT_FDCWD, "/new", AT_FDCWD, "/old", 0) = 0)",
                 R"(open("/old", O_RDONLY) = 5)", R"(read(5, ""..., 4) = 4)",
                 R"(read(4, ""..., 4) = 4)"}) == Lines{"open /new", "write /new 0+4", "open /old",
                                                       "open /new", "read /new 0+4",
                                                       "read /old 0+4"});
}

TEST_CASE("relative names are followed from where the process is") {
  const Lines replaced = {"open /home/x.tmp", "write /home/x.tmp 0+4", "open /home/x.tmp",
                          "read /home/x.tmp 0+4"};
  CHECK(Imports({R"(openat(AT_FDCWD</home>, "x.tmp", O_WRONLY|O_CREAT) = 3</home/x.tmp>)",
                 R"(write(3</home/x.tmp>, ""..., 4) = 4)", R"(rename("x.tmp", "./x") = 0)",
                 R"(openat(AT_FDCWD</home>, "x", O_RDONLY) = 4</home/x>)",
                 R"(read(4</home/x>, ""..., 4) = 4)"}) == replaced);
  CHECK(Imports({R"(chdir("/home/it") = 0)", R"(chdir("..") = 0)",
                 R"(open("x.tmp", O_WRONLY|O_CREAT) = 3)", R"(write(3, ""..., 4) = 4)",
                 R"(rename("it/../x.tmp", "/home/x") = 0)", R"(open("x", O_RDONLY) = 4)",
                 R"(read(4, ""..., 4) = 4)"}) == replaced);
  CHECK(Imports({"fchdir(9</home>) = 0", R"(creat("x.tmp", 0600) = 3)", R"(write(3, ""..., 4) = 4)",
                 R"(unlink("x.tmp") = 0)", R"(open("x.tmp", O_RDWR|O_CREAT) = 4)"}) ==
        Lines{"open /home/x.tmp", "write /home/x.tmp 0+4", "open /home/x.tmp",
              "truncate /home/x.tmp"});
}

TEST_CASE("a child begins where its parent was, and goes its own way unless they share it") {
  const auto from = [](const char* flags) {
    return Import(TemporaryDirectory(),
                  Text({"1 chdir(\"/a\") = 0",
                        fmt::format("1 clone(child_stack=NULL, flags={}) = 2", flags),
                        "2 open(\"x\", O_RDONLY) = 3", "2 chdir(\"/b\") = 0",
                        "1 open(\"x\", O_RDONLY) = 4"}))
        .events;
  };
  CHECK(from("SIGCHLD") == Lines{"open /a/x", "open /a/x"});
  CHECK(from("CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD") == Lines{"open /a/x", "open /b/x"});
}

TEST_CASE("a file of two names is one file until the last name is removed") {
  CHECK(Imports({R"(open("/tmp_it", O_WRONLY|O_CREAT) = 3)", R"(write(3, ""..., 4) = 4)",
                 R"(link("/tmp_it", "/it") = 0)", R"(unlink("/tmp_it") = 0)",
                 R"(open("/it", O_RDONLY) = 4)", R"(read(4, ""..., 4) = 4)",
                 R"(open("/tmp_it", O_WRONLY|O_CREAT) = 5)",
                 R"(linkat(AT_FDCWD, "/it", AT_FDCWD, "/too", 0) = 0)", R"(unlink("/it") = 0)",
                 R"(unlink("/too") = 0)", R"(open("/too", O_WRONLY|O_CREAT) = 6)"}) ==
        Lines{"open /tmp_it", "write /tmp_it 0+4", "open /tmp_it", "read /tmp_it 0+4",
              "open /tmp_it", "open /tmp_it", "truncate /tmp_it"});
}

TEST_CASE("names of one file stay when one is moved onto the other, and two files change names") {
  CHECK(Imports({R"(open("/a", O_RDWR|O_CREAT) = 3)", R"(link("/a", "/b") = 0)",
                 R"(rename("/a", "/b") = 0)", R"(open("/a", O_RDWR) = 4)",
                 R"(open("/b", O_RDWR) = 5)"}) == Lines{"open /a", "open /a", "open /a"});
  CHECK(Imports({R"(open("/a", O_RDWR|O_CREAT) = 3)", R"(write(3, ""..., 4) = 4)",
                 R"(open("/b", O_RDWR|O_CREAT) = 4)",
                 R"(renameat2(AT_FDCWD, "/a", AT_FDCWD, "/b", RENAME_EXCHANGE) = 0)",
                 R"(open("/a", O_RDWR) = 5)", R"(open("/b", O_RDWR) = 6)",
                 R"(renameat2(AT_FDCWD, "/a", AT_FDCWD, "/c", RENAME_EXCHANGE) = 0)",
                 R"(open("/c", O_RDWR) = 7)"}) ==
        Lines{"open /a", "write /a 0+4", "open /b", "open /b", "open /a", "open /b"});
  CHECK(Imports({R"(open("/a", O_RDWR|O_CREAT) = 3)",
                 R"(linkat(3</a>, "", AT_FDCWD, "/b", AT_EMPTY_PATH) = 0)",
                 R"(open("/b", O_RDWR) = 4)"}) == Lines{"open /a", "open /a"});
}

TEST_CASE("a program that replaces its file again and again does it with two files") {
  Lines lines;
  for (const char* number : {"3", "4", "5"}) {
    lines.push_back(fmt::format("open(\"/new\", O_WRONLY|O_CREAT) = {}", number));
    lines.push_back(fmt::format("write({}, \"\"..., 4) = 4", number));
    lines.push_back("rename(\"/new\", \"/old\") = 0");
  }
  CHECK(Imports(lines) == Lines{"open /new", "write /new 0+4", "open /new", "write /new 0+4",
                                "open /new", "truncate /new", "write /new 0+4"});
}

TEST_CASE("mappings are followed through cuts and moves") {
  const Lines lines = {R"(open("/a", O_RDWR) = 3)",
                       "mmap(NULL, 16000, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0x1000) = 0x10000",
                       "msync(0x11000, 4096, MS_SYNC) = 0",
                       "msync(0x11000, 4096, MS_ASYNC) = 0",
                       "munmap(0x11000, 4096) = 0",
                       "mremap(0x12000, 8192, 12288, MREMAP_MAYMOVE) = 0x40000",
                       "mmap(0x10000, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x10000",
                       "munmap(0x40000, 12288) = 0",
                       "munmap(0x40000, 12288) = 0"};
  const auto imported = Import(TemporaryDirectory(), Text(lines));
  CHECK(imported.events == Lines{"open /a", "map /a 4096+16384", "flush /a 8192+4096",
                                 "write-out /a 8192+4096", "unmap /a 8192+4096",
                                 "unmap /a 12288+8192", "map /a 12288+12288", "unmap /a 4096+4096",
                                 "unmap /a 12288+12288"});
  CHECK(imported.raw.at(1).flags == (kFlagShared | kFlagWritable));
}

TEST_CASE("printed paths tell what was opened out of sight") {
  const auto imported = Import(
      TemporaryDirectory(),
      Text({R"(read(5</d/sp\74ace\76, "\303\251"\40>, ""..., 4) = 4)",
            R"(write(1<pipe:[77]>, ""..., 4) = 4)", "read(0</dev/null<char 1:3>>, \"\", 1) = 0",
            R"(write(3<TCP:[127.0.0.1:1->127.0.0.1:2]>, ""..., 4) = 4)",
            R"(openat(AT_FDCWD</w>, "link", O_RDWR) = 6</real/file>)",
            R"(write(6</real/file>, ""..., 2) = 2)", R"(write(6</gone>(deleted), ""..., 2) = 2)"}));
  CHECK(imported.events == Lines{"read /d/sp<ace>, \"\xc3\xa9\"  0+4", "open /real/file",
                                 "write /real/file 0+2", "write /real/file 2+2"});
  REQUIRE(imported.end.notes.size() == 1);
  CHECK_THAT(imported.end.notes[0], ContainsSubstring("1 descriptor was opened out of"));
}

TEST_CASE("only files that match are in the trace") {
  const std::string text =
      Text({R"(open("/x/one.db", O_RDWR) = 3)", R"(open("/x/two", O_RDWR) = 4)",
            R"(open("/usr/three", O_RDWR) = 5)", R"(write(3, "", 1) = 1)", R"(write(4, "", 1) = 1)",
            R"(write(5, "", 1) = 1)"});
  auto written = [&](const Lines& patterns) {
    Lines files;
    for (const std::string& event : Import(TemporaryDirectory(), text, "strace", patterns).events) {
      if (event.starts_with("write ")) files.push_back(Split(event, ' ')[1]);
    }
    return files;
  };
  CHECK(written({"*.db"}) == Lines{"/x/one.db"});
  CHECK(written({"/x/*"}) == Lines{"/x/one.db", "/x/two"});
  CHECK(written({"t??", "[m-p]ne.*"}) == Lines{"/x/one.db", "/x/two"});
  CHECK(written({"[!t]*"}) == Lines{"/x/one.db", "/x/two", "/usr/three"});
  CHECK(written({}) == Lines{"/x/one.db", "/x/two"});
  CHECK_THROWS_WITH(written({"four"}), ContainsSubstring("look at --file"));
}

TEST_CASE("lines that are no calls are passed over") {
  CHECK(Imports({"strace: Process 8 attached", R"(8 open("/a", O_RDWR) = 3)", "",
                 "8 --- SIGCHLD {si_signo=SIGCHLD, si_pid=9} ---", "8 getpid() = 8",
                 "8 nanosleep({tv_sec=1}, <unfinished ...>", R"(9 exit_group(0) = ?)",
                 "9 +++ exited with 0 +++", "8 <... nanosleep resumed>NULL) = 0",
                 "8 <... read resumed>\"\", 1) = 1", "8 read(3,  <unfinished ...>) = ?",
                 "8 +++ killed by SIGKILL +++"}) == Lines{"open /a"});
}

TEST_CASE("a call that can't be understood is skipped, counted and said with the first") {
  for (const auto& [line, reason] : std::vector<std::pair<std::string, std::string>>{
           {"read() = 5", "no argument 1"},
           {"lseek(x=1, 1, SEEK_SET) = 1", "no descriptor"},
           {"pread64(3, \"\", 1, ZERO) = 1", "no number"},
           {"pread64(3, \"\", 1, 99999999999999999999) = 1", "no number"},
           {"pread64(3, \"\", 1, 9223372036854775807) = 1", "beyond what a trace can hold"},
           {"read(3, \"\", 1) = 99999999999", "beyond what a trace can hold"},
           {"sendfile(3, 3, 10, 1) = 1", "in brackets"}}) {
    CAPTURE(line);
    const auto imported =
        Import(TemporaryDirectory(),
               Text({R"(open("/a", O_RDWR) = 3)", line, line, R"(write(3, ""..., 10) = 10)"}));
    CHECK(imported.events == Lines{"open /a", "write /a 0+10"});
    CHECK_THAT(imported.notes, ContainsSubstring("2 calls that can't be understood are missing") &&
                                   ContainsSubstring("the first is line 2, ") &&
                                   ContainsSubstring(reason));
  }
}

TEST_CASE("lines that are nothing of strace's are skipped, counted and said with the first") {
  for (const std::string line :
       {"what is this", "read(3, \"abc", "read(3</a, 1) = 1", "read(3, 1", "read(3, 1) 7"}) {
    CAPTURE(line);
    const auto imported =
        Import(TemporaryDirectory(),
               Text({R"(open("/a", O_RDWR) = 3)", line, R"(write(3, ""..., 10) = 10)"}));
    CHECK(imported.events == Lines{"open /a", "write /a 0+10"});
    CHECK_THAT(imported.notes, ContainsSubstring("1 line or part of a line was skipped, none of "
                                                 "them strace's; the first is line 2: '" +
                                                 line + "'"));
  }
}

TEST_CASE("a text most of whose lines are others' is refused, and nothing is left") {
  const TemporaryDirectory folder;
  CHECK_THROWS_AS(Import(folder, Text({"read(3, \"\", 1) = 1", "what is this", "and this?"})),
                  UsageError);
  CHECK_THROWS_WITH(
      Import(folder, Text({"read(3, \"\", 1) = 1", "what is this", "and this?"})),
      ContainsSubstring("2 lines of others, 1 of it; the first is line 2: 'what is this'"));
  CHECK_THROWS_WITH(
      Import(folder, Text({"% time     seconds  usecs/call     calls    errors syscall",
                           "------ ----------- ----------- --------- --------- ------------",
                           " 99.00    0.000123           5        25         2 read",
                           "100.00    0.000123                    25         2 total"})),
      ContainsSubstring("trace without -c, or with -C"));
  CHECK_FALSE(std::filesystem::exists(folder / "trace"));
}

TEST_CASE("of a line of any length its beginning and its end count") {
  const std::string data(3 << 20, 'x');
  CHECK(Imports({R"(open("/a", O_RDWR) = 3)",
                 fmt::format("write(3, \"{}\", 3145728) = 3145728", data),
                 R"(write(3, ""..., 10) = 10)"}) ==
        Lines{"open /a", "write /a 0+3145728", "write /a 3145728+10"});
}

}  // namespace
}  // namespace faultline::testing
