// Data that is in memory: mapped views against the memory's own limits, and a pool against a view.
#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "benchmarks/hand_loops.h"
#include "benchmarks/rounds.h"
#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/os/anonymous_memory.h"

namespace faultline::peers {
namespace {

constexpr std::uint64_t kPasses = 11;  // the first of which is not timed
constexpr const char* kTouch = "mmap-view:advice=random";
constexpr const char* kTouchLoop = "touching loop";
constexpr const char* kView = "mmap-view";
constexpr const char* kPrefetch = "mmap-view:prefetch=16";
constexpr const char* kLines = "independent updates of cache lines";
constexpr std::uint64_t kLineBytes = 64;
// Frames for the whole file, and enough more that a part of the pool is never full.
constexpr const char* kPool = "buffer-pool:memory=256MiB";

double SteadyNs(const Setting& setting, const std::string& strategy, const std::string& workload) {
  TrialSpec spec = TrialOn(setting, setting.dataset, strategy, workload);
  spec.passes = kPasses;
  return *RunUndaunted(spec, setting.dataset).SteadyNsPerOperation();
}

// Runs the action once, and then times it.
double LoopNs(std::uint64_t operations, const std::function<void()>& action) {
  action();
  const SteadyClock::time_point start = SteadyClock::now();
  for (std::uint64_t pass = 1; pass < kPasses; ++pass) action();
  const auto took_ns = static_cast<double>(NanosecondsSince(start));
  return took_ns / static_cast<double>((kPasses - 1) * operations);
}

// Words of a file, so that a read of one touches one page, as a byte would.
constexpr Geometry kWords = {.records = std::uint64_t{1} << 25, .record_size = 8};
constexpr std::uint64_t kTouches = std::uint64_t{1} << 18;  // of a pass; four for each page

double TouchTrialNs(const Setting& setting, const Dataset& words) {
  TrialSpec spec = TrialOn(setting, words, kTouch, "random-read");
  spec.operations = kTouches;
  spec.passes = kPasses;
  return *RunUndaunted(spec, words).SteadyNsPerOperation();
}

// A byte of random pages, drawn on the way, which is what mmapbench does. It lies anywhere in its
// page, as the trial's words do: first bytes alone would be few enough lines for a cache.
double TouchLoopNs(const Setting& setting, const Dataset& words) {
  const MappedRecords pages(words.file().path);
  pages.AdviseRandom();
  return LoopNs(kTouches, [&] { pages.TouchAtRandom(kTouches, kWords.record_size, setting.seed); });
}

// What random updates could reach if each were one cache line, and none waited for another.
double LinesNs(const Setting& setting) {
  const Geometry& geometry = setting.dataset.geometry();
  const os::AnonymousMemory memory(geometry.file_size());
  memory.PreferLargePages();
  Random random(setting.seed);
  std::vector<std::uint64_t> offsets(geometry.records);
  for (std::uint64_t& offset : offsets) {
    offset = random.Below(geometry.file_size() / kLineBytes) * kLineBytes;
  }
  std::fill(memory.bytes().begin(), memory.bytes().end(), std::byte{0});
  return LoopNs(offsets.size(), [&] { IncrementAt(memory.bytes(), offsets); });
}

}  // namespace

std::vector<Finding> CompareInMemory(const Setting& setting) {
  const auto trial = [&](const std::string& strategy, const std::string& workload) {
    return Contender{fmt::format("{} {}", strategy, workload), [&setting, strategy, workload] {
                       return SteadyNs(setting, strategy, workload);
                     }};
  };
  const std::string touched = fmt::format("{} touched pages", kTouch);
  const Dataset words = Dataset::Prepare(setting.directory, kWords, setting.pages.seed());
  const Times times = TakeTurns(setting, "in memory",
                                {{touched, [&] { return TouchTrialNs(setting, words); }},
                                 {kTouchLoop, [&] { return TouchLoopNs(setting, words); }},
                                 {kLines, [&] { return LinesNs(setting); }},
                                 trial(kView, "random-update"),
                                 trial(kPrefetch, "random-update"),
                                 trial(kPool, "random-update"),
                                 trial(kView, "random-read"),
                                 trial(kPool, "random-read")});
  const auto of = [](const char* strategy, const char* workload) {
    return fmt::format("{} {}", strategy, workload);
  };
  const std::string view_update = of(kView, "random-update");
  const std::string prefetched = of(kPrefetch, "random-update");
  return {Against(fmt::format("a byte of a page: a loop as mmapbench's / {}", kTouch), kTouchLoop,
                  touched, times, {.at_most = {}, .at_least = 1.0}),
          Against("warm: buffer-pool / mmap-view, random-read", of(kPool, "random-read"),
                  of(kView, "random-read"), times, {.at_most = 3.0, .at_least = {}}),
          Against("warm: buffer-pool / mmap-view, random-update", of(kPool, "random-update"),
                  view_update, times, {.at_most = 3.0, .at_least = {}}),
          Against(fmt::format("warm: mmap-view / {}", kPrefetch), view_update, prefetched, times),
          Against(fmt::format("  {} / {}", kPrefetch, kLines), prefetched, kLines, times),
          Against(fmt::format("  mmap-view / {}", kLines), view_update, kLines, times)};
}

}  // namespace faultline::peers
