// Discards: what is given back, and what a strategy says of it.
#include "faultline/discard.h"

#include "harness/os/file_status.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

// Whether the file system of the temporary directory makes holes.
bool CanMakeHoles() {
  const TestFile file(Geometry{64, 4096});
  const os::File opened = os::File::Open(file.file().path, os::FileAccess::kReadWrite);
  try {
    opened.Discard(4096, 8 * 4096);
  } catch (const UnsupportedError&) {
    return false;
  }
  return os::NextHole(opened, 0) == 4096;
}

// Discards of neighbours, from one record to another.
Operations DiscardsOf(const Geometry& geometry, std::uint64_t first, std::uint64_t end) {
  Operations operations;
  for (std::uint64_t record = first; record < end; ++record) {
    operations.emplace_back(OperationKind::kDiscard, record * geometry.record_size,
                            geometry.record_size);
  }
  return operations;
}

TEST_CASE("strategies leave holes where they say that they give storage back, and nowhere else") {
  if (!CanMakeHoles()) {
    WARN("SKIPPED: the file system of the temporary directory makes no holes");
    return;
  }
  // Of records that begin with blocks, and of others.
  for (const Geometry& geometry : {Geometry{512, 4096}, Geometry{2000, 1000}}) {
    const std::uint64_t quarter = geometry.records / 4;
    const std::uint64_t begin = quarter * geometry.record_size;
    const std::uint64_t end = 3 * begin;
    for (const std::string& spec : AllSpecs()) {
      const TestFile file(geometry);
      if (StrategyChoice(spec).HasOwnStorage()) continue;
      // Few records at a time hold no whole block.
      if (geometry.record_size < 4096 && spec.starts_with("vectored:batch")) continue;
      INFO(spec << " with records of " << geometry.record_size);
      const os::File opened = os::File::Open(file.file().path, os::FileAccess::kReadWrite);
      opened.SyncAll();
      const std::uint64_t before = os::AllocatedBytes(opened);
      const Operations operations = DiscardsOf(geometry, quarter, 3 * quarter);
      // Changes first, so that a pool has the pages in memory, and a view has dirty ones.
      Operations all = MakeOperations(PlanKind::kWrites, geometry, {}, OperationCount(spec, 60));
      all.insert(all.end(), operations.begin(), operations.end());
      ReferenceImage reference = file.Reference();
      if (InfoOf(spec).stores()) reference.Execute(all, 0);
      const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
      SilentObserver observer;
      const std::unique_ptr<Session> session = strategy->NewSession();
      session->Execute({all, 0}, observer);
      strategy->Flush();
      strategy->Close();
      opened.SyncAll();
      CHECK(opened.Size() == geometry.file_size());
      CHECK(Difference(file.Bytes(), reference.bytes()) == "");
      if (InfoOf(spec).capabilities.gives_back) {
        CHECK(before - os::AllocatedBytes(opened) >= (end - begin) * 4 / 5);
        const std::uint64_t hole = os::NextHole(opened, begin);
        CHECK(hole < begin + 8192);
        CHECK((os::NextData(opened, hole) > end - 8192 || spec == "vectored"));
      } else {
        CHECK(os::AllocatedBytes(opened) >= before);
        CHECK(os::NextHole(opened, 0) == geometry.file_size());
      }
    }
  }
}

TEST_CASE("what is written to a hole again is there") {
  const Geometry geometry{16, 8192};
  for (const std::string& spec : AllSpecs()) {
    if (!InfoOf(spec).stores()) continue;
    if (RecordTooLarge(spec, geometry.record_size)) continue;
    INFO(spec);
    const TestFile file(geometry);
    Operations operations = DiscardsOf(geometry, 0, 16);
    for (std::uint64_t record = 0; record < 16; record += 3) {
      operations.emplace_back(OperationKind::kWrite, record * 8192 + 100, 5000);
      operations.emplace_back(OperationKind::kUpdate, record * 8192, 8192);
    }
    for (std::uint64_t record = 0; record < 16; ++record) {
      operations.emplace_back(OperationKind::kRead, record * 8192, 8192);
    }
    const Operations again = DiscardsOf(geometry, 5, 9);
    operations.insert(operations.end(), again.begin(), again.end());
    ReferenceImage reference = file.Reference();
    reference.Execute(operations, 0);
    const std::uint64_t checksum = RunThrough(spec, file.file(), {operations});
    CHECK(Difference(file.Bytes(), reference.bytes()) == "");
    CHECK(checksum == reference.read_checksum());
  }
}

TEST_CASE("neighbouring discards are one range, others are not") {
  const Operation first(OperationKind::kDiscard, 100, 50);
  auto length = [&](const Operation& second) {
    const Operations operations{first, second};
    const DiscardRun run = DiscardsAtFront(operations);
    CHECK(run.offset == 100);
    CHECK(run.operations == (run.length > 50 ? 2 : 1));
    return run.length;
  };
  CHECK(length({OperationKind::kDiscard, 150, 7}) == 57);
  CHECK(length({OperationKind::kDiscard, 151, 7}) == 50);
  CHECK(length({OperationKind::kDiscard, 93, 7}) == 50);
  CHECK(length({OperationKind::kDiscard, 100, 50}) == 50);
  CHECK(length({OperationKind::kWrite, 150, 7}) == 50);
  CHECK(length({OperationKind::kFlush, 0, 1}) == 50);
}

}  // namespace
}  // namespace faultline::testing
