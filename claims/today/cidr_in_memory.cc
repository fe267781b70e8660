// Data that fits into memory and is only read.
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "claims/today/published.h"
#include "harness/base/size.h"
#include "harness/base/text.h"

namespace faultline::cidr_in_memory {
namespace {

// Everything is read once before it counts, so that a pool of the program's own is warm as well.
Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t bytes = laboratory.Count<std::uint64_t>(256, 64) << 20;
  const Pressure pressure = {.file_bytes = bytes,
                             .record_bytes = 8,
                             .operations = 4 * bytes / 4096,
                             .passes = 4,
                             .cache = CacheState::kPaged};
  const Dataset dataset = DatasetFor(PressureTrial(laboratory, pressure, "mmap-view"));
  const auto arm = [&](const std::string& name, const std::string& strategy) {
    return TrialArm(name, PressureTrial(laboratory, pressure, strategy), dataset, SteadyNs);
  };
  const Comparison comparison(
      laboratory,
      {arm("mapped", "mmap-view"), arm("buffered", "read-write"),
       arm("buffer_pool", fmt::format("buffer-pool:memory={}", FormatSize(2 * bytes)))},
      8);
  Evidence evidence;
  comparison.Enter({{"throughput_against_buffered", "buffered", "mapped"},
                    {"throughput_against_pool", "buffer_pool", "mapped"}},
                   evidence);
  comparison.EnterCosts("", "ns", evidence);
  evidence.regime = fmt::format("{}, random reads, every page touched before",
                                PressureText(laboratory, pressure));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const Judgement calls = JudgeAsFast(evidence, "throughput_against_buffered",
                                      "mapped reads' throughput against buffered ones'");
  const Judgement pool =
      JudgeAsFast(evidence, "throughput_against_pool", "against a warm buffer pool's");
  const std::string deciding = fmt::format("{}; {}", calls.deciding, pool.deciding);
  if (calls.outcome == pool.outcome) return {calls.outcome, deciding};
  const bool refuted =
      calls.outcome == Outcome::kDoesNotHold || pool.outcome == Outcome::kDoesNotHold;
  return {refuted ? Outcome::kDoesNotHold : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "C11",
    .title = "What fits into memory and is only read is well mapped",
    .source = kCidr2022,
    .section = "6",
    .published = "the one case in which they would map",
    .method = "Random words of a file that is in memory, four for each of its pages, after a pass "
              "that brings them into the page table and a pool's frames. Holds if mapped reads "
              "have 0.9 of "
              "the throughput of buffered ones and of a buffer pool.",
    .why = "Once in the page table a page costs a translation, and neither a call nor a lookup.",
    .relative_duration = 12,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::cidr_in_memory
