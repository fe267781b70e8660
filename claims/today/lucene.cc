// What users of Lucene measured of mapped and positioned reads: its issue 16044 (2026), 16 KiB a
// read, a file of 16 GB (in memory) to 64 GB, 16 threads on 16 processors.
#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "claims/today/published.h"
#include "faultline/error.h"
#include "harness/os/system_info.h"

namespace faultline::lucene {
namespace {

constexpr const char* kSource = "Lucene, issue 16044, 2026";

constexpr double kPublishedWarm = 6.5;
constexpr double kPublishedAtMemory = 2;
constexpr double kPublishedAtTwice = 3.4;

enum class Winner { kMapped, kPositioned };

// Random reads through a mapping without advice and by calls: after a first pass over the same, or
// where there is one pass only, by its last half. The throughput of one against the other's as
// `ratio`, and the same with random advice.
Evidence Compare(const Laboratory& laboratory, const Pressure& pressure, Winner winner) {
  const Dataset dataset = DatasetFor(PressureTrial(laboratory, pressure, "mmap-view"));
  const auto arm = [&](const std::string& name, const Pressure& reads,
                       const std::string& strategy) {
    return TrialArm(name, PressureTrial(laboratory, reads, strategy), dataset,
                    [steady = reads.passes > 1](const Measurement& measurement) {
                      if (steady) return SteadyNs(measurement);
                      const auto late = LateNs(measurement);
                      if (!late) throw UnsupportedError("too fast for the trial's time series");
                      Cost cost = AcceptedNs(measurement);
                      cost.value = *late;
                      return cost;
                    });
  };
  // Beyond memory each of these may bring a whole read-ahead. Few fill memory, and many would take
  // minutes.
  const Pressure unadvised =
      pressure.limit_bytes == 0 ? pressure : FewerReads(pressure, ReadAheadBytes(laboratory), 64);
  const Comparison comparison(
      laboratory,
      {arm("positioned", pressure, "read-write"), arm("mapped", unadvised, "mmap-view"),
       arm("mapped_with_random_advice", pressure, "mmap-view:advice=random")},
      verdict::kFewestRounds);
  Evidence evidence;
  const auto ratio = [&](const char* name, const char* mapped) {
    const bool mapped_wins = winner == Winner::kMapped;
    return RatioToEnter{name, mapped_wins ? "positioned" : mapped,
                        mapped_wins ? mapped : "positioned"};
  };
  comparison.Enter(
      {ratio("ratio", "mapped"), ratio("ratio_with_random_advice", "mapped_with_random_advice")},
      evidence);
  comparison.EnterCosts("", "ns", evidence);
  evidence.regime = fmt::format("{}, random reads", PressureText(laboratory, pressure));
  return evidence;
}

constexpr std::uint64_t kRecordBytes = std::uint64_t{16} << 10;

Pressure Warm(const Laboratory& laboratory) {
  const std::uint64_t file = laboratory.Count<std::uint64_t>(256, 64) << 20;
  return {.file_bytes = file,
          .record_bytes = kRecordBytes,
          .operations = 2 * file / kRecordBytes,
          .passes = 4,
          .threads = os::ProcessorCount(),
          .cache = CacheState::kStreamed};
}

// With memory for one part of the file in `parts`.
Pressure Beyond(const Laboratory& laboratory, std::uint64_t parts) {
  const std::uint64_t file = laboratory.Count<std::uint64_t>(256, 64) << 20;
  const std::uint64_t limit = file / parts;
  // All read-aheads under way must be a small part of memory, as they were in what was published.
  const std::uint64_t threads = limit / 8 / ReadAheadBytes(laboratory);
  return {.file_bytes = file,
          .limit_bytes = limit,
          .record_bytes = kRecordBytes,
          .operations = laboratory.Count(4, 8) * file / kRecordBytes,  // memory is full after half
          .threads = std::clamp<std::uint64_t>(threads, 1, BusyThreads())};
}

std::function<Judgement(const Evidence&)> Judge(double published, const char* what) {
  return [=](const Evidence& evidence) { return JudgeEffect(evidence, "ratio", published, what); };
}

const Registration<ClaimInfo> kWarm{{
    .name = "L01",
    .title = "Warm, mapped reads are several times faster than positioned ones",
    .source = kSource,
    .section = "case 1",
    .published = "6.5x by 16 threads on 16 processors, 2.6x by one",
    .method =
        "Random reads of 16 KiB of a file that is in memory, the first pass left out, by a "
        "thread for each processor, in rounds. Holds from half of the published effect on (2.5x).",
    .why = "A mapped read is loads; a call copies 16 KiB first. The less is done with the bytes "
           "then, the larger is the difference.",
    .relative_duration = 10,
    .experiment =
        [](const Laboratory& laboratory) {
          return Compare(laboratory, Warm(laboratory), Winner::kMapped);
        },
    .judge = Judge(kPublishedWarm, "mapped reads' throughput against positioned ones'"),
}};

const Registration<ClaimInfo> kAtMemory{{
    .name = "L02",
    .title = "When the data are as large as memory, positioned reads are twice as fast",
    .source = kSource,
    .section = "case 2",
    .published = "2x",
    .method =
        "Random reads of 16 KiB of a file as large as the memory limit, mapped without advice "
        "and by calls, by as many threads as leave room for their read-ahead, once memory is "
        "full, in rounds. Holds from half of "
        "the published effect on (1.4x).",
    .why = "A fault without advice brings its neighbourhood, and evicts what will be needed.",
    .relative_duration = 15,
    .experiment =
        [](const Laboratory& laboratory) {
          return Compare(laboratory, Beyond(laboratory, 1), Winner::kPositioned);
        },
    .judge = Judge(kPublishedAtMemory, "positioned reads' throughput against mapped ones'"),
}};

const Registration<ClaimInfo> kAtTwice{{
    .name = "L03",
    .title = "When the data are twice as large as memory, more than three times as fast",
    .source = kSource,
    .section = "case 3",
    .published = "3.4x",
    .method = "As L02, with half of the memory. Holds from half of the published effect on (1.8x).",
    .why = "More misses, each of which brings its neighbourhood; with random advice mapped reads "
           "bring what calls bring.",
    .relative_duration = 15,
    .experiment =
        [](const Laboratory& laboratory) {
          return Compare(laboratory, Beyond(laboratory, 2), Winner::kPositioned);
        },
    .judge = Judge(kPublishedAtTwice, "positioned reads' throughput against mapped ones'"),
}};

}  // namespace
}  // namespace faultline::lucene
