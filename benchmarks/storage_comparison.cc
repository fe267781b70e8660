// Random reads of pages that memory doesn't hold: against fio, and the strategies among themselves.
#include <algorithm>
#include <fmt/format.h>

#include "benchmarks/fio.h"
#include "benchmarks/rounds.h"
#include "faultline/error.h"
#include "harness/base/size.h"
#include "harness/os/file_mapping.h"
#include "harness/os/memory_limit.h"
#include "harness/os/system_info.h"

namespace faultline::peers {
namespace {

constexpr const char* kFioFile = "fio-pages.data";
constexpr const char* kWorkload = "random-read";
constexpr std::uint64_t kOperations = 40'000;

// The same engine in both, at the same settings.
struct Pair {
  const char* name;
  const char* strategy;
  const char* engine;
  std::vector<std::string> settings;
};

const std::vector<Pair>& Pairs() {
  static const std::vector<Pair> kPairs = {
      {"fio psync direct", "direct", "psync", {"--direct=1"}},
      {"fio io_uring direct, depth 32",
       "io-uring:direct=on,depth=32",
       "io_uring",
       {"--direct=1", "--iodepth=32", "--fixedbufs=1", "--registerfiles=1"}}};
  return kPairs;
}

TrialSpec ColdTrial(const Setting& setting, const std::string& strategy) {
  TrialSpec spec = TrialOn(setting, setting.pages, strategy, kWorkload);
  spec.operations = kOperations;
  spec.passes = 1;
  spec.cache = CacheState::kCold;
  return spec;
}

// Beyond memory.
constexpr std::uint64_t kLimitBytes = std::uint64_t{64} << 20;
// What pools get of it; the process needs the rest.
constexpr const char* kPoolBytes = "40MiB";
constexpr const char* kPlain = "mmap-view:advice=random";
constexpr const char* kUnadvised = "mmap-view";

const std::vector<std::string> kMapped = {kPlain, kUnadvised,
                                          "mmap-view:advice=random,willneed=128"};
const std::vector<std::string> kOthers = {"read-write", "direct", "io-uring:direct=on,depth=32",
                                          "io-uring:direct=on,depth=128",
                                          fmt::format("virtual-memory-pool:memory={}", kPoolBytes)};
const std::vector<std::string> kPools = {
    fmt::format("buffer-pool:memory={}", kPoolBytes),
    fmt::format("buffer-pool:memory={},ahead=128", kPoolBytes)};

// Time of an operation once memory is full: a first pass touches more pages than it holds.
double BeyondNs(const Setting& setting, const std::string& strategy) {
  TrialSpec spec = ColdTrial(setting, strategy);
  spec.passes = 2;
  spec.memory_limit_bytes = kLimitBytes;
  if (strategy == kUnadvised) {
    // Each of these may bring a whole read-ahead; together they bring four times the file.
    const auto said = os::StorageFacts(setting.directory)["read_ahead_bytes"];
    const std::uint64_t read_ahead = said ? ParseCount(*said, "read_ahead_bytes") : 0;
    const std::uint64_t bytes = setting.pages.geometry().file_size();
    spec.operations = std::clamp<std::uint64_t>(4 * bytes / std::max(read_ahead, os::PageSize()),
                                                100, kOperations);
  }
  return *RunUndaunted(spec, setting.pages).SteadyNsPerOperation();
}

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
    contenders.push_back({pair.strategy, [&] {
                            const Measurement measurement =
                                RunUndaunted(ColdTrial(setting, pair.strategy), setting.pages);
                            return *measurement.NsPerOperation();
                          }});
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
    findings.push_back(Against(fmt::format("page reads: {} / {}", pair.name, pair.strategy),
                               pair.name, pair.strategy, times, {.at_most = {}, .at_least = 1.0}));
  }
  // What a queue gains on this device: no strategy can gain much more.
  findings.push_back(Against(fmt::format("  {} / {}", Pairs().front().name, Pairs().back().name),
                             Pairs().front().name, Pairs().back().name, times));
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
    contenders.push_back({strategy, [&setting, strategy] { return BeyondNs(setting, strategy); }});
  }
  const Times times = TakeTurns(setting, "beyond memory", contenders);
  const std::string best = Fastest(all, times);
  const std::string mapped = Fastest(kMapped, times);
  const std::string pool = Fastest(kPools, times);
  std::vector<Finding> findings = {
      Against(fmt::format("beyond memory: {} / the best, {}", kUnadvised, best), kUnadvised, best,
              times, {.at_most = {}, .at_least = 4.0}),
      Against(fmt::format("beyond memory: {} / the best, {}", kPlain, best), kPlain, best, times,
              {.at_most = {}, .at_least = 4.0}),
      Against(fmt::format("beyond memory: the best mapped, {} / {}", mapped, pool), mapped, pool,
              times, {.at_most = {}, .at_least = 1.0})};
  for (const std::string& strategy : all) {
    if (strategy == kPlain) continue;
    findings.push_back(
        Against(fmt::format("  {} / {}", kPlain, strategy), kPlain, strategy, times));
  }
  return findings;
}

}  // namespace faultline::peers
