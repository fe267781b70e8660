// The progress line.
#include "harness/report/progress.h"

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("the line tells how far it is and what the latest was and what is left") {
  CHECK(ProgressLine(3, 40, "s/mmap-view/w", "12.3 ns/op", 65, 120) ==
        "[3/40] s/mmap-view/w, last 12.3 ns/op, 1 min 5 s left");
}

TEST_CASE("nothing is said of what is not known yet") {
  CHECK(ProgressLine(0, 40, "trial", "", -1, 80) == "[0/40] trial");
  CHECK(ProgressLine(0, 40, "trial", "", 0, 80) == "[0/40] trial, 0 s left");
}

TEST_CASE("a narrow terminal cuts the trial's name first and is never overrun") {
  const std::string name(300, 'x');
  for (std::uint64_t columns : {0, 1, 5, 20, 40, 80, 200}) {
    const std::string line = ProgressLine(3, 40, name, "12.3 ns/op", 65, columns);
    CHECK(line.size() == (columns == 0 ? 0 : columns - 1));
  }
  const std::string line = ProgressLine(3, 40, name, "12.3 ns/op", 65, 60);
  CHECK_THAT(line, ContainsSubstring("x, last 12.3 ns/op, 1 min 5 s left"));
}

}  // namespace
}  // namespace faultline
