// What a mapping without advice reads for each page that is asked for: one experiment, and what two
// publications say about it.
//
// Crotty, Leis and Pavlo, CIDR 2022: 19 times slower than direct reads from the first second on, by
// 30 times the bytes. RocksDB's issue 9931 (2022): random queries on 900 GB with 256 GB of memory
// and 32 threads read 7.6 KB each by calls, 1,133.9 KB mapped, at 275,519 and 5,543 queries/s.
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "claims/today/published.h"
#include "faultline/error.h"
#include "harness/base/size.h"
#include "harness/base/text.h"

namespace faultline::default_advice {
namespace {

constexpr const char* kRocksDb = "RocksDB, issue 9931, 2022";
constexpr const char* kExperiment = "C07";

constexpr const char* kAmplificationFact = "read_amplification";

constexpr double kPublishedSlowdown = 19;
constexpr double kPublishedAmplification = 30;
constexpr double kPublishedBytes = 149;
constexpr double kPublishedQueries = 49.7;

Pressure PressureOf(const Laboratory& laboratory) {
  return {.file_bytes = std::uint64_t{1} << 30,
          .record_bytes = 4096,
          .operations = laboratory.Count<std::uint64_t>(8000, 4000),
          .threads = BusyThreads()};
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t read_ahead = ReadAheadBytes(laboratory);
  const Pressure pressure = PressureOf(laboratory);
  // Pages that were not asked for must seldom be found in memory later on: together these bring a
  // quarter of the file at most, or little more.
  const Pressure few = FewerReads(pressure, read_ahead, 0.25);
  const Dataset dataset = DatasetFor(PressureTrial(laboratory, pressure, "mmap-view"));
  const auto arm = [&](const std::string& name, const Pressure& reads,
                       const std::string& strategy) {
    return TrialArm(name, PressureTrial(laboratory, reads, strategy), dataset,
                    [](const Measurement& measurement) {
                      Cost cost = AcceptedNs(measurement);
                      cost.facts[kAmplificationFact] = ReadAmplification(measurement);
                      return cost;
                    });
  };
  const Comparison comparison(
      laboratory,
      {arm("direct", pressure, "direct"), arm("buffered", pressure, "read-write"),
       arm("mapped", few, "mmap-view"),
       arm("mapped, random advice", pressure, "mmap-view:advice=random"),
       arm("mapped, sequential advice", few, "mmap-view:advice=sequential")},
      verdict::kFewestRounds);
  const auto bytes = [](const char* of) { return fmt::format("{}/{}", of, kAmplificationFact); };
  Evidence evidence;
  comparison.Enter({{"slowdown_against_direct", "mapped", "direct"},
                    {"slowdown_against_buffered", "mapped", "buffered"},
                    {"slowdown_of_sequential_advice", "mapped, sequential advice", "direct"},
                    {"slowdown_of_random_advice", "mapped, random advice", "direct"},
                    {"read_amplification_against_buffered", bytes("mapped"), bytes("buffered")}},
                   evidence);
  for (const auto& [name, of] :
       {std::pair("read_amplification", "mapped"),
        std::pair("read_amplification_of_direct", "direct"),
        std::pair("read_amplification_of_buffered", "buffered"),
        std::pair("read_amplification_with_random_advice", "mapped, random advice"),
        std::pair("read_amplification_with_sequential_advice", "mapped, sequential advice")}) {
    comparison.EnterMedian(name, bytes(of), evidence);
  }
  evidence.figures["read_ahead_bytes"] = static_cast<double>(read_ahead);
  evidence.regime =
      fmt::format("{}, {} random reads without advice, read-ahead of {}",
                  PressureText(laboratory, pressure), few.operations, FormatSize(read_ahead));
  return evidence;
}

Judgement JudgeSlowdown(const Evidence& evidence) {
  return JudgeEffect(evidence, "slowdown_against_direct", kPublishedSlowdown,
                     "direct reads' throughput against mapped ones'");
}

Judgement JudgeAmplification(const Evidence& evidence) {
  return JudgeEffect(evidence, "read_amplification", kPublishedAmplification,
                     "bytes read for each that was asked for");
}

Judgement JudgeBytesOfQueries(const Evidence& evidence) {
  if (evidence.Figure("read_amplification_of_buffered") <= 0) {
    return {Outcome::kInconclusive, "buffered reads came from no storage"};
  }
  return JudgeEffect(evidence, "read_amplification_against_buffered", kPublishedBytes,
                     "mapped reads' bytes against buffered ones'");
}

Judgement JudgeQueries(const Evidence& evidence) {
  return JudgeEffect(evidence, "slowdown_against_buffered", kPublishedQueries,
                     "buffered reads' throughput against mapped ones'");
}

constexpr const char* kWhy =
    "Without advice a fault reads up to the device's read-ahead, a setting of each device, and "
    "random reads use one page of it. How much slower that is, is up to the device: one with "
    "bandwidth to spare hides a part.";

const Registration<ClaimInfo> kSlowdown{{
    .name = kExperiment,
    .title = "Random reads through a mapping without advice are many times slower than direct ones",
    .source = kCidr2022,
    .section = "4.1",
    .published = "19x slower from the first second on",
    .method =
        "Random reads of pages of a cold file, before memory is short and so few that hardly "
        "one finds its page, by many threads, in rounds. Holds from half of the published effect "
        "on (4.4x).",
    .why = kWhy,
    .relative_duration = 12,
    .experiment = Experiment,
    .judge = JudgeSlowdown,
}};

const Registration<ClaimInfo> kAmplification{{
    .name = "C08",
    .title = "… because of the bytes that they read and don't need",
    .source = kCidr2022,
    .section = "4.1",
    .published = "30x the bytes",
    .method = "On the evidence of C07: bytes that the mapped reads brought from storage for each "
              "that was asked for. Holds from half of the published effect on (5.5x).",
    .why = kWhy,
    .evidence_of = kExperiment,
    .judge = JudgeAmplification,
}};

const Registration<ClaimInfo> kBytesOfQueries{{
    .name = "R01",
    .title = "A query on a mapped file moves a hundred times the bytes of one by calls",
    .source = kRocksDb,
    .section = "description",
    .published = "1,133.9 KB against 7.6 KB a query: 149x",
    .method = "On the evidence of C07: bytes from storage for a mapped read without advice against "
              "those of a buffered one. Holds from half of the published effect on (12.2x).",
    .why = "A query there touches several blocks, and that machine's read-ahead brought 100 KB a "
           "request; here it is one page, and this device's read-ahead. Since 2022 RocksDB gives "
           "advice.",
    .evidence_of = kExperiment,
    .judge = JudgeBytesOfQueries,
}};

const Registration<ClaimInfo> kQueries{{
    .name = "R02",
    .title = "… and so has a fiftieth of its throughput",
    .source = kRocksDb,
    .section = "description",
    .published = "5,543 against 275,519 queries/s: 50x",
    .method = "On the evidence of C07: buffered reads' throughput against that of mapped ones "
              "without advice. Holds from half of the published effect on (7x).",
    .why = "Where the device's bandwidth is used up, throughput falls as the bytes grow (that "
           "device moved 6.1 GB/s); below that, it falls by the longer transfer alone.",
    .evidence_of = kExperiment,
    .judge = JudgeQueries,
}};

}  // namespace
}  // namespace faultline::default_advice
