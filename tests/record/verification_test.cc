// Verification: right files are called right, and every kind of damage is found and named.
#include "harness/record/verification.h"

#include <cstring>

#include "faultline/error.h"
#include "tests/catch.h"
#include "tests/record/fixture.h"

namespace faultline {
namespace {

constexpr Geometry kVerified{400, 125};

Operation Update(std::uint64_t record) { return {OperationKind::kUpdate, record * 125, 125}; }
Operation Write(std::uint64_t record) { return {OperationKind::kWrite, record * 125, 125}; }
Operation Read(std::uint64_t record) { return {OperationKind::kRead, record * 125, 125}; }
Operation Flush() { return {OperationKind::kFlush, 0, 1}; }

// A dataset on which a plan was executed, for damage to be done to.
struct Executed {
  explicit Executed(std::vector<std::vector<Operation>> workers, std::uint64_t pass_count = 1,
                    const Geometry& geometry = kVerified)
      : dataset(Dataset::Prepare(directory.path(), geometry, kSeed)),
        plan(std::move(workers)),
        passes(pass_count),
        checksum(ExecuteOnFile(dataset, plan, passes)) {}

  Verification Judge() const { return Verify(dataset, plan, plan.workers().size(), passes); }

  std::vector<std::byte> Get(std::uint64_t offset, std::uint64_t length) const {
    std::vector<std::byte> bytes(length);
    OpenDataFile(dataset.file(), os::FileAccess::kRead).ReadExactlyAt(offset, bytes);
    return bytes;
  }
  void Put(std::uint64_t offset, std::span<const std::byte> bytes) const {
    os::File::Open(dataset.file().path, os::FileAccess::kReadWrite).WriteAt(offset, bytes);
  }
  std::vector<std::byte> Untouched(std::uint64_t offset, std::uint64_t length) const {
    std::vector<std::byte> bytes(length);
    FillContent(dataset.geometry(), kSeed, offset, bytes);
    return bytes;
  }
  void AddToCounter(std::uint64_t offset, std::uint64_t difference) const {
    auto bytes = Get(offset, 8);
    std::uint64_t counter;
    std::memcpy(&counter, bytes.data(), 8);
    counter += difference;
    std::memcpy(bytes.data(), &counter, 8);
    Put(offset, bytes);
  }

  TemporaryDirectory directory;
  Dataset dataset;
  HandMadePlan plan;
  std::uint64_t passes;
  std::uint64_t checksum;
};

void CheckDamage(const Executed& executed, Damage damage, std::uint64_t record,
                 const std::string& words) {
  const Verification verdict = executed.Judge();
  INFO(verdict.description);
  CHECK_FALSE(verdict.correct);
  CHECK(DamageName(verdict.damage) == DamageName(damage));
  CHECK(verdict.first_wrong_record == record);
  CHECK_THAT(verdict.description, ContainsSubstring(words));
  CHECK_THAT(verdict.description, ContainsSubstring(std::string(DamageName(damage)) + ", "));
  CHECK(verdict.description.find('\n') == std::string::npos);
}

TEST_CASE("an honest execution is correct with its checksum over workers and passes") {
  const Executed executed({{Update(0), Read(0), Write(1), Flush(), Update(1), Read(1), Read(399)},
                           {Read(250), Update(250), Update(250), Write(300)}},
                          3);
  const Verification verdict = executed.Judge();
  CHECK(verdict.correct);
  CHECK(verdict.wrong_records == 0);
  CHECK(verdict.read_checksum == executed.checksum);
  CHECK_THAT(verdict.description, ContainsSubstring("all 400 records"));
}

TEST_CASE("a plan longer than a batch keeps its sequence numbers") {
  std::vector<Operation> operations(9000, Update(3));
  operations.push_back(Write(4));
  operations.push_back(Read(3));
  const Executed executed({operations}, 2);
  const Verification verdict = executed.Judge();
  CHECK(verdict.correct);
  CHECK(verdict.read_checksum == executed.checksum);
}

TEST_CASE("a plan as long as whole batches ends") {
  const Executed executed({std::vector<Operation>(8192, Update(3))});
  CHECK(executed.Judge().correct);
}

TEST_CASE("parts of records and records of any size are verified") {
  for (const std::uint64_t size : {1, 7, 8, 9, 4097, 300'000}) {
    const Operation part(OperationKind::kUpdate, size + size / 2, size - size / 2);
    const Operation whole(OperationKind::kWrite, 2 * size, size);
    const Executed executed({{part, part, whole, part}}, 2, {4, size});
    CHECK(executed.Judge().correct);
    executed.Put(4 * size - 1,
                 std::vector<std::byte>{executed.Get(4 * size - 1, 1)[0] ^ std::byte{1}});
    const Verification verdict = executed.Judge();
    CHECK_FALSE(verdict.correct);
    CHECK(verdict.first_wrong_record == 3);
    CHECK(verdict.wrong_records == 1);
  }
}

TEST_CASE("a file of several windows is verified in each of them") {
  const Geometry geometry{35, 4'000'000};  // 140 MB
  std::vector<Operation> operations;
  for (const std::uint64_t record : {0, 15, 16, 17, 31, 32, 34}) {
    operations.emplace_back(OperationKind::kUpdate, record * geometry.record_size, 8);
    operations.emplace_back(OperationKind::kRead, record * geometry.record_size, 1000);
  }
  const Executed executed({operations}, 2, geometry);
  const Verification right = executed.Judge();
  CHECK(right.correct);
  CHECK(right.read_checksum == executed.checksum);
  for (const std::uint64_t record : {34, 16, 15, 0}) {
    executed.AddToCounter(record * geometry.record_size, ~std::uint64_t{0});
    CheckDamage(executed, Damage::kLost, record, "after 1 of its 2 changes");
  }
  CHECK(executed.Judge().wrong_records == 4);
}

TEST_CASE("a record without any of its updates is lost") {
  const Executed executed({{Update(5), Update(5), Update(6), Update(5)}});
  executed.Put(625, executed.Untouched(625, 125));
  CheckDamage(executed, Damage::kLost, 5, "without any of its 3 changes");
  CHECK(executed.Judge().description.starts_with(
      "1 of 400 records is wrong; the first is record 5 (bytes 625 to 750): lost, "));
}

TEST_CASE("a record without its last updates is lost with the number that it has") {
  const Executed executed({{Update(5), Write(5), Update(5)}}, 2);
  executed.AddToCounter(625, ~std::uint64_t{0});
  CheckDamage(executed, Damage::kLost, 5, "after 5 of its 6 changes");
}

TEST_CASE("a lost write under later updates is lost") {
  const Executed executed({{Update(5), Update(5), Write(5), Update(5), Update(5)}});
  auto bytes = executed.Untouched(625, 125);
  for (int update = 0; update < 4; ++update) UpdateEffect(bytes);
  executed.Put(625, bytes);
  CheckDamage(executed, Damage::kLost, 5,
              "the write that was number 3 of its 5 changes is missing, and the 2 after it");
}

TEST_CASE("a lost discard is lost, alone and with updates behind it") {
  const Operation discard(OperationKind::kDiscard, 625, 125);
  const Executed alone({{Update(5), discard}});
  CHECK(alone.Judge().correct);
  auto kept = alone.Untouched(625, 125);
  UpdateEffect(kept);
  alone.Put(625, kept);
  CheckDamage(alone, Damage::kLost, 5, "after 1 of its 2 changes");
  const Executed followed({{Write(5), discard, Update(5)}});
  kept.assign(125, std::byte{0});
  WriteEffect(kept, 625, 0);
  UpdateEffect(kept);
  followed.Put(625, kept);
  CheckDamage(followed, Damage::kLost, 5,
              "the discard that was number 2 of its 3 changes is missing, and the 1 after it");
}

TEST_CASE("discards of a sparse file are right whether they left holes or zeros") {
  const Geometry sparse{200, 4096, true};
  auto discard = [](std::uint64_t record) {
    return Operation(OperationKind::kDiscard, record * 4096, 4096);
  };
  const Executed executed({{{OperationKind::kWrite, 5 * 4096, 4096}, discard(5), discard(9)}}, 1,
                          sparse);
  CHECK(executed.Judge().correct);
  executed.Put(9 * 4096, std::vector<std::byte>(4096));
  CHECK(executed.Judge().correct);
  executed.Put(9 * 4096 + 17, std::vector<std::byte>(1, std::byte{1}));
  CHECK(executed.Judge().wrong_records == 1);
}

TEST_CASE("a lost update between updates of other parts is lost") {
  const Operation head(OperationKind::kUpdate, 625, 60);
  const Operation tail(OperationKind::kUpdate, 685, 65);
  const Executed executed({{head, tail, head, tail}});
  executed.AddToCounter(625, ~std::uint64_t{0});
  CheckDamage(executed, Damage::kLost, 5, "behind by 1");
}

TEST_CASE("lost updates of one byte are lost") {
  const Geometry bytes{300, 1};
  const Operation update(OperationKind::kUpdate, 17, 1);
  const Executed executed({std::vector<Operation>(5, update)}, 1, bytes);
  auto found = executed.Untouched(17, 1);
  UpdateEffect(found);
  executed.Put(17, found);
  CheckDamage(executed, Damage::kLost, 17, "after 1 of its 5 changes");
}

TEST_CASE("a write of which only the first half arrived is torn") {
  const Executed executed({{Update(5), Write(5)}});
  executed.Put(625 + 62, executed.Untouched(625 + 62, 63));
  CheckDamage(executed, Damage::kTorn, 5,
              "of its 125 bytes are as they should be after its 2 changes");
  CHECK_THAT(executed.Judge().description, ContainsSubstring("wrong byte is at offset 687"));
}

TEST_CASE("a write of which only the second half arrived is torn even under later updates") {
  const Executed executed({{Update(5), Write(5), Update(5)}});
  auto bytes = executed.Untouched(625, 62);
  UpdateEffect(bytes);
  UpdateEffect(bytes);
  executed.Put(625, bytes);
  CheckDamage(executed, Damage::kTorn, 5, "bytes are as they should be");
}

TEST_CASE("a write that lacks a page in its middle is torn") {
  const Geometry geometry{10, 20'000};
  const Executed executed({{{OperationKind::kWrite, 20'000, 20'000}}}, 1, geometry);
  executed.Put(24'576, executed.Untouched(24'576, 4096));
  CheckDamage(executed, Damage::kTorn, 1,
              "of its 20,000 bytes are as they should be after its 1 change,");
}

TEST_CASE("a record with an update too many is misplaced") {
  const Executed executed({{Update(5), Update(6), Update(7)}});
  executed.AddToCounter(6 * 125, 2);
  CheckDamage(executed, Damage::kMisplaced, 6, "ahead by 2");
}

TEST_CASE("an update of a record that the plan leaves alone is misplaced") {
  const Executed executed({{Update(5), Update(6)}});
  executed.Put(625, executed.Untouched(625, 125));
  executed.AddToCounter(500, 1);
  CheckDamage(executed, Damage::kMisplaced, 4, "ahead by 1");
  CHECK(executed.Judge().wrong_records == 2);
}

TEST_CASE("a record that holds the content of another is misplaced") {
  const Executed executed({{Update(5), Update(6)}});
  executed.Put(625, executed.Get(6 * 125, 125));
  CheckDamage(executed, Damage::kMisplaced, 5, "content of record 6 ");
  executed.Put(625, executed.Untouched(9 * 125, 125));
  CheckDamage(executed, Damage::kMisplaced, 5, "content of record 9 ");
}

TEST_CASE("a record that holds what was written for another is misplaced") {
  const Executed executed(
      {{Write(5), Update(6)}, {Read(300), Write(200), Update(200), Write(201)}});
  const auto right = executed.Get(625, 125);
  executed.Put(625, executed.Get(200 * 125, 125));
  CheckDamage(executed, Damage::kMisplaced, 5,
              "what operation 1 of its worker wrote for record 200 ");
  executed.Put(625, right);
  executed.Put(6 * 125, executed.Get(201 * 125, 125));
  CheckDamage(executed, Damage::kMisplaced, 6,
              "what operation 3 of its worker wrote for record 201 ");
}

TEST_CASE("a short record that holds what was written for another is misplaced") {
  const Geometry words{100, 8};
  const Executed executed({{{OperationKind::kWrite, 40, 8}, {OperationKind::kWrite, 80, 8}}}, 1,
                          words);
  executed.Put(40, executed.Get(80, 8));
  CheckDamage(executed, Damage::kMisplaced, 5,
              "what operation 1 of its worker wrote for record 10 ");
}

TEST_CASE("bytes that no operation wrote are foreign") {
  const Executed executed({{Update(5), Write(6)}});
  executed.Put(5 * 125 + 50, std::as_bytes(std::span("hello", 5)));
  CheckDamage(executed, Damage::kForeign, 5, "wrong byte is at offset 675");
  executed.Put(5 * 125, std::vector<std::byte>(125));
  CheckDamage(executed, Damage::kForeign, 5, "all zeros");
}

TEST_CASE("foreign bytes in a record that the plan leaves alone are found") {
  const Executed executed({{Update(5)}});
  executed.Put(399 * 125 + 124,
               std::vector<std::byte>{executed.Get(399 * 125 + 124, 1)[0] ^ std::byte{0x80}});
  CheckDamage(executed, Damage::kForeign, 399, "1 of 400 records is wrong");
}

TEST_CASE("every wrong record is counted") {
  std::vector<Operation> operations;
  for (std::uint64_t record = 0; record < 400; ++record) operations.push_back(Update(record));
  const Executed executed({operations});
  for (std::uint64_t record = 3; record < 400; record += 7) {
    executed.AddToCounter(record * 125, ~std::uint64_t{0});
  }
  const Verification verdict = executed.Judge();
  CHECK(verdict.wrong_records == 57);
  CHECK(verdict.first_wrong_record == 3);
  CHECK_THAT(verdict.description, ContainsSubstring("57 of 400 records are wrong"));
}

TEST_CASE("a file that was cut or extended has the wrong length") {
  const Executed executed({{Update(5)}});
  const auto resize = [&](std::uint64_t size) {
    os::File::Open(executed.dataset.file().path, os::FileAccess::kReadWrite).Resize(size);
  };
  resize(50'010);
  Verification verdict = executed.Judge();
  CHECK_FALSE(verdict.correct);
  CHECK(verdict.damage == Damage::kLength);
  CHECK(verdict.wrong_records == 0);
  CHECK_THAT(verdict.description, ContainsSubstring("50,010 bytes instead of 50,000, 10 too many"));
  resize(49'870);
  verdict = executed.Judge();
  CHECK_FALSE(verdict.correct);
  CHECK(verdict.damage == Damage::kLength);
  CHECK(verdict.wrong_records == 2);
  CHECK(verdict.first_wrong_record == 398);
  CHECK_THAT(verdict.description, ContainsSubstring("130 too few; 2 of 400 records are wrong"));
  executed.Put(625, std::vector<std::byte>(125));
  verdict = executed.Judge();
  CHECK(verdict.wrong_records == 3);
  CHECK(verdict.first_wrong_record == 5);
}

TEST_CASE("an operation that reaches into another record is refused") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kVerified, kSeed);
  const HandMadePlan plan({{Operation(OperationKind::kUpdate, 49'990, 20)}});
  CHECK_THROWS_WITH(Verify(dataset, plan, 1, 1), ContainsSubstring("reaches into another record"));
}

TEST_CASE("a file that is gone is an error and no verdict") {
  const Executed executed({{Update(5)}});
  std::filesystem::remove(executed.dataset.file().path);
  CHECK_THROWS_AS(executed.Judge(), Error);
}

// 64 GiB, of which some records are touched.
constexpr Geometry kHuge{std::uint64_t{16} << 20, 4096, true};

Operation Touch(OperationKind kind, std::uint64_t record) {
  return {kind, record * kHuge.record_size, 4096};
}

TEST_CASE("touches of a huge sparse file are verified and read as zeros elsewhere") {
  const std::uint64_t last = kHuge.records - 1;
  const Executed executed(
      {{Touch(OperationKind::kUpdate, 0), Touch(OperationKind::kUpdate, 1'000'000),
        Touch(OperationKind::kRead, 1'000'000), Touch(OperationKind::kRead, 5'000'000),
        Touch(OperationKind::kWrite, last), Touch(OperationKind::kRead, last)}},
      2, kHuge);
  const Verification verdict = executed.Judge();
  CHECK(verdict.correct);
  CHECK(verdict.read_checksum == executed.checksum);
  executed.AddToCounter(1'000'000 * kHuge.record_size, ~std::uint64_t{0});
  CheckDamage(executed, Damage::kLost, 1'000'000, "after 1 of its 2 changes");
}

TEST_CASE("a record of a sparse file that should hold data and is a hole is lost") {
  const Executed executed({{Touch(OperationKind::kWrite, 77)}}, 1, kHuge);
  const os::File file = OpenDataFile(executed.dataset.file(), os::FileAccess::kReadWrite);
  file.Resize(0);
  file.Resize(kHuge.file_size());
  CheckDamage(executed, Damage::kLost, 77, "without its 1 change");
}

TEST_CASE("all records that a cut sparse file lacks are wrong") {
  const Executed executed({{Touch(OperationKind::kUpdate, 77)}}, 1, kHuge);
  os::File::Open(executed.dataset.file().path, os::FileAccess::kReadWrite)
      .Resize(50 * kHuge.record_size + 1);
  const Verification verdict = executed.Judge();
  CHECK(verdict.damage == Damage::kLength);
  CHECK(verdict.wrong_records == kHuge.records - 50);
  CHECK(verdict.first_wrong_record == 50);
}

TEST_CASE("data in a sparse file where the plan has none is found") {
  const Executed executed({{Touch(OperationKind::kUpdate, 77)}}, 1, kHuge);
  executed.Put(9'000'000 * kHuge.record_size + 4000, std::as_bytes(std::span("hello", 5)));
  CheckDamage(executed, Damage::kForeign, 9'000'000, "1 of 16,777,216 records is wrong");
  executed.AddToCounter(99 * kHuge.record_size, 1);
  CheckDamage(executed, Damage::kMisplaced, 99, "ahead by 1");
}

TEST_CASE("a sparse file with more touched blocks than a window holds is verified") {
  std::vector<Operation> operations;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    operations.push_back(Touch(OperationKind::kUpdate, i * 800));
  }
  operations.push_back(Touch(OperationKind::kRead, 19'999 * 800));
  const Executed executed({operations}, 1, kHuge);
  const Verification verdict = executed.Judge();
  CHECK(verdict.correct);
  CHECK(verdict.read_checksum == executed.checksum);
  executed.AddToCounter(19'999 * 800 * kHuge.record_size, ~std::uint64_t{0});
  CheckDamage(executed, Damage::kLost, 19'999 * 800, "without its 1 change");
}

}  // namespace
}  // namespace faultline
