// Trials of strategies that keep the records in storage of their own: filled before, looked at,
// verified from, and removed after.
#include <fmt/format.h>

#include "harness/os/machine_counters.h"
#include "harness/os/memory_limit.h"
#include "strategies/registry.h"
#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

std::vector<std::string> WithStorage() {
  std::vector<std::string> specs = {"planted-storage"};
  for (const char* engine : {"sqlite", "lmdb"}) {
    if (!Registry<StrategyInfo>::Instance().Find(engine).unavailable.empty()) continue;
    specs.emplace_back(engine);
    specs.push_back(fmt::format("{}:batch=50", engine));
  }
  return specs;
}

// Files of the directory but for the data file and its manifest.
std::ptrdiff_t Leftovers(const TemporaryDirectory& directory) {
  return std::distance(std::filesystem::directory_iterator(directory.path()), {}) - 2;
}

TEST_CASE("what an engine did is verified, and nothing of its storage stays") {
  const TemporaryDirectory directory;
  for (const std::string& strategy : WithStorage()) {
    for (const char* workload :
         {"random-update", "mixed:reads=0.5", "ycsb:workload=a", "random-update:flush-every=100"}) {
      TrialSpec spec = SmallTrial(directory.path(), strategy, workload);
      spec.passes = 2;
      spec.threads = 2;
      INFO(strategy << " " << workload);
      const Measurement measurement = RunOnce(spec);
      CheckRight(measurement);
      CHECK(measurement.phases.size() == kPhases.size());
      CHECK(Leftovers(directory) == 0);
    }
  }
}

TEST_CASE("the page cache is prepared for the storage and looked at there") {
  const TemporaryDirectory directory;
  for (const std::string& strategy : WithStorage()) {
    for (CacheState state :
         {CacheState::kCold, CacheState::kStreamed, CacheState::kPaged, CacheState::kWritten}) {
      TrialSpec spec = SmallTrial(directory.path(), strategy, "random-read");
      spec.records = 20000;
      spec.cache = state;
      const Measurement measurement = RunOnce(spec);
      CheckRight(measurement);
      REQUIRE(measurement.cache.has_value());
      const PreparedCache& before = measurement.cache->before;
      INFO(strategy << " " << CacheStateName(state) << ": " << before.why_not);
      const std::uint64_t data_pages = (20000 * 125 + 4095) / 4096;
      if (strategy == "planted-storage") {
        CHECK(before.residency.total_pages == data_pages);
      } else {
        CHECK(before.residency.total_pages > data_pages);
      }
      const Dataset dataset = Dataset::Attach(spec.directory, Resolve(spec).DataGeometry(), 1);
      if (os::DeviceOf(OpenDataFile(dataset.file(), os::FileAccess::kRead)).empty()) continue;
      CHECK(before.proved);
      CHECK(before.residency.cached_pages ==
            (state == CacheState::kCold ? 0 : before.residency.total_pages));
    }
  }
}

TEST_CASE("a memory limit holds for an engine and its storage") {
  if (const std::string why = os::MemoryLimit::WhyUnavailable(); !why.empty()) {
    WARN("SKIPPED: " << why);
    return;
  }
  const TemporaryDirectory directory;
  for (const std::string& strategy : WithStorage()) {
    TrialSpec spec = SmallTrial(directory.path(), strategy, "random-read");
    spec.records = 200'000;
    spec.operations = 1000;  // each of which may read ahead what the limit has no room for
    spec.memory_limit_bytes = std::uint64_t{24} << 20;  // of a file of 23.8 MiB
    INFO(strategy);
    const Measurement measurement = RunOnce(spec);
    CheckRight(measurement);
    REQUIRE(measurement.memory.has_value());
    CHECK(measurement.memory->usage.peak_bytes <= *spec.memory_limit_bytes);
    CHECK(measurement.memory->usage.peak_bytes > *spec.memory_limit_bytes / 2);
  }
}

TEST_CASE("an engine that loses an update is found out") {
  const TemporaryDirectory directory;
  for (const auto& [fault, wrong] : {std::pair{"drop", "1 of 1,000 records is wrong"},
                                     std::pair{"forget", "1,000 of 1,000 records are wrong"}}) {
    const Measurement measurement = RunOnce(SmallTrial(
        directory.path(), fmt::format("planted-storage:fault={}", fault), "sequential-update"));
    CHECK(measurement.status == Status::kFailed);
    CHECK(measurement.verified == std::optional<bool>(false));
    CHECK_THAT(measurement.error, ContainsSubstring(wrong));
    CHECK_THAT(measurement.error, ContainsSubstring("lost"));
    CHECK(Leftovers(directory) == 0);
  }
}

TEST_CASE("a failure of storage names its step and leaves nothing behind") {
  const TemporaryDirectory directory;
  const std::tuple<const char*, Status, const char*> cases[] = {
      {"import", Status::kFailed, "in 'import': crashed: "},
      {"unsupported", Status::kUnsupported, "in 'import': planted lack of room"},
      {"open", Status::kFailed, "in 'open': planted failure of open"},
      {"export", Status::kFailed, "in 'export': planted failure of an export"}};
  for (const auto& [fault, status, reason] : cases) {
    const Measurement measurement = RunOnce(SmallTrial(
        directory.path(), fmt::format("planted-storage:fault={}", fault), "random-update"));
    INFO(fault);
    CHECK(measurement.status == status);
    CHECK_THAT(measurement.error, ContainsSubstring(reason));
    CHECK_FALSE(measurement.verified.has_value());
    CHECK(Leftovers(directory) == 0);
  }
}

TEST_CASE("storage in a directory with any bytes in its name is filled and read") {
  const TemporaryDirectory directory;
  for (const std::string& strategy : WithStorage()) {
    INFO(strategy);
    CheckRight(RunOnce(SmallTrial(directory.path() / "na\xff\xfeme\n", strategy, "random-update")));
  }
}

}  // namespace
}  // namespace faultline
