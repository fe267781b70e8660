// How much memory the product itself takes.
#include <fmt/format.h>

#include "benchmarks/comparison.h"
#include "benchmarks/program_run.h"

namespace faultline::peers {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;
constexpr double kTargetMebibytes = 64;
constexpr int kRuns = static_cast<int>(verdict::kFewestRounds);

MemoryFinding MeasureRuns(const Setting& setting, const std::string& strategy,
                          const Target& target) {
  MemoryFinding finding{
      .name = fmt::format("faultline run --strategy {}", strategy),
      .method =
          "wait4 of the main process, which reports the most that it, or any process it "
          "started and waited for, had resident at a time; plan buffer included",
      .peak_mebibytes = {},
      .target = target};
  for (int run = 0; run < kRuns; ++run) {
    setting.progress(fmt::format("{}: run {} of {}", finding.name, run + 1, kRuns));
    const ProgramRun end = RunToItsEnd(
        {setting.faultline.string(), "run", "--strategy", strategy, "--workload", "random-update",
         "--repetitions", "1", "--cache", std::string(CacheStateName(kCache)), "--quiet",
         "--directory", "memory-data", "--output", fmt::format("memory-{}-{}", strategy, run)},
        setting.directory);
    finding.peak_mebibytes.push_back(static_cast<double>(end.peak_resident_bytes) / kMebibyte);
  }
  return finding;
}

}  // namespace

std::vector<MemoryFinding> MeasureMemory(const Setting& setting) {
  // With read-write the proof is in it too, which compares the whole file with its reference image.
  return {MeasureRuns(setting, "null", {.at_most = kTargetMebibytes, .at_least = {}}),
          MeasureRuns(setting, "read-write", {})};
}

}  // namespace faultline::peers
