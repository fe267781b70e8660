// Rows of cells as columns on a terminal.
#include "harness/base/text_table.h"

#include "tests/catch.h"

namespace faultline {
namespace {

const std::vector<TableRow> kRows = {{"strategy", "time", "faults"},
                                     {"read-write", "1.87 µs", "3"},
                                     {"mmap-view:advice=random", "362 ns", ""}};

TEST_CASE("the first columns stand to the left, the others to the right") {
  CHECK(FormatTable(kRows, 80, false) ==
        "  strategy                    time  faults\n"
        "  read-write               1.87 µs       3\n"
        "  mmap-view:advice=random   362 ns\n");
  CHECK(FormatTable(kRows, 80, false, 2) ==
        "  strategy                 time     faults\n"
        "  read-write               1.87 µs       3\n"
        "  mmap-view:advice=random  362 ns\n");
  CHECK(FormatTable({{"a", "b"}, {"10", "20"}}, 80, false, 0) == "   a   b\n  10  20\n");
  CHECK(FormatTable({}, 80, false).empty());
}

TEST_CASE("a table that is too wide has less space, and then long names in lines of their own") {
  CHECK(TableWidth(kRows, 2) == 42);
  CHECK(FormatTable(kRows, 41, false) ==
        "  strategy                   time faults\n"
        "  read-write              1.87 µs      3\n"
        "  mmap-view:advice=random  362 ns\n");
  CHECK(FormatTable(kRows, 30, false) ==
        "  strategy      time faults\n"
        "  read-write 1.87 µs      3\n"
        "  mmap-view:advice=random\n"
        "              362 ns\n");
}

TEST_CASE("a style takes no room and is there when asked for") {
  CHECK(Styled("x", CellStyle::kTrouble, false) == "x");
  CHECK(Styled("x", CellStyle::kTrouble, true) == "\033[31mx\033[0m");
  CHECK(Styled("", CellStyle::kTrouble, true).empty());
  CHECK(FormatTable({{{"a", CellStyle::kBest}, "1"}, {"bb", "2"}}, 80, true) ==
        "  \033[1ma\033[0m   1\n  bb  2\n");
}

}  // namespace
}  // namespace faultline
