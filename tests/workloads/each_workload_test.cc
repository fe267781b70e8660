// What single workloads promise beyond what all of them do. YCSB has a test of its own.
#include <cmath>
#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/workloads/plans.h"

namespace faultline {
namespace {

constexpr Geometry kThousand = {.records = 1'000, .record_size = 125};

std::map<std::uint64_t, std::uint64_t> CountsOfRecords(const std::vector<Operation>& operations) {
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const Operation& operation : operations) {
    REQUIRE(operation.offset() % kThousand.record_size == 0);
    REQUIRE(operation.length() == kThousand.record_size);
    ++counts[operation.offset() / kThousand.record_size];
  }
  return counts;
}

TEST_CASE("sequential workloads visit records in the order of the file and begin again") {
  for (const auto& [spec, kind] : {std::pair("sequential-read", OperationKind::kRead),
                                   std::pair("sequential-update", OperationKind::kUpdate)}) {
    const std::vector<Operation> operations = Operations(spec, kThousand, 2'500);
    for (std::uint64_t i = 0; i < operations.size(); ++i) {
      REQUIRE(operations[i] == Operation(kind, i % 1'000 * 125, 125));
    }
  }
}

TEST_CASE("random workloads visit all records about equally often") {
  for (const auto& [spec, kind] : {std::pair("random-read", OperationKind::kRead),
                                   std::pair("random-update", OperationKind::kUpdate)}) {
    const std::vector<Operation> operations = Operations(spec, kThousand, 1'000'000);
    for (const Operation& operation : operations) REQUIRE(operation.kind() == kind);
    const auto counts = CountsOfRecords(operations);
    CHECK(counts.size() == 1'000);
    // Five standard deviations around 1,000.
    for (const auto& [record, count] : counts) {
      REQUIRE(static_cast<double>(count) == Approx(1'000).margin(160));
    }
  }
}

TEST_CASE("the most popular records of a zipfian update are updated as the definition says") {
  double zeta = 0;
  for (int i = 1; i <= 1'000; ++i) zeta += std::pow(i, -0.8);
  const auto counts = CountsOfRecords(Operations("zipfian-update:theta=0.8", kThousand, 500'000));
  std::vector<std::uint64_t> sorted;
  for (const auto& entry : counts) sorted.push_back(entry.second);
  std::sort(sorted.rbegin(), sorted.rend());
  for (int rank = 0; rank < 3; ++rank) {
    const double expected = 500'000 * std::pow(rank + 1, -0.8) / zeta;
    CHECK(static_cast<double>(sorted[rank]) == Approx(expected).epsilon(0.03));
  }
}

TEST_CASE("a hot update touches only its hot records at equal distances") {
  const auto counts = CountsOfRecords(Operations("hot-update:records=8", kThousand, 80'000));
  CHECK(counts.size() == 8);
  for (const auto& [record, count] : counts) {
    CHECK(record % 125 == 0);
    CHECK(static_cast<double>(count) == Approx(10'000).margin(470));
  }
}

TEST_CASE("more hot records than a share has are refused") {
  CHECK_NOTHROW(Operations("hot-update:records=1000", kThousand, 10));
  CHECK_THROWS_AS(Operations("hot-update:records=1001", kThousand, 10), UsageError);
  CHECK_THROWS_WITH(WorkloadChoice("hot-update:records=501")
                        ->MakePlan({.geometry = kThousand, .operations = 10, .workers = 2}),
                    ContainsSubstring("501") && ContainsSubstring("records="));
}

TEST_CASE("the parts of a record cover it from front to back without gap or overlap") {
  for (const char* spec : {"partial-record:parts=1", "partial-record:parts=4",
                           "partial-record:parts=7", "partial-record:parts=125"}) {
    const std::uint64_t parts = WorkloadChoice(spec)->DefaultOperations({.records = 1});
    const std::vector<Operation> operations = Operations(spec, kThousand, 100 * parts);
    std::set<std::uint64_t> records;
    for (std::uint64_t i = 0; i < operations.size(); i += parts) {
      std::uint64_t at = operations[i].offset();
      REQUIRE(at % 125 == 0);
      records.insert(at / 125);
      for (std::uint64_t part = 0; part < parts; ++part) {
        const Operation& operation = operations[i + part];
        REQUIRE(operation.kind() == OperationKind::kUpdate);
        REQUIRE(operation.offset() == at);
        REQUIRE(operation.length() >= 125 / parts);
        REQUIRE(operation.length() <= 125 / parts + 1);
        at += operation.length();
      }
      REQUIRE(at % 125 == 0);
    }
    CHECK(records.size() > 80);
  }
}

TEST_CASE("more parts than bytes are refused") {
  CHECK_THROWS_AS(Operations("partial-record:parts=126", kThousand, 10), UsageError);
  CHECK_THROWS_WITH(Operations("partial-record:parts=126", kThousand, 10),
                    ContainsSubstring("126 parts") && ContainsSubstring("125 bytes"));
}

TEST_CASE("the default file of a partial record workload keeps its size") {
  const auto workload = WorkloadChoice("partial-record");
  CHECK(workload->DefaultRecords(125) == 1'000'000);
  CHECK(workload->DefaultRecords(1 << 20) == 119);
  CHECK(workload->DefaultRecords(200'000'000) == 1);
  CHECK(workload->DefaultOperations({.records = 10, .record_size = 125}) == 40);
}

TEST_CASE("sparse touches fall on distinct records all over the file") {
  const Geometry geometry = {.records = 100'000'000, .record_size = 125, .sparse = true};
  std::set<std::uint64_t> records;
  std::vector<int> tenths(10);
  const std::vector<Operation> operations = Operations("sparse-touch", geometry, 1'000);
  for (const Operation& operation : operations) {
    const std::uint64_t record = operation.offset() / 125;
    records.insert(record);
    ++tenths[record / 10'000'000];
  }
  CHECK(records.size() == 1'000);
  for (int count : tenths) CHECK(count == Approx(100).margin(48));
}

TEST_CASE("sparse touches beyond the last are the first ones again") {
  const std::vector<Operation> operations = Operations("sparse-touch:touches=9", kThousand, 30);
  for (std::size_t i = 9; i < operations.size(); ++i) CHECK(operations[i] == operations[i - 9]);
}

TEST_CASE("workers share the sparse touches out among them") {
  const auto plan = WorkloadChoice("sparse-touch:touches=10")
                        ->MakePlan({.geometry = kThousand, .operations = 300, .workers = 3});
  std::size_t distinct = 0;
  for (std::uint64_t index = 0; index < 3; ++index) {
    distinct += CountsOfRecords(Drain(*plan, {index, 3})).size();
  }
  CHECK(distinct == 10);
}

TEST_CASE("all records of a file can be sparse touches and no more") {
  const auto plan = WorkloadChoice("sparse-touch:touches=1000")
                        ->MakePlan({.geometry = kThousand, .operations = 1'000, .workers = 3});
  std::size_t distinct = 0;
  for (std::uint64_t index = 0; index < 3; ++index) {
    distinct += CountsOfRecords(Drain(*plan, {index, 3})).size();
  }
  CHECK(distinct == 1'000);
  CHECK_THROWS_WITH(Operations("sparse-touch:touches=1001", kThousand, 10),
                    ContainsSubstring("1,001") && ContainsSubstring("touches="));
  CHECK_THROWS_AS(WorkloadChoice("sparse-touch:touches=2")
                      ->MakePlan({.geometry = kThousand, .operations = 10, .workers = 3}),
                  UsageError);
}

TEST_CASE("sparse touches want a sparse file of 64 GiB and an operation for each touch") {
  const auto workload = WorkloadChoice("sparse-touch:touches=123");
  CHECK(workload->WantsSparse());
  CHECK(workload->DefaultRecords(4096) == 16'777'216);
  CHECK(workload->DefaultOperations(kThousand) == 123);
  CHECK_FALSE(WorkloadChoice("random-update")->WantsSparse());
}

TEST_CASE("a workload asked to read does not update") {
  for (const char* spec : {"partial-record:kind=read", "sparse-touch:kind=read"}) {
    for (const Operation& operation : Operations(spec, kThousand, 1'000'0)) {
      REQUIRE(operation.kind() == OperationKind::kRead);
    }
  }
}

TEST_CASE("a mixed workload reads its share of the operations") {
  for (const auto& [spec, share] :
       {std::pair("mixed", 0.5), std::pair("mixed:reads=0.9", 0.9), std::pair("mixed:reads=0", 0.0),
        std::pair("mixed:reads=1", 1.0)}) {
    CAPTURE(spec);
    double reads = 0;
    for (const Operation& operation : Operations(spec, kThousand, 100'000)) {
      if (operation.kind() == OperationKind::kRead)
        ++reads;
      else
        REQUIRE(operation.kind() == OperationKind::kUpdate);
    }
    CHECK(reads == Approx(100'000 * share).margin(5 * std::sqrt(100'000 * share * (1 - share))));
  }
}

TEST_CASE("a flush comes after each period of changes and counts as an operation") {
  const std::vector<Operation> plain = Operations("random-update", kThousand, 1'000);
  const std::vector<Operation> flushed =
      Operations("random-update:flush-every=4", kThousand, 1'250);
  std::vector<Operation> updates;
  for (std::size_t i = 0; i < flushed.size(); ++i) {
    REQUIRE((flushed[i].kind() == OperationKind::kFlush) == (i % 5 == 4));
    if (i % 5 != 4) updates.push_back(flushed[i]);
  }
  CHECK(updates == plain);
}

TEST_CASE("reads between changes do not bring a flush nearer") {
  int changes = 0;
  int flushes = 0;
  for (const Operation& operation : Operations("mixed:flush-every=3", kThousand, 10'000)) {
    if (operation.kind() == OperationKind::kUpdate) ++changes;
    if (operation.kind() == OperationKind::kFlush) {
      ++flushes;
      REQUIRE(changes == 3 * flushes);
    }
  }
  CHECK(flushes > 1'000);
}

TEST_CASE("the default number of operations has room for the flushes") {
  for (const char* name : {"sequential-update", "random-update", "zipfian-update", "hot-update"}) {
    CHECK(WorkloadChoice(name)->DefaultOperations(kThousand) == 1'000);
    CHECK(WorkloadChoice(std::string(name) + ":flush-every=10")->DefaultOperations(kThousand) ==
          1'100);
  }
  CHECK(WorkloadChoice("partial-record:flush-every=8")->DefaultOperations(kThousand) == 4'500);
  CHECK(WorkloadChoice("sparse-touch:flush-every=10")->DefaultOperations(kThousand) == 1'100);
}

TEST_CASE("flushes are refused where nothing is changed") {
  for (const char* spec :
       {"partial-record:kind=read,flush-every=2", "sparse-touch:kind=read,flush-every=2",
        "mixed:reads=1,flush-every=2", "ycsb:workload=c,flush-every=2"}) {
    CAPTURE(spec);
    CHECK_THROWS_AS(WorkloadChoice(spec), UsageError);
    CHECK_THROWS_WITH(WorkloadChoice(spec), ContainsSubstring("flush-every"));
  }
}

}  // namespace
}  // namespace faultline
