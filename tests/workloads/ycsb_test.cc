// The core workloads of YCSB against their published definition.
#include <cmath>
#include <map>

#include "tests/catch.h"
#include "tests/workloads/plans.h"

namespace faultline {
namespace {

constexpr Geometry kTenThousand = {.records = 10'000, .record_size = 125};

std::vector<Operation> Core(const std::string& letter, std::uint64_t operations,
                            const Geometry& geometry = kTenThousand) {
  return Operations("ycsb:workload=" + letter, geometry, operations);
}

std::uint64_t RecordOf(const Operation& operation) { return operation.offset() / 125; }

double ShareOfKind(const std::vector<Operation>& operations, OperationKind kind) {
  double count = 0;
  for (const Operation& operation : operations) count += operation.kind() == kind ? 1 : 0;
  return count / static_cast<double>(operations.size());
}

// The records that an insert has not reached when `operations` begin.
std::uint64_t LoadedRecords(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    if (operation.kind() == OperationKind::kWrite) return RecordOf(operation);
  }
  return 0;
}

TEST_CASE("core workloads have the published proportions") {
  using Kind = OperationKind;
  const double margin = 5 * std::sqrt(0.25 / 200'000);
  for (const auto& [letter, reads, other] :
       {std::tuple("a", 0.5, Kind::kWrite), std::tuple("b", 0.95, Kind::kWrite),
        std::tuple("c", 1.0, Kind::kWrite), std::tuple("d", 0.95, Kind::kWrite),
        std::tuple("f", 0.5, Kind::kUpdate)}) {
    CAPTURE(letter);
    const std::vector<Operation> operations = Core(letter, 200'000);
    CHECK(ShareOfKind(operations, Kind::kRead) == Approx(reads).margin(margin));
    CHECK(ShareOfKind(operations, other) == Approx(1 - reads).margin(margin));
  }
}

TEST_CASE("the most popular record has its zipfian share of the requests") {
  double zeta = 0;
  for (int i = 1; i <= 10'000; ++i) zeta += std::pow(i, -0.99);
  for (const char* letter : {"a", "b", "c", "f"}) {
    CAPTURE(letter);
    std::map<std::uint64_t, double> counts;
    for (const Operation& operation : Core(letter, 200'000)) ++counts[RecordOf(operation)];
    double most = 0;
    for (const auto& entry : counts) most = std::max(most, entry.second);
    CHECK(most == Approx(200'000 / zeta).epsilon(0.03));
    // Popular records lie all over the file: half of the requests do not come from a tenth of it.
    std::vector<double> tenths(10);
    for (const auto& [record, count] : counts) tenths[record / 1'000] += count;
    for (double requests : tenths) CHECK(requests < 100'000);
  }
}

TEST_CASE("an update writes one of ten fields and a read takes the whole record") {
  std::map<std::uint64_t, double> fields;
  for (const Operation& operation : Core("a", 100'000)) {
    const std::uint64_t begin = operation.offset() % 125;
    if (operation.kind() == OperationKind::kRead) {
      REQUIRE((begin == 0 && operation.length() == 125));
      continue;
    }
    const std::uint64_t field = (begin * 10 + 9) / 125;
    REQUIRE(begin == field * 125 / 10);
    REQUIRE(begin + operation.length() == (field + 1) * 125 / 10);
    ++fields[field];
  }
  CHECK(fields.size() == 10);
  for (const auto& [field, count] : fields) CHECK(count == Approx(5'000).margin(360));
}

TEST_CASE("a read-modify-write updates the whole record") {
  for (const Operation& operation : Core("f", 10'000)) {
    REQUIRE((operation.offset() % 125 == 0 && operation.length() == 125));
  }
}

TEST_CASE("inserts write whole records one after another at the end of the share") {
  for (const char* letter : {"d", "e"}) {
    CAPTURE(letter);
    const std::vector<Operation> operations = Core(letter, 20'000);
    std::uint64_t next = LoadedRecords(operations);
    // Twice the inserts to be expected: 5 % of the requests, which in e take 48.025 operations on
    // average.
    const double expected = 2 * 20'000 * 0.05 / (*letter == 'd' ? 1 : 48.025);
    CHECK(static_cast<double>(10'000 - next) == Approx(expected).margin(1));
    for (const Operation& operation : operations) {
      if (operation.kind() != OperationKind::kWrite) continue;
      REQUIRE(operation == Operation(OperationKind::kWrite, next++ * 125, 125));
    }
  }
}

TEST_CASE("nothing is read before it was inserted") {
  for (const char* letter : {"d", "e"}) {
    for (std::uint64_t records : {2, 3, 50, 10'000}) {
      CAPTURE(letter, records);
      // With few records the room is filled many times over, at half of the share.
      const std::vector<Operation> operations =
          Core(letter, 50'000, {.records = records, .record_size = 125});
      const std::uint64_t loaded = LoadedRecords(operations);
      REQUIRE(loaded >= (records + 1) / 2);
      std::uint64_t present = loaded;
      std::uint64_t refills = 0;
      for (const Operation& operation : operations) {
        if (operation.kind() == OperationKind::kRead) {
          REQUIRE(RecordOf(operation) < present);
          continue;
        }
        if (present == records) {
          present = loaded;
          ++refills;
        }
        REQUIRE(RecordOf(operation) == present);
        ++present;
      }
      CHECK((refills > 0) == (records <= 50));
    }
  }
}

TEST_CASE("the latest records are the most popular ones") {
  double zeta = 0;
  for (int i = 1; i <= 9'000; ++i) zeta += std::pow(i, -0.99);
  const std::vector<Operation> operations = Core("d", 20'000);
  std::uint64_t present = LoadedRecords(operations);
  std::map<std::uint64_t, double> ages;
  double reads = 0;
  for (const Operation& operation : operations) {
    if (operation.kind() == OperationKind::kWrite) {
      ++present;
    } else {
      ++ages[present - 1 - RecordOf(operation)];
      ++reads;
    }
  }
  // Records grow from 8,000 to 9,000 or so, which moves the zeta constant by less than 2 %.
  for (int age = 0; age < 3; ++age) {
    const double expected = reads * std::pow(age + 1, -0.99) / zeta;
    CHECK(ages[age] == Approx(expected).epsilon(0.02).margin(4 * std::sqrt(expected)));
  }
}

TEST_CASE("a record becomes the most popular one when it is inserted and the others stay") {
  // One record at first, and room for one more: after the insert, both are read.
  const std::vector<Operation> operations = Core("d", 10'000, {.records = 2, .record_size = 125});
  double reads[2] = {};
  bool inserted = false;
  for (const Operation& operation : operations) {
    if (operation.kind() == OperationKind::kWrite) inserted = true;
    if (inserted && operation.kind() == OperationKind::kRead) ++reads[RecordOf(operation)];
  }
  CHECK(reads[1] / reads[0] == Approx(std::pow(2, 0.99)).epsilon(0.1));
}

TEST_CASE("scans are 1 to 100 records long with all lengths equally likely") {
  // In a large share, hardly a scan is cut off by the share's end.
  const std::vector<Operation> operations =
      Core("e", 1'000'000, {.records = 1'000'000, .record_size = 125});
  std::map<std::uint64_t, double> lengths;
  std::uint64_t length = 0;
  double inserts = 0;
  std::uint64_t previous = 0;
  for (const Operation& operation : operations) {
    const bool is_read = operation.kind() == OperationKind::kRead;
    const bool goes_on = is_read && length != 0 && RecordOf(operation) == previous + 1;
    if (!goes_on && length != 0) {
      ++lengths[length];
      length = 0;
    }
    if (is_read)
      ++length;
    else
      ++inserts;
    previous = RecordOf(operation);
  }
  double scans = 0;
  double records = 0;
  for (const auto& [records_read, count] : lengths) {
    scans += count;
    records += static_cast<double>(records_read) * count;
  }
  CHECK(inserts / (inserts + scans) == Approx(0.05).margin(0.01));
  CHECK(records / scans == Approx(50.5).epsilon(0.02));
  for (std::uint64_t at = 1; at <= 100; ++at) {
    CAPTURE(at);
    CHECK(lengths[at] == Approx(scans / 100).margin(5 * std::sqrt(scans / 100)));
  }
}

TEST_CASE("skew is an option of every core workload") {
  std::map<std::uint64_t, double> counts;
  for (const Operation& operation :
       Operations("ycsb:workload=c,theta=0", {.records = 100, .record_size = 125}, 100'000)) {
    ++counts[RecordOf(operation)];
  }
  CHECK(counts.size() == 100);
  for (const auto& [record, count] : counts) CHECK(count == Approx(1'000).margin(160));
}

TEST_CASE("inserting workloads need two records for each worker") {
  for (const char* spec : {"ycsb:workload=d", "ycsb:workload=e"}) {
    const PlanRequest request = {
        .geometry = {.records = 5, .record_size = 125}, .operations = 10, .workers = 3};
    CHECK_THROWS_AS(WorkloadChoice(spec)->MakePlan(request), UsageError);
    CHECK_THROWS_WITH(WorkloadChoice(spec)->MakePlan(request), ContainsSubstring("2 records"));
  }
  CHECK_NOTHROW(
      WorkloadChoice("ycsb:workload=a")
          ->MakePlan(
              {.geometry = {.records = 5, .record_size = 125}, .operations = 10, .workers = 5}));
}

}  // namespace
}  // namespace faultline
