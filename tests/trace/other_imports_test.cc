// The texts of other tools, and the guess at what a text is.
#include <fmt/format.h>

#include "faultline/error.h"
#include "tests/catch.h"
#include "tests/trace/support.h"

namespace faultline::testing {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("fio's log of version 2 is accesses with waits between them") {
  const auto imported = Import(TemporaryDirectory(),
                               "fio version 2 iolog\n/d add\n/d open\n/d read 4096 512\n"
                               "/d wait 250 0\n/d write 0 1024\n/d datasync 0 0\n/d trim 0 9\n"
                               "/d sync 0 0\n/d close\n");
  CHECK(imported.events == Lines{"open /d", "read /d 4096+512", "write /d 0+1024", "flush /d",
                                 "discard /d 0+9", "flush /d", "close /d"});
  CHECK(imported.raw.at(2).time_ns == 250'000);
  CHECK(imported.notes == "");
  CHECK_FALSE(Import(TemporaryDirectory(), "fio version 2 iolog\n/d read 0 1\n").end.timed);
}

TEST_CASE("fio's log of version 3 has microseconds before every access") {
  const auto imported =
      Import(TemporaryDirectory(),
             "fio version 3 iolog\n5 /d add\n7 /d open\n10 /d read 0 512\n12 /d close\n");
  CHECK(imported.events == Lines{"open /d", "read /d 0+512", "close /d"});
  CHECK(imported.raw.at(1).time_ns == 3'000);
  CHECK(imported.end.timed);
}

TEST_CASE("names of fio's files may hold blanks, and devices count") {
  CHECK(Import(TemporaryDirectory(),
               "fio version 3 iolog\n1 /my files/a read open\n2 /my files/a read read 0 8\n", "",
               {})
            .events == Lines{"open /my files/a read", "read /my files/a read 0+8"});
  CHECK(Import(TemporaryDirectory(),
               "fio version 2 iolog\n/dev/mapper/vg-x open\n/dev/mapper/vg-x read 0 8\n", "", {})
            .events == Lines{"open /dev/mapper/vg-x", "read /dev/mapper/vg-x 0+8"});
}

TEST_CASE("lines that fio didn't write are skipped, counted and said with the first") {
  for (const char* line :
       {"/d frobnicate 0 1", "/d read", "/d read 0 -1", "/d read x 1", "/d", "/d read 0 1 2 3 4",
        "/d read 0 99999999999999999999", "/d read 0 9007199254740992", "/d write 0 8589934592"}) {
    CAPTURE(line);
    const auto imported =
        Import(TemporaryDirectory(),
               fmt::format("fio version 2 iolog\n/d add\n{}\n\n/d read 0 8\n/d close\n", line));
    CHECK(imported.events == Lines{"read /d 0+8", "close /d"});
    CHECK_THAT(imported.notes, ContainsSubstring("the first is line 3: '/d"));
  }
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "fio version 4 iolog\n"), UsageError);
  CHECK_THROWS_WITH(Import(TemporaryDirectory(), "fio version 4 iolog\n", "fio"),
                    ContainsSubstring("most of") && ContainsSubstring("line 1: 'fio version 4"));
}

constexpr const char* kBlocks =
    "  8,0    3        1     0.000000000   697  G   W 223490 + 8 [kjournald]\n"
    "  8,0    3        2     0.000001829   697  Q   W 223490 + 8 [kjournald]\n"
    "  8,0    3        3     0.000005000   697  D   W 223490 + 8 [kjournald]\n"
    "  8,0    3        4     0.500000000   698  Q  RA 16 + 8 [cat]\n"
    "  8,0    3        5     0.600000000   699  Q FWFSM 0 + 1 [jbd2/sda1-8]\n"
    "  8,0    3        6     0.700000000   699  Q  FN [jbd2/sda1-8]\n"
    "  8,0    3        7     0.800000000   699  Q   D 8 + 8 [fstrim]\n"
    "  8,0    3        8     0.900000000     0  C   W 223490 + 8 [0]\n"
    "  8,0    3        9     0.900000000     0  m   N cfq697S / alloced\n"
    "CPU0 (8,0):\n Reads Queued:           1,        4KiB\n";

TEST_CASE("blkparse's queued requests become accesses to the device") {
  const auto imported = Import(TemporaryDirectory(), kBlocks);
  CHECK(imported.events == Lines{"write 8,0 114426880+4096", "read 8,0 8192+4096", "flush 8,0",
                                 "write 8,0 0+512", "flush 8,0", "flush 8,0",
                                 "discard 8,0 4096+4096"});
  CHECK(imported.raw.at(1).process == 698);
  CHECK(imported.raw.at(1).time_ns == 499'998'171);
  CHECK_THAT(imported.notes, ContainsSubstring("as they were queued") &&
                                 ContainsSubstring("2 lines or parts of lines were skipped"));
}

TEST_CASE("lines that blkparse didn't write are skipped, counted and said with the first") {
  for (const char* line : {"what is this", "8,0 1 2 zero 1 Q R 0 + 8 [x]",
                           "8,0 1 2 0.5 1 Q R 0 + 8 [x]", "8,0 1 2 0.000000000 1 Q R 0 + x [x]",
                           "8,0 1 2 0.000000000 1 Q R 99999999999999999 + 8 [x]", "8,0 1"}) {
    CAPTURE(line);
    const auto imported = Import(TemporaryDirectory(),
                                 fmt::format("8,0 1 1 0.000000000 1 Q R 0 + 8 [x]\n{}\n", line));
    CHECK(imported.events == Lines{"read 8,0 0+4096"});
    CHECK_THAT(imported.notes, ContainsSubstring("the first is line 2: '"));
  }
}

TEST_CASE("blkparse's lines are read in the format that it was given") {
  const auto imported = [](const char* text, const char* format) {
    return Import(TemporaryDirectory(), text,
                  ImportRequest{.patterns = {"*"}, .line_format = format});
  };
  const auto lines =
      imported("0.000000500 4711 Q RA 16 8 db writer\n1.000000000 4711 C RA 16 8 x\n",
               "%5T.%9t %p %2a %d %S %n %C\\n");
  CHECK(lines.events == Lines{"read device 8192+4096"});
  CHECK(lines.raw.at(0).process == 4711);
  const auto devices = imported("8:16 W [2048+4096] at 3.5\n8:0 D [0+512]\n", "%M:%m %d [%S+%N]");
  CHECK(devices.events == Lines{"write 8,16 1048576+4096", "discard 8,0 0+512"});
  CHECK_THROWS_AS(imported("x\n", "%T.%t %p"), UsageError);
}

TEST_CASE("columns hold what the description says") {
  const auto imported = [](const char* text, const char* columns) {
    return Import(TemporaryDirectory(), text, ImportRequest{.patterns = {"*"}, .columns = columns});
  };
  const auto lines = imported("when,who,what,where,much\n1.5,sda,W,8,4\n2.25,sda,read,0,1,more\n",
                              "time_ms,device,op,offset_sectors,size_kib");
  CHECK(lines.events == Lines{"write sda 4096+4096", "read sda 0+1024"});
  CHECK(lines.raw.at(1).time_ns == 750'000);
  CHECK_THAT(lines.notes, ContainsSubstring("1 line or part of a line was skipped"));
  const auto blanks = imported("7 T 3 1\n7 F 0 0\n8 r 0 2\n", "process,op,offset_4096,size_4096");
  CHECK(blanks.events == Lines{"discard device 12288+4096", "flush device", "read device 0+8192"});
  CHECK(blanks.raw.at(2).process == 8);
  CHECK_FALSE(blanks.end.timed);
}

TEST_CASE("columns that make no sense are refused") {
  const auto refused = [](const char* columns) {
    Import(TemporaryDirectory(), "1,2,3\n", ImportRequest{.patterns = {"*"}, .columns = columns});
  };
  for (const char* columns :
       {"op", "op,offset", "op,offset,size,size", "op,offset,size,word", "op,offset,size,time_min",
        "op,offset_x,size", "op,offset,size_0", "op_x,offset,size"}) {
    CAPTURE(columns);
    CHECK_THROWS_AS(refused(columns), UsageError);
  }
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "1\n",
                         ImportRequest{.format = "msr", .columns = "op,offset,size"}),
                  UsageError);
}

TEST_CASE("a text is known by its beginning") {
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "nothing known\n"), UsageError);
  CHECK_THROWS_AS(Import(TemporaryDirectory(), ""), UsageError);
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "x\n", "dtrace"), UsageError);
  CHECK(Import(TemporaryDirectory(), "strace: Process 1 attached\nopen(\"/a\", 0) = 3").events ==
        Lines{"open /a"});
}

TEST_CASE("options are for the formats that have a use for them") {
  const std::string call = "open(\"/a\", 0) = 3\n";
  CHECK_THROWS_AS(
      Import(TemporaryDirectory(), call, ImportRequest{.requests = BlockRequests::kIssued}),
      UsageError);
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "fio version 2 iolog\n/d read 0 1\n",
                         ImportRequest{.descriptors = {{3, "x"}}}),
                  UsageError);
  CHECK_THROWS_AS(
      Import(TemporaryDirectory(), call, ImportRequest{.format = "fio", .line_format = "%d%S%n"}),
      UsageError);
}

TEST_CASE("lines come whole whatever the pieces") {
  class Collector final : public Importer {
   public:
    std::vector<std::string> lines;
    std::vector<std::uint64_t> numbers;

   private:
    void Line(std::string_view line) override {
      lines.emplace_back(line);
      numbers.push_back(place_.line);
    }
  };
  const std::string text = "one\n\nthree\nfour";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    Collector collector;
    LineSplitter splitter(collector);
    for (std::size_t at = 0; at < text.size(); at += size) splitter.Take(text.substr(at, size));
    splitter.Finish();
    CHECK(collector.lines == Lines{"one", "", "three", "four"});
    CHECK(collector.numbers == std::vector<std::uint64_t>{1, 2, 3, 4});
    const TemporaryDirectory folder;
    WriteBytes(folder / "text", text);
    TextLines lines(folder / "text", size);
    std::vector<std::string> read;
    for (std::string_view line; lines.Next(line);) read.emplace_back(line);
    CHECK(read == collector.lines);
  }
}

}  // namespace
}  // namespace faultline::testing
