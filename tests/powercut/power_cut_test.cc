// Power cuts from end to end: strategies that keep their promises, and planted ones that don't.
#include <fmt/format.h>

#include "strategies/registry.h"
#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

CutResult Cut(const std::string& strategy, Instant instant,
              const std::string& workload = "random-update") {
  const CutResult result = CutPower(SmallCut(strategy, instant, workload));
  INFO(strategy << " " << InstantName(instant) << ": " << result.error);
  CHECK(result.status == Status::kOk);
  CHECK(result.tally.cuts == (instant == Instant::kDuring ? 2 : 1));
  CHECK(result.tally.updates > 0);
  return result;
}

TEST_CASE("flushed strategies keep their promise at every instant") {
  if (!CanCutPower()) return;
  for (const char* strategy :
       {"read-write-flushed", "mmap-view-flushed", "mmap-view-flushed:every=10"}) {
    for (const Instant instant : kInstants) {
      const CutTally tally = Cut(strategy, instant).tally;
      INFO(strategy << " " << InstantName(instant));
      CHECK(tally.acknowledged > 0);
      CHECK(tally.acknowledged_missing == 0);
      CHECK(tally.survived >= tally.acknowledged);
      if (instant != Instant::kDuring) CHECK(tally.acknowledged == 1000);
    }
  }
}

TEST_CASE("what is only mapped is gone after unmapping and closing, and there after a flush") {
  if (!CanCutPower()) return;
  for (const Instant instant :
       {Instant::kAfterUpdates, Instant::kAfterUnmap, Instant::kAfterClose}) {
    const CutResult result = Cut("mmap-view", instant);
    CHECK(result.promise() == Promise::kNoneMade);
    CHECK(result.tally.updates == 1000);
    CHECK(result.tally.survived == 0);
    CHECK(result.tally.in_state(RecordState::kLost) == 0);
    CHECK(result.tally.in_state(RecordState::kIntactOld) > 0);
  }
  const CutResult flushed = Cut("mmap-view", Instant::kAfterFlush);
  CHECK(flushed.promise() == Promise::kKept);
  CHECK(flushed.tally.survived == 1000);
  CHECK(flushed.tally.in_state(RecordState::kIntactNew) == 1000);
}

TEST_CASE("cuts during a run lie in it and see what was issued before them") {
  if (!CanCutPower()) return;
  PowerCutSpec spec = SmallCut("mmap-view", Instant::kDuring);
  spec.cuts = 6;
  const CutResult result = CutPower(spec);
  INFO(result.error);
  REQUIRE(result.status == Status::kOk);
  CHECK(result.tally.cuts == 6);
  CHECK(result.tally.updates > 0);
  CHECK(result.tally.updates < 6 * 1000);
  std::uint64_t records = 0;
  for (const std::uint64_t count : result.tally.records) records += count;
  CHECK(records == 6 * 1000);
  std::uint64_t aged = 0;
  for (const auto& [group, counts] : result.tally.survival) aged += counts.updates;
  CHECK(aged == result.tally.updates);
}

TEST_CASE("a flush that the plan asks for is a promise too") {
  if (!CanCutPower()) return;
  const CutTally tally =
      Cut("mmap-view", Instant::kAfterClose, "random-update:flush-every=300").tally;
  CHECK(tally.acknowledged == 900);
  CHECK(tally.acknowledged_missing == 0);
  CHECK(tally.survived >= 900);
  CHECK(tally.survived < tally.updates);
}

// Engines of this build, each with its defaults and so that every commit is durable.
std::vector<std::pair<std::string, std::string>> Engines() {
  std::vector<std::pair<std::string, std::string>> engines;
  for (const auto& [name, durable] :
       {std::pair{"sqlite", "synchronous=full"}, std::pair{"lmdb", "sync=full"}}) {
    if (!Registry<StrategyInfo>::Instance().Find(name).unavailable.empty()) continue;
    engines.emplace_back(name, fmt::format("{}:{}", name, durable));
  }
  return engines;
}

TEST_CASE("what an engine holds after a cut is what it recovers") {
  if (!CanCutPower()) return;
  for (const auto& [lazy, durable] : Engines()) {
    for (const Instant instant : kInstants) {
      const CutResult result = Cut(lazy, instant);
      INFO(lazy << " " << InstantName(instant));
      CHECK(result.tally.in_state(RecordState::kLost) == 0);
      if (instant == Instant::kAfterFlush) {
        CHECK(result.promise() == Promise::kKept);
        CHECK(result.tally.survived == 1000);
      } else {
        CHECK(result.promise() == Promise::kNoneMade);
      }
      const CutTally tally = Cut(durable, instant).tally;
      CHECK(tally.survived + (instant == Instant::kDuring ? 2 : 0) >= tally.updates);
    }
  }
}

TEST_CASE("a flush that the plan asks for is a promise of an engine too") {
  if (!CanCutPower()) return;
  for (const auto& [lazy, durable] : Engines()) {
    INFO(lazy);
    const CutTally tally = Cut(lazy, Instant::kAfterClose, "random-update:flush-every=300").tally;
    CHECK(tally.acknowledged == 900);
    CHECK(tally.acknowledged_missing == 0);
    CHECK(tally.survived >= 900);
  }
}

TEST_CASE("a strategy that skips the flush that it declares breaks its promise") {
  if (!CanCutPower()) return;
  for (const Instant instant : kInstants) {
    const CutResult result = Cut("planted-cut:fault=skip-flush", instant);
    INFO(InstantName(instant));
    CHECK(result.promise() == Promise::kBroken);
    CHECK(result.tally.acknowledged_missing > 0);
    CHECK(result.tally.in_state(RecordState::kLost) > 0);
    CHECK(result.tally.survived == 0);
    CHECK(Cut("planted-cut", instant).promise() == Promise::kKept);
  }
}

TEST_CASE("a Flush that flushes nothing breaks its promise") {
  if (!CanCutPower()) return;
  CHECK(Cut("planted-flush", Instant::kAfterFlush).promise() == Promise::kKept);
  const CutResult result = Cut("planted-flush:fault=skip-flush", Instant::kAfterFlush);
  CHECK(result.promise() == Promise::kBroken);
  CHECK(result.tally.acknowledged_missing == 1000);
}

TEST_CASE("a single dropped change among durable ones is found") {
  if (!CanCutPower()) return;
  const CutResult result =
      Cut("planted-cut:fault=skip-one", Instant::kAfterUpdates, "sequential-update");
  CHECK(result.promise() == Promise::kBroken);
  CHECK(result.tally.acknowledged_missing == 1000 / 7);
  CHECK(result.tally.in_state(RecordState::kLost) == 1000 / 7);
}

TEST_CASE("half a write is torn, and breaks the promise of the whole") {
  if (!CanCutPower()) return;
  const CutResult result = Cut("planted-cut:fault=tear", Instant::kAfterUpdates, "ycsb:workload=d");
  CHECK(result.promise() == Promise::kBroken);
  CHECK(result.tally.in_state(RecordState::kTorn) > 0);
  CHECK(result.tally.straddling_records > 0);
}

TEST_CASE("a strategy that misplaces its updates leaves impossible records and fails") {
  if (!CanCutPower()) return;
  const CutResult result =
      CutPower(SmallCut("planted-cut:fault=misplace", Instant::kAfterUpdates, "sequential-update"));
  CHECK(result.status == Status::kFailed);
  CHECK(result.tally.in_state(RecordState::kImpossible) == 1000 / 7);
  CHECK(result.tally.in_state(RecordState::kLost) == 1000 / 7);
  CHECK_THAT(result.error, ContainsSubstring("the first is record 7"));
  CHECK_THAT(result.error, ContainsSubstring("meant for other records"));
}

TEST_CASE("a strategy that fails, crashes or hangs is a failed row that says where") {
  if (!CanCutPower()) return;
  const std::pair<const char*, const char*> cases[] = {
      {"crash", "crashed in 'run': killed by SIGSEGV"},
      {"open", "in 'open': planted failure of open"},
      {"hang", "hung"},
      {"cut-short", "the file ends before its end"}};
  for (const auto& [fault, reason] : cases) {
    for (const Instant instant : {Instant::kDuring, Instant::kAfterClose}) {
      if (std::string(fault) == "cut-short" && instant == Instant::kDuring) continue;
      PowerCutSpec spec = SmallCut(fmt::format("planted-cut:fault={}", fault), instant);
      if (std::string(fault) == "hang") spec.trial.timeout_seconds = 1;
      const CutResult result = CutPower(spec);
      INFO(fault << " " << InstantName(instant));
      CHECK(result.status == Status::kFailed);
      CHECK_THAT(result.error, ContainsSubstring(reason));
    }
  }
}

TEST_CASE("what can't run here is unsupported and says why") {
  if (!CanCutPower()) return;
  const CutResult lacking =
      CutPower(SmallCut("planted-cut:fault=unsupported", Instant::kAfterClose));
  CHECK(lacking.status == Status::kUnsupported);
  CHECK_THAT(lacking.error, ContainsSubstring("planted lack of a capability"));
  const CutResult null = CutPower(SmallCut("null", Instant::kDuring));
  CHECK(null.status == Status::kUnsupported);
  CHECK_THAT(null.error, ContainsSubstring("stores nothing"));
}

}  // namespace
}  // namespace faultline
