// The progress line.
#include "harness/report/progress.h"

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("the line tells how far it is and what is left and what the step before found") {
  CHECK(ProgressLine("3/40", "s/mmap-view/w", "s/read-write/w: 12.3 ns/op", 65, 120) ==
        "[3/40] s/mmap-view/w, 1 min 5 s left (before: s/read-write/w: 12.3 ns/op)");
}

TEST_CASE("nothing is said of what is not known yet") {
  CHECK(ProgressLine("round 1", "trial", "", std::nullopt, 80) == "[round 1] trial");
  CHECK(ProgressLine("round 1", "trial", "", 0, 80) == "[round 1] trial, 0 s left");
}

TEST_CASE("a narrow terminal loses what was before and then the step's end and is never overrun") {
  const std::string name(300, 'x');
  for (std::uint64_t columns : {0, 1, 5, 20, 40, 80, 200}) {
    const std::string line = ProgressLine("3/40", name, "before: 1 ns/op", 65, columns);
    CHECK(line.size() == (columns == 0 ? 0 : columns - 1));
    CHECK(line.find("before") == std::string::npos);
  }
  CHECK_THAT(ProgressLine("3/40", name, "", 65, 60), ContainsSubstring("x, 1 min 5 s left"));
  const std::string whole = "[1/2] a, 5.0 s left (before: b: 1 ns/op)";
  CHECK(ProgressLine("1/2", "a", "b: 1 ns/op", 5, whole.size() + 1) == whole);
  CHECK(ProgressLine("1/2", "a", "b: 1 ns/op", 5, whole.size()) == "[1/2] a, 5.0 s left");
}

}  // namespace
}  // namespace faultline
