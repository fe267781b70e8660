// The strategies on storage engines against loops over the engines' own calls.
#include <algorithm>
#include <fmt/format.h>

#include "benchmarks/engine_loops.h"
#include "benchmarks/rounds.h"
#include "faultline/error.h"
#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"

namespace faultline::peers {
namespace {

struct Engine {
  const char* strategy;
  std::unique_ptr<EngineRecords> (*make)(const std::filesystem::path&, std::uint64_t, std::size_t);
  std::uint64_t operations;  // of a pass
};
constexpr Engine kEngines[] = {{"sqlite", MakeSqliteRecords, 10'000},
                               {"lmdb", MakeLmdbRecords, 50'000}};

double TrialNs(const Setting& setting, const Engine& engine) {
  TrialSpec spec = TrialOn(setting, setting.dataset, engine.strategy, "random-update");
  spec.operations = engine.operations;
  return *RunUndaunted(spec, setting.dataset).SteadyNsPerOperation();
}

// As a trial: a new file in the same state of the cache, a pass that isn't timed, and one that is.
double LoopNs(const Setting& setting, const Engine& engine) {
  const Geometry& geometry = setting.dataset.geometry();
  const std::filesystem::path folder = setting.directory / "engine-loop";
  std::filesystem::create_directory(folder);
  Random random(setting.seed);
  std::vector<std::uint64_t> numbers(engine.operations);
  for (std::uint64_t& number : numbers) number = random.Below(geometry.records);
  const std::filesystem::path path = folder / "records";
  const auto open = [&] { return engine.make(path, geometry.records, geometry.record_size); };
  open();
  {
    static_assert(kCache == CacheState::kPaged);
    const os::File file = os::File::Open(path, os::FileAccess::kRead);
    os::Evict(file);
    os::FillByReading(file, os::PageSize(), true);
  }
  double ns = 0;
  {
    const auto records = open();
    records->Increment(numbers);
    const SteadyClock::time_point start = SteadyClock::now();
    records->Increment(numbers);
    const auto took_ns = static_cast<double>(NanosecondsSince(start));
    ns = took_ns / static_cast<double>(numbers.size());
    const std::uint64_t number = numbers.front();
    const auto times =
        static_cast<std::uint64_t>(std::count(numbers.begin(), numbers.end(), number));
    if (records->FirstWord(number) != 2 * times) {
      throw Error(fmt::format("the hand-written loop over {} lost an update", engine.strategy));
    }
  }
  std::filesystem::remove_all(folder);
  return ns;
}

}  // namespace

std::vector<Finding> CompareEngines(const Setting& setting) {
  const std::string loop = " hand-written loop";
  std::vector<Contender> contenders;
  std::vector<const Engine*> here;
  for (const Engine& engine : kEngines) {
    TrialSpec spec = Resolve(TrialOn(setting, setting.dataset, engine.strategy, "random-update"));
    if (!WhyUnsupported(spec).empty()) continue;
    here.push_back(&engine);
    contenders.push_back({engine.strategy, [&] { return TrialNs(setting, engine); }});
    contenders.push_back({engine.strategy + loop, [&] { return LoopNs(setting, engine); }});
  }
  if (here.empty()) return {};
  const Times times = TakeTurns(setting, "engines", contenders);
  std::vector<Finding> findings;
  for (const Engine* engine : here) {
    findings.push_back(Against(
        fmt::format("update: a loop over the library / {}", engine->strategy),
        engine->strategy + loop, engine->strategy, times, {.at_most = {}, .at_least = 0.95}));
  }
  return findings;
}

}  // namespace faultline::peers
