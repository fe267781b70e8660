// The counts of a cut, on images made up by hand; plans, promises and logs that they rest on.
#include "harness/powercut/tally.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/os/child_process.h"
#include "harness/powercut/messages.h"
#include "harness/powercut/promise.h"
#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

Operation On(OperationKind kind, std::uint64_t record) {
  return Operation(kind, record * 125, 125);
}

// Writes of records 0 to 9, a read and a flush between them, and record 3 once more.
std::vector<Operation> SomeOperations() {
  std::vector<Operation> operations;
  for (std::uint64_t record = 0; record < 10; ++record) {
    operations.push_back(On(OperationKind::kWrite, record));
  }
  operations.insert(operations.begin() + 5, On(OperationKind::kRead, 50));
  operations.insert(operations.begin() + 7, Operation(OperationKind::kFlush, 0, 1));
  operations.push_back(On(OperationKind::kWrite, 3));
  return operations;
}

// Operation i issued at i milliseconds.
LoggedRun Logged(std::uint64_t issued, std::uint64_t acknowledged) {
  LoggedRun run{.issued = issued, .acknowledged = acknowledged, .issued_ns = {}};
  for (std::uint64_t i = 0; i < issued; ++i) run.issued_ns.push_back(i * 1'000'000);
  return run;
}

TEST_CASE("a plan's history knows each record's changes and no reads") {
  const std::vector<Operation> operations = SomeOperations();
  const PlanHistory history(HandMadePlan::Of(operations), kGeometry);
  CHECK(history.operations().size() == 13);
  CHECK(history.ChangesWithin(0) == 0);
  CHECK(history.ChangesWithin(6) == 5);
  CHECK(history.ChangesWithin(13) == 11);
  CHECK(history.ChangesOf(50, 13).empty());
  REQUIRE(history.ChangesOf(3, 13).size() == 2);
  CHECK(history.ChangesOf(3, 13)[0].sequence == 3);
  CHECK(history.ChangesOf(3, 13)[1].sequence == 12);
  CHECK(history.ChangesOf(3, 12).size() == 1);
  CHECK(history.ChangesOf(3, 3).empty());
}

TEST_CASE("an operation that leaves its record is refused") {
  CHECK_THROWS_WITH(
      PlanHistory(HandMadePlan::Of({Operation(OperationKind::kWrite, 120, 10)}), kGeometry),
      ContainsSubstring("reaches into another record"));
}

TEST_CASE("every record counts in the state that it is found in") {
  const std::vector<Operation> operations = SomeOperations();
  const PlanHistory history(HandMadePlan::Of(operations), kGeometry);
  std::vector<std::byte> found = ImageAfter(kGeometry, std::span(operations).first(12));
  const std::vector<std::byte> before = ImageAfter(kGeometry, {});
  std::copy_n(before.begin(), 125, found.begin());                     // record 0: lost
  std::copy_n(before.begin() + 9 * 125, 60, found.begin() + 9 * 125);  // record 9: torn
  found[99 * 125] ^= std::byte{1};                                     // record 99: impossible
  // 13 issued; acknowledged by the flush after 7.
  const CutTally tally = JudgeCut(history, kTestSeed, Logged(13, 8), 20'000'000, found);
  CHECK(tally.cuts == 1);
  CHECK(tally.updates == 11);
  CHECK(tally.acknowledged == 6);
  CHECK(tally.in_state(RecordState::kLost) == 1);
  CHECK(tally.in_state(RecordState::kTorn) == 1);
  CHECK(tally.in_state(RecordState::kImpossible) == 1);
  CHECK(tally.in_state(RecordState::kIntactOld) == 1);  // record 3, without its second write
  CHECK(tally.in_state(RecordState::kIntactNew) == 96);
  CHECK(tally.acknowledged_missing == 1);
  CHECK(tally.survived == 8);  // records 1 to 8
  CHECK_THAT(tally.first_impossible, ContainsSubstring("record 99"));
}

TEST_CASE("records on two pages are counted by themselves") {
  const Geometry geometry{.records = 100, .record_size = 125};
  std::vector<Operation> operations;
  for (std::uint64_t record = 0; record < 100; ++record) {
    operations.push_back(On(OperationKind::kWrite, record));
  }
  const PlanHistory history(HandMadePlan::Of(operations), geometry);
  std::vector<std::byte> found = ImageAfter(geometry, operations);
  const std::vector<std::byte> before = ImageAfter(geometry, {});
  // The second page was not written: record 32 lies on both, record 65 on it and the third.
  std::copy_n(before.begin() + 4096, 4096, found.begin() + 4096);
  const CutTally tally = JudgeCut(history, kTestSeed, Logged(100, 0), 1'000'000'000, found);
  CHECK(tally.straddling_records == 3);  // of three borders: 4096, 8192, 12288
  CHECK(tally.straddling_torn == 2);
  CHECK(tally.in_state(RecordState::kTorn) == 2);
  CHECK(tally.in_state(RecordState::kIntactOld) == 32);
  CHECK(tally.in_state(RecordState::kIntactNew) == 66);
}

TEST_CASE("a record that ends with a page lies on that page alone") {
  const Geometry geometry{.records = 64, .record_size = 128};
  const PlanHistory history(HandMadePlan::Of({}), geometry);
  const CutTally tally = JudgeCut(history, kTestSeed, Logged(0, 0), 1, ImageAfter(geometry, {}));
  CHECK(tally.straddling_records == 0);
  CHECK(tally.in_state(RecordState::kIntactNew) == 64);
}

TEST_CASE("updates are grouped by their age at the cut") {
  const std::vector<Operation> operations = {
      On(OperationKind::kUpdate, 1), On(OperationKind::kUpdate, 1), On(OperationKind::kUpdate, 2)};
  const PlanHistory history(HandMadePlan::Of(operations), kGeometry);
  const LoggedRun run{.issued = 3, .acknowledged = 0, .issued_ns = {0, 900'000'000, 999'000'000}};
  const std::vector<std::byte> found = ImageAfter(kGeometry, std::span(operations).first(1));
  const CutTally tally = JudgeCut(history, kTestSeed, run, 1'000'000'000, found);
  REQUIRE(tally.survival.size() == 3);
  for (const auto& [age, survived] : {std::pair(1.0, 1), std::pair(0.1, 0), std::pair(0.001, 0)}) {
    INFO("age " << age);
    const AgeGroup& group = tally.survival.at(AgeGroupOf(age));
    CHECK(group.updates == 1);
    CHECK(group.survived == static_cast<std::uint64_t>(survived));
  }
}

TEST_CASE("every age lies in one group") {
  CHECK(AgeGroupLow(0) == 0);
  for (const double age : {0.0, 1e-9, 1e-6, 1.1e-6, 0.3, 0.31, 29.0, 31.0, 3600.0}) {
    const int group = AgeGroupOf(age);
    INFO("age " << age);
    CHECK(age <= AgeGroupHigh(group));
    CHECK((group == 0 || age > AgeGroupLow(group)));
  }
  for (int group = 1; group < 60; ++group) CHECK(AgeGroupHigh(group) > AgeGroupLow(group));
}

TEST_CASE("a file that ends early has impossible records") {
  const PlanHistory history(HandMadePlan::Of({On(OperationKind::kUpdate, 99)}), kGeometry);
  const std::vector<std::byte> whole = ImageAfter(kGeometry, {});
  const auto cut = std::span(whole).first(50 * 125 + 1);
  const CutTally tally = JudgeCut(history, kTestSeed, Logged(1, 1), 1, cut);
  CHECK(tally.in_state(RecordState::kImpossible) == 50);
  CHECK(tally.acknowledged_missing == 1);
  CHECK_THAT(tally.first_impossible, ContainsSubstring("record 50: the file ends"));
}

TEST_CASE("in storage that can't be recovered every record is unreadable and no change survived") {
  const std::vector<Operation> operations = SomeOperations();
  const PlanHistory history(HandMadePlan::Of(operations), kGeometry);
  const CutTally tally = JudgeUnrecovered(history, Logged(13, 8), 20'000'000, "it crashed");
  const CutTally whole = JudgeCut(history, kTestSeed, Logged(13, 8), 20'000'000,
                                  ImageAfter(kGeometry, std::span(operations).first(13)));
  CHECK(tally.in_state(RecordState::kUnreadable) == kGeometry.records);
  CHECK(tally.updates == whole.updates);
  CHECK(tally.acknowledged == whole.acknowledged);
  CHECK(tally.acknowledged_missing == tally.acknowledged);
  CHECK(tally.survived == 0);
  CHECK(tally.recovery_error == "it crashed");
  CutTally both = whole;
  both.Add(CutTallyFromJson(ToJson(tally)));
  CHECK(both.recovery_error == "it crashed");
  CHECK(both.in_state(RecordState::kUnreadable) == kGeometry.records);
}

TEST_CASE("tallies add up and come back from their text") {
  const std::vector<Operation> operations = SomeOperations();
  const PlanHistory history(HandMadePlan::Of(operations), kGeometry);
  const std::vector<std::byte> found = ImageAfter(kGeometry, std::span(operations).first(5));
  const CutTally once = JudgeCut(history, kTestSeed, Logged(13, 8), 20'000'000, found);
  CutTally twice = once;
  twice.Add(CutTallyFromJson(ToJson(once)));
  CHECK(twice.cuts == 2);
  CHECK(twice.updates == 2 * once.updates);
  CHECK(twice.acknowledged == 2 * once.acknowledged);
  CHECK(twice.survived == 2 * once.survived);
  CHECK(twice.acknowledged_missing == 2 * once.acknowledged_missing);
  CHECK(twice.straddling_records == 2 * once.straddling_records);
  for (std::size_t i = 0; i < kRecordStates; ++i) CHECK(twice.records[i] == 2 * once.records[i]);
  for (const auto& [group, counts] : once.survival) {
    CHECK(twice.survival.at(group).updates == 2 * counts.updates);
    CHECK(twice.survival.at(group).survived == 2 * counts.survived);
  }
}

TEST_CASE("a promise covers what lies before a flush and nothing after it") {
  const Operation update = On(OperationKind::kUpdate, 1);
  const Operation read = On(OperationKind::kRead, 1);
  const Operation flush(OperationKind::kFlush, 0, 1);
  PromiseKeeper third(3);
  CHECK(third.Done(update) == 0);
  CHECK(third.Done(read) == 0);
  CHECK(third.Done(update) == 0);
  CHECK(third.Done(update) == 4);
  CHECK(third.Done(update) == 4);
  CHECK(third.Done(flush) == 6);
  CHECK(third.Done(update) == 6);
  CHECK(third.Done(update) == 6);
  CHECK(third.Done(update) == 9);
  PromiseKeeper second(2);
  CHECK(second.Done(On(OperationKind::kDiscard, 1)) == 0);
  CHECK(second.Done(update) == 2);
  PromiseKeeper none(std::nullopt);
  CHECK(none.Done(update) == 0);
  CHECK(none.Done(flush) == 2);
  CHECK(none.Done(update) == 2);
}

const Registration<os::ChildMain> kLogger{
    {"test-logger", [](const std::string&, os::Channel& parent) {
       RunLog log(parent);
       for (std::uint64_t i = 0; i < 1000; ++i) {
         log.Issue(i, 5 * i);
         if (i == 500) parent.SendLine("half");
         log.Acknowledge(i + 1);
       }
       std::string line;
       parent.ReceiveLine(line);
       return 0;
     }}};

TEST_CASE("a log is seen however its writer is stopped") {
  const RunLog log(1000);
  os::ChildProcess child = os::ChildProcess::Start("test-logger", "");
  log.SendTo(child.channel());
  std::string line;
  REQUIRE(child.channel().ReceiveLine(line) == os::Channel::Result::kLine);
  REQUIRE(child.Pause());
  const LoggedRun run = log.Read();
  CHECK(run.issued > 500);
  CHECK(run.acknowledged + 1 >= run.issued);
  CHECK(run.acknowledged <= run.issued);
  REQUIRE(run.issued_ns.size() == run.issued);
  CHECK(run.issued_ns.back() == 5 * (run.issued - 1));
  CHECK(log.Read().issued == run.issued);  // it stands still
  child.Resume();
  while (log.issued() < 1000) {
  }
  child.Kill();
  child.Wait();
  CHECK(log.Read().issued == 1000);
}

}  // namespace
}  // namespace faultline
