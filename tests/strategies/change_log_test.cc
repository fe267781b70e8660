// What is written back is what was changed, and not a byte beyond.
#include "strategies/change_log.h"

#include <utility>

#include "tests/catch.h"

namespace faultline::testing {
namespace {

using Runs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Runs RunsOf(ChangeLog& log) {
  Runs runs;
  log.ForEachRun(
      [&](std::uint64_t offset, std::uint64_t length) { runs.emplace_back(offset, length); });
  return runs;
}

TEST_CASE("a run begins with the first changed byte and ends with the last") {
  ChangeLog log(100000, 4096);
  log.Add(200, 50);
  log.Add(100, 10);
  log.Add(230, 30);
  log.Add(120, 5);
  CHECK(RunsOf(log) == Runs{{100, 160}});
}

TEST_CASE("neighbouring pages are one run and others are runs of their own in ascending order") {
  ChangeLog log(100000, 4096);
  log.Add(5 * 4096 + 7, 1);
  log.Add(2 * 4096 + 9, 3);
  log.Add(3 * 4096, 1);
  log.Add(99999, 1);
  CHECK(RunsOf(log) == Runs{{2 * 4096 + 9, 4096 - 9 + 1}, {5 * 4096 + 7, 1}, {99999, 1}});
}

TEST_CASE("a range over several pages is noted in each") {
  ChangeLog log(100000, 4096);
  log.Add(4000, 9000);
  CHECK(RunsOf(log) == Runs{{4000, 9000}});
  log.Add(0, 4096);
  CHECK(RunsOf(log) == Runs{{0, 13000}});
}

TEST_CASE("a range that ends with a page leaves the next one alone") {
  ChangeLog log(3 * 4096, 4096);
  log.Add(4095, 1);
  log.Add(2 * 4096, 4096);
  CHECK(RunsOf(log) == Runs{{4095, 1}, {2 * 4096, 4096}});
}

TEST_CASE("a cleared log holds nothing and can be used again") {
  ChangeLog log(100000, 4096);
  log.Add(0, 9000);
  log.Clear();
  CHECK(RunsOf(log).empty());
  log.Add(5000, 1);
  CHECK(RunsOf(log) == Runs{{5000, 1}});
}

}  // namespace
}  // namespace faultline::testing
