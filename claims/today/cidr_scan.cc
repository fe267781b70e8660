// Sequential scans, of a file that memory holds and of one that it doesn't.
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "claims/today/published.h"
#include "harness/base/size.h"
#include "harness/base/text.h"

namespace faultline::cidr_scan {
namespace {

constexpr const char* kExperiment = "C09";
constexpr double kPublishedSlowdown = 2.5;

// One scan of a cold file. The direct one keeps several requests under way, as the paper's did.
Pressure ScanOf(std::uint64_t file_bytes, std::uint64_t limit_bytes) {
  return {.file_bytes = file_bytes,
          .limit_bytes = limit_bytes,
          .record_bytes = std::uint64_t{64} << 10,
          .operations = file_bytes >> 16,
          .workload = "sequential-read"};
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t limit = laboratory.Count<std::uint64_t>(256, 64) << 20;
  const Pressure small = ScanOf(limit / 2, limit);
  const Pressure large = ScanOf(4 * limit, limit);
  const Dataset small_data = DatasetFor(PressureTrial(laboratory, small, "mmap-view"));
  const Dataset large_data = DatasetFor(PressureTrial(laboratory, large, "mmap-view"));
  const auto arm = [&](const std::string& name, const std::string& strategy,
                       const Pressure& pressure, const Dataset& dataset) {
    return TrialArm(name, PressureTrial(laboratory, pressure, strategy), dataset, AcceptedNs);
  };
  const char* const mapped = "mmap-view:advice=sequential";
  const char* const direct = "io-uring:direct=on,depth=32";
  const Comparison comparison(laboratory,
                              {arm("direct_small", direct, small, small_data),
                               arm("mapped_small", mapped, small, small_data),
                               arm("direct_large", direct, large, large_data),
                               arm("mapped_large", mapped, large, large_data),
                               arm("buffered_large", "read-write", large, large_data)},
                              verdict::kFewestRounds);
  Evidence evidence;
  comparison.Enter({{"throughput_within_memory", "direct_small", "mapped_small"},
                    {"slowdown_beyond_memory", "mapped_large", "direct_large"},
                    {"slowdown_of_buffered", "buffered_large", "direct_large"}},
                   evidence);
  comparison.EnterCosts("", "ns", evidence);
  evidence.regime = fmt::format("{} and one of {}; sequential advice, 32 direct requests",
                                PressureText(laboratory, large), FormatSize(small.file_bytes));
  return evidence;
}

Judgement JudgeWithin(const Evidence& evidence) {
  return JudgeAsFast(evidence, "throughput_within_memory",
                     "a mapped scan's throughput against a direct one's");
}

Judgement JudgeBeyond(const Evidence& evidence) {
  return JudgeEffect(evidence, "slowdown_beyond_memory", kPublishedSlowdown,
                     "a direct scan's throughput against a mapped one's");
}

const Registration<ClaimInfo> kWithin{{
    .name = kExperiment,
    .title = "Until memory is full, a mapped scan is about as fast as a direct one",
    .source = kCidr2022,
    .section = "4.2",
    .published = "about 3 GB/s both",
    .method =
        "One sequential scan of a cold file of half the memory limit, mapped with sequential "
        "advice and by 32 direct requests under way, in rounds. Holds if the mapped scan has 0.9 "
        "of the direct one's throughput.",
    .why = "Read-ahead asks for the next part before it is needed. One thread that takes the "
           "faults and reads ahead by itself keeps fewer requests under way than 32.",
    .relative_duration = 40,
    .experiment = Experiment,
    .judge = JudgeWithin,
}};

const Registration<ClaimInfo> kBeyond{{
    .name = "C10",
    .title = "When memory is full, a mapped scan is 2.5 times slower than a direct one",
    .source = kCidr2022,
    .section = "4.2",
    .published = "about 2.5x",
    .method =
        "On the evidence of C09: the same for a file of four times the memory limit, the first "
        "quarter of which fills memory. Holds "
        "from half of the published effect on (1.6x).",
    .why = "Each page that comes evicts another, on the processor that waits for it; a direct scan "
           "evicts nothing.",
    .evidence_of = kExperiment,
    .judge = JudgeBeyond,
}};

}  // namespace
}  // namespace faultline::cidr_scan
