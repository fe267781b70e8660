#include "benchmarks/engine_loops.h"

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/support/temporary_directory.h"

namespace faultline::peers {
namespace {

TEST_CASE("the loops over engines increment each word as often as its record is named") {
  for (const auto make : {MakeSqliteRecords, MakeLmdbRecords}) {
    const TemporaryDirectory folder;
    const auto records = make(folder / "records", 1000, 125);
    if (records == nullptr) continue;  // the strategy is unavailable then, too
    records->Increment(std::vector<std::uint64_t>{3, 999, 3, 0, 3});
    CHECK(records->FirstWord(3) == 3);
    CHECK(records->FirstWord(999) == 1);
    CHECK(records->FirstWord(0) == 1);
    CHECK(records->FirstWord(4) == 0);
    CHECK_THROWS_AS(records->FirstWord(1000), std::runtime_error);
  }
}

TEST_CASE("an engine's file that is there is opened as it is") {
  for (const auto make : {MakeSqliteRecords, MakeLmdbRecords}) {
    const TemporaryDirectory folder;
    if (make(folder / "records", 10, 125) == nullptr) continue;
    make(folder / "records", 10, 125)->Increment(std::vector<std::uint64_t>{3, 3});
    CHECK(make(folder / "records", 10, 125)->FirstWord(3) == 2);
  }
}

TEST_CASE("a file that can't be made is an error") {
  for (const auto make : {MakeSqliteRecords, MakeLmdbRecords}) {
    const TemporaryDirectory folder;
    if (make(folder / "records", 1, 125) == nullptr) continue;
    CHECK_THROWS_AS(make("/nonexistent/records", 1, 125), std::runtime_error);
  }
}

}  // namespace
}  // namespace faultline::peers
