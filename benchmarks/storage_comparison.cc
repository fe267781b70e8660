// Random reads of pages that memory doesn't hold: against fio, and the strategies among themselves.
#include <algorithm>

#include "benchmarks/fio.h"
#include "benchmarks/rounds.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/os/memory_limit.h"

namespace faultline::peers {
namespace {

constexpr const char* kFioFile = "fio-pages.data";
constexpr const char* kWorkload = "random-read";
constexpr std::uint64_t kOperations = 30'000;

// The same engine in both, at the same settings.
struct Pair {
  const char* name;
  const char* strategy;
  const char* engine;
  std::vector<std::string> settings;
};

const std::vector<Pair>& Pairs() {
  static const std::vector<Pair> pairs = {
      {"fio psync direct", "direct", "psync", {"--direct=1"}},
      {"fio io_uring direct, depth 32",
       "io-uring:direct=on,depth=32",
       "io_uring",
       {"--direct=1", "--iodepth=32", "--fixedbufs=1", "--registerfiles=1"}}};
  return pairs;
}

double ColdNs(const Setting& setting, const std::string& strategy, std::uint64_t operations,
              std::optional<std::uint64_t> limit_bytes) {
  TrialSpec spec = TrialOn(setting, setting.pages, strategy, kWorkload);
  spec.operations = operations;
  spec.passes = 1;
  spec.cache = CacheState::kCold;
  spec.memory_limit_bytes = limit_bytes;
  return *RunUndaunted(spec, setting.pages).NsPerOperation();
}

// Beyond memory.
constexpr std::uint64_t kLimitBytes = std::uint64_t{64} << 20;
// What pools get of it; the process needs the rest.
constexpr const char* kPoolBytes = "40MiB";
constexpr const char* kPlain = "mmap-view:advice=random";
// Each read may bring a whole read-ahead, which is up to the device.
constexpr const char* kUnadvised = "mmap-view";
constexpr std::uint64_t kUnadvisedOperations = 200;

const std::vector<std::string> kMapped = {kPlain, "mmap-view:advice=random,willneed=32",
                                          "mmap-view:advice=random,willneed=128", kUnadvised,
                                          "mmap-window:advice=random"};
const std::vector<std::string> kOthers = {"read-write", "direct", "io-uring:direct=on,depth=32",
                                          "io-uring:direct=on,depth=128",
                                          Concat("virtual-memory-pool:memory=", kPoolBytes)};
const std::vector<std::string> kPools = {Concat("buffer-pool:memory=", kPoolBytes),
                                         Concat("buffer-pool:memory=", kPoolBytes, ",ahead=128")};

std::string Fastest(const std::vector<std::string>& names, const Times& times) {
  return *std::min_element(names.begin(), names.end(),
                           [&](const std::string& left, const std::string& right) {
                             return Median(times.at(left)) < Median(times.at(right));
                           });
}

std::vector<std::string> Joined(std::vector<std::string> all,
                                const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

std::vector<Finding> CompareStorageWithFio(const Setting& setting) {
  MakeFioFile(setting.directory, kFioFile, setting.pages);
  const Geometry& geometry = setting.pages.geometry();
  std::vector<Contender> contenders;
  for (const Pair& pair : Pairs()) {
    contenders.push_back(
        {pair.strategy, [&] { return ColdNs(setting, pair.strategy, kOperations, std::nullopt); }});
    contenders.push_back({pair.name, [&] {
                            return FioNs(setting.directory, kFioFile,
                                         {.engine = pair.engine,
                                          .direction = "read",
                                          .block_bytes = geometry.record_size,
                                          .file_bytes = geometry.file_size(),
                                          .operations = kOperations,
                                          .more = pair.settings});
                          }});
  }
  const Times times = TakeTurns(setting, "fio on storage", contenders);
  std::vector<Finding> findings;
  for (const Pair& pair : Pairs()) {
    findings.push_back(Against(Concat("page reads: ", pair.name, " / ", pair.strategy), pair.name,
                               pair.strategy, times, {.at_most = {}, .at_least = 1.0}));
  }
  return findings;
}

std::vector<Finding> CompareBeyondMemory(const Setting& setting) {
  if (const std::string why = os::MemoryLimit::WhyUnavailable(); !why.empty()) {
    throw UnsupportedError(why);
  }
  const std::vector<std::string> pools_and_mapped = Joined(kPools, kMapped);
  const std::vector<std::string> all = Joined(pools_and_mapped, kOthers);
  std::vector<Contender> contenders;
  for (const std::string& strategy : all) {
    const std::uint64_t operations = strategy == kUnadvised ? kUnadvisedOperations : kOperations;
    contenders.push_back({strategy, [&setting, strategy, operations] {
                            return ColdNs(setting, strategy, operations, kLimitBytes);
                          }});
  }
  const Times times = TakeTurns(setting, "beyond memory", contenders);
  const std::string best = Fastest(all, times);
  const std::string mapped = Fastest(kMapped, times);
  const std::string pool = Fastest(kPools, times);
  std::vector<Finding> findings = {
      Against(Concat("beyond memory: ", kUnadvised, " / the best, ", best), kUnadvised, best, times,
              {.at_most = {}, .at_least = 4.0}),
      Against(Concat("beyond memory: ", kPlain, " / the best, ", best), kPlain, best, times,
              {.at_most = {}, .at_least = 4.0}),
      Against(Concat("beyond memory: the best mapped, ", mapped, " / ", pool), mapped, pool, times,
              {.at_most = {}, .at_least = 1.0})};
  for (const std::string& strategy : all) {
    if (strategy == kPlain) continue;
    findings.push_back(Against(Concat("  ", kPlain, " / ", strategy), kPlain, strategy, times));
  }
  return findings;
}

}  // namespace faultline::peers
