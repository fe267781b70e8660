// Every strategy leaves in the file what plain memory would hold, whatever the records' size and
// wherever they lie, and reads what is there.
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

// Files that end within a page, except where the record is a page.
constexpr Geometry kGeometries[] = {{20011, 1}, {3001, 7},  {2003, 8},  {1003, 125},
                                    {19, 4095}, {17, 4096}, {19, 4097}, {5, 70000}};

void Apply(ReferenceImage& reference, std::span<const Operation> operations) {
  reference.Execute(operations, 0);
}

// With sanitizers every other combination, each strategy with each geometry and each plan: a run
// takes three times as long, and they see the same code.
bool IsLeftOut(std::size_t geometry, PlanKind plan) {
  return kAddressSanitizer && (geometry + static_cast<std::size_t>(plan)) % 2 != 0;
}

TEST_CASE("every strategy leaves what plain memory would hold and reads the same", "[slow]") {
  for (const std::string& spec : AllSpecs()) {
    for (std::size_t i = 0; i < std::size(kGeometries); ++i) {
      const Geometry& geometry = kGeometries[i];
      if (RecordTooLarge(spec, geometry.record_size)) continue;
      for (const PlanKind plan : kPlanKinds) {
        if (IsLeftOut(i, plan)) continue;
        INFO(spec << " with records of " << geometry.record_size << " in plan "
                  << static_cast<int>(plan));
        const TestFile file(geometry);
        const Operations operations = MakeOperations(plan, geometry, {}, OperationCount(spec, 90));
        ReferenceImage reference = file.Reference();
        if (InfoOf(spec).stores()) Apply(reference, operations);
        const std::uint64_t checksum = RunThrough(spec, file.file(), {operations});
        CHECK(Difference(file.Bytes(), reference.bytes()) == "");
        CHECK(checksum == reference.read_checksum());
      }
    }
  }
}

TEST_CASE("sessions in several threads keep their records apart though they share pages") {
  constexpr std::uint64_t kWorkers = 3;
  for (const std::string& spec : AllSpecs()) {
    const StrategyInfo& info = InfoOf(spec);
    if (!info.capabilities.threads || !info.stores()) continue;
    for (const Geometry& geometry : {Geometry{307, 125}, Geometry{1009, 7}, Geometry{7, 4097}}) {
      if (RecordTooLarge(spec, geometry.record_size)) continue;
      for (const PlanKind plan : {PlanKind::kMixed, PlanKind::kDiscards}) {
        INFO(spec << " with records of " << geometry.record_size << " in plan "
                  << static_cast<int>(plan));
        const TestFile file(geometry);
        ReferenceImage reference = file.Reference();
        std::vector<Operations> workers;
        for (std::uint64_t index = 0; index < kWorkers; ++index) {
          workers.push_back(
              MakeOperations(plan, geometry, {index, kWorkers}, OperationCount(spec, 400)));
          Apply(reference, workers.back());
        }
        const std::uint64_t checksum = RunThrough(spec, file.file(), workers);
        CHECK(Difference(file.Bytes(), reference.bytes()) == "");
        CHECK(checksum == reference.read_checksum());
      }
    }
  }
}

TEST_CASE("two instances keep each other's changes where several processes are allowed") {
  const Geometry geometry{307, 125};
  for (const std::string& spec : AllSpecs()) {
    const StrategyInfo& info = InfoOf(spec);
    if (!info.capabilities.processes || !info.stores()) continue;
    INFO(spec);
    const TestFile file(geometry);
    ReferenceImage reference = file.Reference();
    std::unique_ptr<Strategy> strategies[2];
    std::unique_ptr<Session> sessions[2];
    Operations operations[2];
    for (std::uint64_t index = 0; index < 2; ++index) {
      strategies[index] = OpenStrategy(spec, file.file());
      sessions[index] = strategies[index]->NewSession();
      operations[index] =
          MakeOperations(PlanKind::kSequential, geometry, {index, 2}, OperationCount(spec, 100));
      for (const PlanKind plan : {PlanKind::kMixed, PlanKind::kDiscards}) {
        const Operations more =
            MakeOperations(plan, geometry, {index, 2}, OperationCount(spec, 100));
        operations[index].insert(operations[index].end(), more.begin(), more.end());
      }
      Apply(reference, operations[index]);
    }
    SilentObserver observer;
    for (std::uint64_t done = 0; done < operations[0].size(); ++done) {
      for (std::uint64_t index = 0; index < 2; ++index) {
        sessions[index]->Execute({std::span(operations[index]).subspan(done, 1), done}, observer);
      }
    }
    for (const auto& strategy : strategies) strategy->Flush();
    for (const auto& strategy : strategies) strategy->Close();
    CHECK(Difference(file.Bytes(), reference.bytes()) == "");
    CHECK(sessions[0]->read_checksum() + sessions[1]->read_checksum() == reference.read_checksum());
  }
}

TEST_CASE("two sessions that take turns on neighbouring records lose nothing") {
  const Geometry geometry{301, 125};
  for (const std::string& spec : AllSpecs()) {
    const StrategyInfo& info = InfoOf(spec);
    if (!info.capabilities.threads || !info.stores()) continue;
    INFO(spec);
    const TestFile file(geometry);
    ReferenceImage reference = file.Reference();
    const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
    const std::unique_ptr<Session> sessions[] = {strategy->NewSession(), strategy->NewSession()};
    SilentObserver observer;
    for (std::uint64_t step = 0; step < 300; ++step) {
      const std::uint64_t turn = step % 2;
      const Operation operation(step % 3 == 0 ? OperationKind::kWrite : OperationKind::kUpdate,
                                (step % 150 * 2 + turn) * 125, 125);
      sessions[turn]->Execute({{&operation, 1}, step}, observer);
      reference.Execute({&operation, 1}, step);
    }
    strategy->Flush();
    CHECK(Difference(ExportedBytes(*strategy, file), reference.bytes()) == "");
    strategy->Close();
  }
}

TEST_CASE("a flush among the operations brings what came before it to the file") {
  const Geometry geometry{101, 125};
  for (const std::string& spec : AllSpecs()) {
    if (!InfoOf(spec).stores()) continue;
    INFO(spec);
    const TestFile file(geometry);
    ReferenceImage reference = file.Reference();
    Operations operations = MakeOperations(PlanKind::kPartial, geometry, {}, 50);
    operations.emplace_back(OperationKind::kFlush, 0, 1);
    Apply(reference, operations);
    const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
    const std::unique_ptr<Session> session = strategy->NewSession();
    SilentObserver observer;
    session->Execute({operations, 0}, observer);
    CHECK(Difference(ExportedBytes(*strategy, file), reference.bytes()) == "");
    strategy->Close();
  }
}

TEST_CASE("changes after a flush are kept by the next one") {
  const Geometry geometry{101, 125};
  for (const std::string& spec : AllSpecs()) {
    if (!InfoOf(spec).stores()) continue;
    INFO(spec);
    const TestFile file(geometry);
    ReferenceImage reference = file.Reference();
    const Operations operations = MakeOperations(PlanKind::kPartial, geometry, {}, 60);
    const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
    const std::unique_ptr<Session> session = strategy->NewSession();
    SilentObserver observer;
    for (std::uint64_t done = 0; done < operations.size(); done += 20) {
      const auto batch = std::span(operations).subspan(done, 20);
      session->Execute({batch, done}, observer);
      strategy->Flush();
      reference.Execute(batch, done);
      CHECK(Difference(ExportedBytes(*strategy, file), reference.bytes()) == "");
    }
    strategy->Close();
  }
}

TEST_CASE("strategies that work on a copy leave the file alone until they are flushed") {
  const Geometry geometry{101, 125};
  for (const std::string spec : {"read-all", "shared-memory", "mmap-private"}) {
    INFO(spec);
    const TestFile file(geometry);
    const ReferenceImage untouched = file.Reference();
    const Operations operations = MakeOperations(PlanKind::kWrites, geometry, {}, 50);
    {
      const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
      const std::unique_ptr<Session> session = strategy->NewSession();
      SilentObserver observer;
      session->Execute({operations, 0}, observer);
      strategy->Close();
    }
    CHECK(Difference(file.Bytes(), untouched.bytes()) == "");
  }
}

TEST_CASE("sampling times every n-th operation and changes nothing else") {
  const Geometry geometry{101, 125};
  for (const std::string& spec : AllSpecs()) {
    for (const std::uint64_t every : {1, 3, 1000}) {
      INFO(spec << " sampled every " << every);
      const TestFile file(geometry);
      ReferenceImage reference = file.Reference();
      Operations operations = MakeOperations(PlanKind::kMixed, geometry, {}, 70);
      const Operations more = MakeOperations(PlanKind::kDiscards, geometry, {}, 30);
      operations.insert(operations.end(), more.begin(), more.end());
      if (InfoOf(spec).stores()) Apply(reference, operations);
      const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
      const std::unique_ptr<Session> session = strategy->NewSession();
      CountingObserver observer(every);
      ExecuteInBatches(*session, operations, observer);
      strategy->Flush();
      strategy->Close();
      CHECK(observer.samples == (operations.size() + every - 1) / every);
      CHECK(session->read_checksum() == reference.read_checksum());
      CHECK(Difference(ExportedBytes(*strategy, file), reference.bytes()) == "");
    }
  }
}

}  // namespace
}  // namespace faultline::testing
