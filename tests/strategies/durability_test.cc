// After a flush nothing of the file, or of the strategy's own storage, is dirty any more: the
// system's own count says so.
#include "harness/os/page_cache.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

constexpr Geometry kUpdated{3001, 125};

// Pages of a file that are not on storage yet; absent where the system can't tell.
std::optional<std::uint64_t> PagesAtRisk(const std::filesystem::path& path) {
  const os::Residency residency = os::MeasureResidency(os::File::Open(path, os::FileAccess::kRead));
  if (!residency.dirty_pages || !residency.writeback_pages) return std::nullopt;
  return *residency.dirty_pages + *residency.writeback_pages;
}

std::optional<std::uint64_t> PagesAtRisk(const TestFile& file) {
  return PagesAtRisk(file.file().path);
}

// Whether the count works here, shown by a file that must have dirty pages, and must not after a
// synchronisation. (A file system that lives in memory has nothing to say.)
bool CanTell() {
  const TestFile file(kUpdated);
  const os::File opened = os::File::Open(file.file().path, os::FileAccess::kReadWrite);
  const std::optional<std::uint64_t> written = PagesAtRisk(file);
  opened.SyncAll();
  return written && *written > 0 && PagesAtRisk(file) == 0u;
}

class Opened {
 public:
  explicit Opened(const std::string& spec) {
    os::File::Open(file.file().path, os::FileAccess::kReadWrite).SyncAll();
    strategy = OpenStrategy(spec, file.file());
    session = strategy->NewSession();
    storage = StrategyChoice(spec).Storage(file.file());
  }

  // Of everything that holds records: the data file, or the strategy's own storage with the log or
  // journal beside it.
  std::uint64_t PagesAtRisk() const {
    std::uint64_t pages = 0;
    for (const char* suffix : {"", "-wal", "-journal"}) {
      const std::filesystem::path path = storage.native() + suffix;
      if (std::filesystem::exists(path)) pages += testing::PagesAtRisk(path).value();
    }
    return pages;
  }

  void Execute(const Operations& operations) {
    SilentObserver observer;
    session->Execute({operations, 0}, observer);
  }

  TestFile file{kUpdated};
  std::unique_ptr<Strategy> strategy;
  std::unique_ptr<Session> session;
  std::filesystem::path storage;  // the file that holds the records
};

TEST_CASE("after a flush no page of the file is dirty") {
  if (!CanTell()) {
    WARN("SKIPPED: this system does not tell dirty pages of files in the temporary directory");
    return;
  }
  for (const std::string& spec : AllSpecs()) {
    INFO(spec);
    for (const bool by_operation : {false, true}) {
      Opened opened(spec);
      Operations operations = MakeOperations(PlanKind::kUpdates, kUpdated, {}, 40);
      if (by_operation) operations.emplace_back(OperationKind::kFlush, 0, 1);
      opened.Execute(operations);
      if (!by_operation) opened.strategy->Flush();
      CHECK(opened.PagesAtRisk() == 0u);
      opened.strategy->Close();
    }
  }
}

TEST_CASE("changes are durable after every n-th and not before") {
  if (!CanTell()) {
    WARN("SKIPPED: this system does not tell dirty pages of files in the temporary directory");
    return;
  }
  for (const std::string name : {"read-write-flushed", "mmap-view-flushed"}) {
    for (const PlanKind plan : {PlanKind::kUpdates, PlanKind::kWrites}) {
      INFO(name << " in plan " << static_cast<int>(plan));
      const Operations operations = MakeOperations(plan, kUpdated, {}, 7);
      Opened each(name);
      each.Execute(operations);
      CHECK(each.PagesAtRisk() == 0u);
      Opened seventh(name + ":every=7");
      seventh.Execute({operations.begin(), operations.begin() + 6});
      CHECK(seventh.PagesAtRisk() > 0u);
      seventh.Execute({operations.begin() + 6, operations.end()});
      CHECK(seventh.PagesAtRisk() == 0u);
      // A flush that the plan asks for starts the count again.
      seventh.Execute({operations[0], Operation(OperationKind::kFlush, 0, 1)});
      seventh.Execute({operations.begin(), operations.begin() + 6});
      CHECK(seventh.PagesAtRisk() > 0u);
    }
  }
}

TEST_CASE("discards count as changes, each of a run by itself") {
  if (!CanTell()) {
    WARN("SKIPPED: this system does not tell dirty pages of files in the temporary directory");
    return;
  }
  const Operation first(OperationKind::kDiscard, 1000, 125);
  const Operation second(OperationKind::kDiscard, 1125, 125);
  for (const std::string name : {"read-write-flushed", "mmap-view-flushed"}) {
    INFO(name);
    Opened each(name);
    each.Execute({first});
    CHECK(each.PagesAtRisk() == 0u);
    each.Execute({first, second});
    CHECK(each.PagesAtRisk() == 0u);
    Opened seventh(name + ":every=7");
    const Operations updates = MakeOperations(PlanKind::kUpdates, kUpdated, {}, 5);
    seventh.Execute(updates);
    seventh.Execute({first});
    CHECK(seventh.PagesAtRisk() > 0u);
    seventh.Execute({second});
    CHECK(seventh.PagesAtRisk() == 0u);
    seventh.Execute(updates);
    CHECK(seventh.PagesAtRisk() > 0u);
    seventh.Execute({first, second});
    CHECK(seventh.PagesAtRisk() == 0u);
  }
}

TEST_CASE("reads do not count as changes") {
  if (!CanTell()) {
    WARN("SKIPPED: this system does not tell dirty pages of files in the temporary directory");
    return;
  }
  for (const std::string name : {"read-write-flushed:every=3", "mmap-view-flushed:every=3"}) {
    INFO(name);
    Opened opened(name);
    opened.Execute({Operation(OperationKind::kUpdate, 0, 125),
                    Operation(OperationKind::kRead, 125, 125),
                    Operation(OperationKind::kRead, 250, 125)});
    CHECK(opened.PagesAtRisk() > 0u);
  }
}

}  // namespace
}  // namespace faultline::testing
