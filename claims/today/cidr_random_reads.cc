// Random reads of a file four times as large as memory: one experiment, and what the paper of 2022
// says about it.
//
// Crotty, Leis and Pavlo, "Are You Sure You Want to Use MMAP in Your Database Management System?",
// CIDR 2022; their figures from a file of 2 TB, about 100 GB of memory, 100 threads, Linux 5.11.
#include <algorithm>
#include <functional>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "claims/today/published.h"
#include "harness/base/error.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/report/stages.h"

namespace faultline::cidr_random_reads {
namespace {

constexpr const char* kExperiment = "C01";

constexpr const char* kDirect = "direct";
constexpr const char* kMapped = "mapped";
constexpr const char* kBuffered = "buffered";
constexpr const char* kPool = "buffer-pool";

// 100 GB filled at 895,000 pages a second take 28 s, of which a stall of 3 s is a ninth.
constexpr double kPublishedStallShare = 0.11;
// Throughput of direct reads against mapped ones when memory is full.
constexpr double kPublishedSlowdown = 2;
// 1 to 2 million shootdowns a second at about 450,000 reads: two to four for each read.
constexpr double kPublishedShootdowns = 2;

Pressure PressureOf(const Laboratory& laboratory) {
  const std::uint64_t limit = laboratory.Count<std::uint64_t>(256, 64) << 20;
  return {.file_bytes = 4 * limit,
          .limit_bytes = limit,
          .record_bytes = 4096,
          // Memory is full after about an eighth more reads than it has pages.
          .operations = limit / 4096 * laboratory.Count<std::uint64_t>(3, 2),
          .threads = BusyThreads(),
          .timeline = true};
}

double NsPerOperation(const Stage& stage) {
  return stage.seconds() * 1e9 / static_cast<double>(stage.operations);
}

// The whole, and what can be told of its stages: `filling` and `steady`, where memory became full;
// `late`, the last half of the operations.
Cost CostOf(const Measurement& measurement) {
  Cost cost = AcceptedNs(measurement);
  if (const auto stages = FindStages(measurement.timeline)) {
    if (stages->filling && stages->filling->operations > 0) {
      cost.parts["filling"] = NsPerOperation(*stages->filling);
    }
    if (stages->steady && stages->steady->operations > 0) {
      cost.parts["steady"] = NsPerOperation(*stages->steady);
    }
  }
  if (const auto late = LateNs(measurement)) cost.parts["late"] = *late;
  return cost;
}

// Of the repetitions of the mapped reads.
struct MappedStages {
  std::vector<double> filling_seconds;
  std::vector<double> stall_seconds;  // 0 where there was none
  std::vector<double> filling_shootdowns;
  std::vector<double> steady_shootdowns;  // for each read, as the one above
  std::vector<double> shootdowns_per_eviction;

  void Add(const Measurement& measurement) {
    if (measurement.status == Status::kDisturbed) return;  // others' interrupts count, too
    const auto stages = FindStages(measurement.timeline);
    if (!stages || !stages->filling || !stages->steady) return;
    filling_seconds.push_back(stages->filling->seconds());
    stall_seconds.push_back(stages->stall ? stages->stall->seconds() : 0);
    AddShare(*stages->filling, stages->filling->operations, filling_shootdowns);
    AddShare(*stages->steady, stages->steady->operations, steady_shootdowns);
    AddShare(*stages->steady, stages->steady->totals.at("reclaimed_pages"),
             shootdowns_per_eviction);
  }

 private:
  static void AddShare(const Stage& stage, CounterValue of, std::vector<double>& shares) {
    const auto found = stage.totals.find("tlb_shootdowns");
    if (found == stage.totals.end() || !found->second || !of || *of == 0) return;
    shares.push_back(static_cast<double>(*found->second) / static_cast<double>(*of));
  }
};

void EnterMedian(const std::string& name, const std::vector<double>& values, Evidence& evidence) {
  if (!values.empty()) evidence.figures[name] = Median(values);
}

Curve OverTime(const std::string& label, const std::vector<TimelineRow>& rows) {
  Curve curve{label, {}};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double seconds = rows[i].seconds - rows[i - 1].seconds;
    if (seconds <= 0) continue;
    curve.points.push_back(
        {.x = rows[i].seconds,
         .y = static_cast<double>(rows[i].operations - rows[i - 1].operations) / seconds});
  }
  return curve;
}

Evidence Experiment(const Laboratory& laboratory) {
  const Pressure pressure = PressureOf(laboratory);
  const std::vector<std::pair<std::string, std::string>> ways = {
      {kDirect, "direct"},
      {kMapped, "mmap-view:advice=random"},
      {kBuffered, "read-write"},
      {kPool, Concat("buffer-pool:memory=", FormatSize(PoolBytes(pressure.limit_bytes)))}};
  const Dataset dataset =
      DatasetFor(PressureTrial(laboratory, pressure, "mmap-view:advice=random"));
  MappedStages stages;
  std::map<std::string, std::vector<TimelineRow>> timelines;
  std::vector<Arm> arms;
  for (const auto& [name, strategy] : ways) {
    arms.push_back(TrialArm(name, PressureTrial(laboratory, pressure, strategy), dataset,
                            [&, name = name](const Measurement& measurement) {
                              if (name == kMapped) stages.Add(measurement);
                              timelines[name] = measurement.timeline;
                              return CostOf(measurement);
                            }));
  }
  const Comparison comparison(arms, 3);
  Evidence evidence;
  const auto part = [](const char* arm, const char* stage) { return Concat(arm, "/", stage); };
  const std::string mapped_steady = part(kMapped, "steady");
  // A device may be so fast that the timeline shows no such stage.
  const auto enter = [&](const char* name, const std::string& above, const std::string& below) {
    if (comparison.Has(above) && comparison.Has(below)) {
      comparison.Enter(name, above, below, evidence);
    }
  };
  enter("filling_throughput", kDirect, part(kMapped, "filling"));
  enter("slowdown_when_full", mapped_steady, part(kDirect, "late"));
  enter("pool_throughput", mapped_steady, part(kPool, "late"));
  enter("buffered_throughput", mapped_steady, part(kBuffered, "steady"));
  comparison.EnterCosts("", "ns", evidence);
  evidence.figures["undisturbed_repetitions"] = static_cast<double>(stages.filling_seconds.size());
  EnterMedian("filling_seconds", stages.filling_seconds, evidence);
  EnterMedian("stall_seconds", stages.stall_seconds, evidence);
  evidence.figures["timeline_seconds"] = kTimelineSeconds;
  EnterMedian("shootdowns_per_read_while_filling", stages.filling_shootdowns, evidence);
  EnterMedian("shootdowns_per_read_when_full", stages.steady_shootdowns, evidence);
  EnterMedian("shootdowns_per_evicted_page", stages.shootdowns_per_eviction, evidence);
  Chart chart{.name = "throughput_over_time",
              .title = Concat("Random reads of a file of ", FormatSize(pressure.file_bytes),
                              " within ", FormatSize(pressure.limit_bytes), " of memory"),
              .x = {.label = "time", .unit = "seconds"},
              .y = {.label = "reads per second", .unit = "count"},
              .reading = "",
              .curves = {}};
  for (const auto& [name, strategy] : ways) {
    chart.curves.push_back(OverTime(name, timelines[name]));
  }
  const auto rate = [&](const std::string& arm) {
    return comparison.Has(arm) ? FormatSignificant(1e6 / comparison.MedianCost(arm).median)
                               : "an unknown number of";
  };
  chart.reading =
      Concat("Mapped reads ran at ", rate(part(kMapped, "filling")),
             " thousand/s while memory filled, then at ", rate(mapped_steady), "; direct ones at ",
             rate(kDirect), ", a buffer pool's at ", rate(part(kPool, "late")), ".");
  evidence.charts.push_back(std::move(chart));
  evidence.regime = Concat(PressureText(laboratory, pressure), ", random advice");
  return evidence;
}

Judgement JudgeFilling(const Evidence& evidence) {
  return JudgeAsFast(evidence, "filling_throughput",
                     "mapped reads' throughput against direct ones'");
}

std::optional<Judgement> TooFewStages(const Evidence& evidence) {
  const double repetitions = evidence.Figure("undisturbed_repetitions");
  if (repetitions >= static_cast<double>(kFewestForVerdict)) return std::nullopt;
  return Judgement{Outcome::kInconclusive,
                   Concat("memory became full in ", repetitions, " undisturbed repetitions only")};
}

Judgement JudgeStall(const Evidence& evidence) {
  if (const auto few = TooFewStages(evidence)) return *few;
  const double filling = evidence.Figure("filling_seconds");
  const double stall = evidence.Figure("stall_seconds");
  const double least = filling * kPublishedStallShare / 2;
  const std::string deciding =
      Concat("stalled ", FormatSeconds(stall), " after filling for ", FormatSeconds(filling));
  if (stall >= least && stall > 0) return {Outcome::kHolds, deciding};
  const bool seen = least >= evidence.Figure("timeline_seconds");
  return {seen ? Outcome::kDoesNotHold : Outcome::kInconclusive,
          seen ? deciding : Concat(deciding, "; too short a time to show a stall in proportion")};
}

Judgement JudgeWhenFull(const Evidence& evidence) {
  return JudgeEffect(evidence, "slowdown_when_full", kPublishedSlowdown,
                     "direct reads' throughput against mapped ones'");
}

Judgement JudgeShootdowns(const Evidence& evidence) {
  if (const auto few = TooFewStages(evidence)) return *few;
  if (!evidence.figures.contains("shootdowns_per_read_when_full") ||
      !evidence.figures.contains("shootdowns_per_read_while_filling")) {
    return {Outcome::kInconclusive, "this system doesn't count shootdowns"};
  }
  const double before = evidence.Figure("shootdowns_per_read_while_filling");
  const double after = evidence.Figure("shootdowns_per_read_when_full");
  const bool holds = after >= kPublishedShootdowns / 2 && before <= 0.1 * after;
  return {holds ? Outcome::kHolds : Outcome::kDoesNotHold,
          Concat(FormatSignificant(before), " shootdowns for each read while memory fills, ",
                 FormatSignificant(after), " then")};
}

// Faster than mapped reads, or not.
std::function<Judgement(const Evidence&)> JudgeFaster(const char* name, const char* what) {
  return [=](const Evidence& evidence) {
    return JudgeAbove(evidence, name, 1, Concat(what, " throughput against mapped reads'"));
  };
}

const Registration<ClaimInfo> kFilling{{
    .name = kExperiment,
    .title = "Until memory is full, mapped random reads are as fast as direct ones",
    .source = kCidr2022,
    .section = "4.1",
    .published = "894,000 against 895,000 reads/s",
    .method = "Random reads of pages of a file four times as large as the memory limit, by many "
              "threads, mapped with random advice, direct, buffered and through a buffer pool, "
              "mixed. Memory is full when the system first takes pages back. Holds if mapped reads "
              "have 0.9 of direct reads' throughput before.",
    .why = "Both wait for one device read a page; a fault costs the processor more than a system "
           "call does, which shows where the device is fast and processors are few.",
    .effort = 150,
    .experiment = Experiment,
    .judge = JudgeFilling,
}};

const Registration<ClaimInfo> kStall{{
    .name = "C02",
    .title = "When memory becomes full, mapped reads stop for a while",
    .source = kCidr2022,
    .section = "4.1",
    .published = "0 reads/s for 3 s or more, a ninth of the time of filling",
    .method =
        "On the evidence of C01: the longest time after filling at under a tenth of its rate. "
        "Holds if it lasts half of the published share of the time of filling.",
    .why =
        "The authors' system took pages back in one thread of the kernel until threads had to do "
        "it themselves. With a limit of its own each thread takes back its own pages at once.",
    .evidence_of = kExperiment,
    .judge = JudgeStall,
}};

const Registration<ClaimInfo> kWhenFull{{
    .name = "C03",
    .title = "Then mapped reads have half of direct reads' throughput",
    .source = kCidr2022,
    .section = "4.1",
    .published = "about 2x",
    .method = "On the evidence of C01: direct reads' throughput against mapped reads' once memory "
              "is full. Holds from half of the published effect on (1.4x).",
    .why = "A page that comes evicts another: its entry in the page table goes, and processors are "
           "told. Mapped reads also find what memory still holds, a quarter here, where direct "
           "reads always read.",
    .evidence_of = kExperiment,
    .judge = JudgeWhenFull,
}};

const Registration<ClaimInfo> kShootdowns{{
    .name = "C04",
    .title = "Shootdowns begin when memory is full",
    .source = kCidr2022,
    .section = "4.1",
    .published = "almost none, then 1 to 2 million/s: 2 to 4 for each read",
    .method = "On the evidence of C01: interrupts for shootdowns, of the whole machine, for each "
              "mapped read. Holds if there is one or more for a read when memory is full, and less "
              "than a tenth of that before.",
    .why = "Evicting a mapped page makes its translation invalid on every processor that may hold "
           "it. Newer systems gather many pages for one interrupt, and few processors mean few "
           "interrupts.",
    .evidence_of = kExperiment,
    .judge = JudgeShootdowns,
}};

const Registration<ClaimInfo> kOwnPool{{
    .name = "C05",
    .title = "When memory is full, a buffer pool of the program's own is faster than a mapping",
    .source = kCidr2022,
    .section = "6",
    .published = "concluded, with no buffer pool among the measured",
    .method = "On the evidence of C01, which has the pool: the throughput of its last half against "
              "that of mapped reads when memory is full. Its frames and the process fit into the "
              "same limit. Holds above 1.",
    .why =
        "The pool evicts by its own clock, without page tables and other processors; the program "
        "pays for a lookup and a call for each page that is missing.",
    .evidence_of = kExperiment,
    .judge = JudgeFaster("pool_throughput", "the buffer pool's"),
}};

const Registration<ClaimInfo> kBufferedReads{{
    .name = "C06",
    .title = "When memory is full, buffered reads are faster than mapped ones",
    .source = kCidr2022,
    .section = "4.1",
    .published = "not measured: direct reads only",
    .method = "On the evidence of C01, which has them: throughput of both once memory is full. "
              "Holds above 1.",
    .why = "Both use the system's cache and its eviction; calls copy and need no page tables.",
    .evidence_of = kExperiment,
    .judge = JudgeFaster("buffered_throughput", "buffered reads'"),
}};

}  // namespace
}  // namespace faultline::cidr_random_reads
