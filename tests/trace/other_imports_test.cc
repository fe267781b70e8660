// fio's and blkparse's texts, and the guess at what a text is.
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
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
                                 "flush /d", "close /d"});
  CHECK(imported.raw.at(2).time_ns == 250'000);
  CHECK_THAT(imported.end.notes.at(0), ContainsSubstring("1 trim is missing"));
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

TEST_CASE("bad lines of fio's log are refused with their number") {
  for (const char* line :
       {"/d frobnicate 0 1", "/d read", "/d read 0 -1", "/d read x 1", "/d", "/d read 0 1 2 3 4",
        "/d read 0 99999999999999999999", "/d read 0 9007199254740992"}) {
    CAPTURE(line);
    CHECK_THROWS_WITH(
        Import(TemporaryDirectory(), fmt::format("fio version 2 iolog\n/d add\n{}\n", line)),
        ContainsSubstring("text:3: "));
  }
  CHECK_THROWS_WITH(Import(TemporaryDirectory(), "fio version 4 iolog\n"),
                    ContainsSubstring("text:1: "));
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
                                 "write 8,0 0+512", "flush 8,0", "flush 8,0"});
  CHECK(imported.raw.at(1).process == 698);
  CHECK(imported.raw.at(1).time_ns == 499'998'171);
  CHECK_THAT(Join(imported.end.notes, " "),
             ContainsSubstring("as they were queued") && ContainsSubstring("1 discard is missing"));
}

TEST_CASE("bad lines of blkparse are refused with their number") {
  for (const char* line :
       {"Total (8,0):", "8,0 1 2 zero 1 Q R 0 + 8 [x]", "8,0 1 2 0.5 1 Q R 0 + 8 [x]",
        "8,0 1 2 0.000000000 1 Q R 0 - 8 [x]", "8,0 1 2 0.000000000 1 Q R 0 + x [x]",
        "8,0 1 2 0.000000000 1 Q R 99999999999999999 + 8 [x]", "8,0 1"}) {
    CAPTURE(line);
    CHECK_THROWS_WITH(Import(TemporaryDirectory(), fmt::format("{}\n", line), "blkparse"),
                      ContainsSubstring("text:1: "));
  }
}

TEST_CASE("a text is known by its beginning") {
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "nothing known\n"), UsageError);
  CHECK_THROWS_AS(Import(TemporaryDirectory(), ""), UsageError);
  CHECK_THROWS_AS(Import(TemporaryDirectory(), "x\n", "dtrace"), UsageError);
  CHECK(Import(TemporaryDirectory(), "strace: Process 1 attached\nopen(\"/a\", 0) = 3").events ==
        Lines{"open /a"});
}

TEST_CASE("lines come whole whatever the pieces") {
  class Collector final : public Importer {
   public:
    void Line(std::string_view line) override { lines.emplace_back(line); }
    Lines lines;
  };
  const std::string text = "one\n\nthree\nfour";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    Collector collector;
    LineSplitter splitter(collector, "here");
    for (std::size_t at = 0; at < text.size(); at += size) splitter.Take(text.substr(at, size));
    splitter.Finish();
    CHECK(collector.lines == Lines{"one", "", "three", "four"});
  }
}

}  // namespace
}  // namespace faultline::testing
