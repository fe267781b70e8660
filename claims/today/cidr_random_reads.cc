// Random reads of a file four times as large as memory: one experiment, and what the paper of 2022
// says about it.
//
// Crotty, Leis and Pavlo, "Are You Sure You Want to Use MMAP in Your Database Management System?",
// CIDR 2022; their figures from a file of 2 TB, about 100 GB of memory, 100 threads, Linux 5.11.
#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <tuple>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "claims/today/published.h"
#include "faultline/error.h"
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
constexpr double kBefore = 0.1;  // of these: the most that is almost none
constexpr const char* kShootdowns = "tlb_shootdowns";

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

double NsPerOperation(const document::Stage& stage) {
  return stage.seconds * 1e9 / static_cast<double>(stage.operations);
}

// `of` for each of the others; nothing where either isn't known.
std::optional<double> Share(const Counters& totals, const char* of, CounterValue others) {
  const auto found = totals.find(of);
  if (found == totals.end() || !found->second || !others || *others == 0) return std::nullopt;
  return static_cast<double>(*found->second) / static_cast<double>(*others);
}

void EnterFact(const char* name, std::optional<double> value, Cost& cost) {
  if (value) cost.facts[name] = *value;
}

// What only repetitions show in which memory became full.
void EnterStages(const document::Stages& stages, Cost& cost) {
  if (stages.filling && stages.filling->operations > 0) {
    cost.parts["filling"] = NsPerOperation(*stages.filling);
  }
  if (stages.steady && stages.steady->operations > 0) {
    cost.parts["steady"] = NsPerOperation(*stages.steady);
  }
  if (!stages.filling || !stages.steady) return;
  const double filling = stages.filling->seconds;
  const double stall = stages.stall ? stages.stall->seconds : 0;
  cost.facts["filling_seconds"] = filling;
  cost.facts["stall_seconds"] = stall;
  if (filling > 0) cost.facts["stall_share"] = stall / filling;
  const document::Stage& steady = *stages.steady;
  EnterFact("filling_shootdowns",
            Share(stages.filling->totals, kShootdowns, stages.filling->operations), cost);
  EnterFact("steady_shootdowns", Share(steady.totals, kShootdowns, steady.operations), cost);
  const auto evicted = steady.totals.find("reclaimed_pages");
  if (evicted != steady.totals.end()) {
    EnterFact("evicting_shootdowns", Share(steady.totals, kShootdowns, evicted->second), cost);
  }
}

// Of the whole machine, while the repetition ran.
std::optional<double> ShootdownsPerSecond(const Measurement& measurement) {
  const auto& rows = measurement.timeline;
  if (rows.size() < 2 || rows.back().seconds <= rows.front().seconds) return std::nullopt;
  const auto at = [](const TimelineRow& row) {
    const auto found = row.counters.find(kShootdowns);
    return found == row.counters.end() ? CounterValue{} : found->second;
  };
  const CounterValue first = at(rows.front());
  const CounterValue last = at(rows.back());
  if (!first || !last || *last < *first) return std::nullopt;
  return static_cast<double>(*last - *first) / (rows.back().seconds - rows.front().seconds);
}

// The whole, and what can be told of its stages: `filling` and `steady`, where memory became full;
// `late`, the last half of the operations.
Cost CostOf(const Measurement& measurement) {
  Cost cost = AcceptedNs(measurement);
  if (const auto stages = FindStages(measurement.timeline)) EnterStages(*stages, cost);
  if (const auto late = LateNs(measurement)) cost.parts["late"] = *late;
  EnterFact("shootdowns_a_second", ShootdownsPerSecond(measurement), cost);
  return cost;
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
      {kPool, fmt::format("buffer-pool:memory={}", FormatSize(PoolBytes(pressure.limit_bytes)))}};
  const Dataset dataset =
      DatasetFor(PressureTrial(laboratory, pressure, "mmap-view:advice=random"));
  std::map<std::string, std::vector<TimelineRow>> timelines;
  std::vector<Arm> arms;
  for (const auto& [name, strategy] : ways) {
    arms.push_back(TrialArm(name, PressureTrial(laboratory, pressure, strategy), dataset,
                            [&, name = name](const Measurement& measurement) {
                              timelines[name] = measurement.timeline;
                              return CostOf(measurement);
                            }));
  }
  const Comparison comparison(laboratory, arms, verdict::kFewestRounds);
  Evidence evidence;
  const auto part = [](const char* arm, const char* stage) {
    return fmt::format("{}/{}", arm, stage);
  };
  const std::string mapped_steady = part(kMapped, "steady");
  // A device may be so fast that the timeline shows no such stage.
  std::vector<RatioToEnter> ratios = {
      {"filling_throughput", kDirect, part(kMapped, "filling")},
      {"slowdown_when_full", mapped_steady, part(kDirect, "late")},
      {"pool_throughput", mapped_steady, part(kPool, "late")},
      {"buffered_throughput", mapped_steady, part(kBuffered, "steady")}};
  std::erase_if(ratios, [&](const RatioToEnter& ratio) {
    return !comparison.Has(ratio.numerator) || !comparison.Has(ratio.denominator);
  });
  comparison.Enter(ratios, evidence);
  comparison.EnterCosts("", "ns", evidence);
  evidence.figures["timeline_seconds"] = kTimelineSeconds;
  for (const auto& [name, arm, fact] :
       {std::tuple("filling_seconds", kMapped, "filling_seconds"),
        std::tuple("stall_seconds", kMapped, "stall_seconds"),
        std::tuple("stall_share", kMapped, "stall_share"),
        std::tuple("shootdowns_per_read_while_filling", kMapped, "filling_shootdowns"),
        std::tuple("shootdowns_per_read_when_full", kMapped, "steady_shootdowns"),
        std::tuple("shootdowns_per_evicted_page", kMapped, "evicting_shootdowns"),
        std::tuple("shootdowns_a_second_of_direct_reads", kDirect, "shootdowns_a_second")}) {
    comparison.EnterMedian(name, part(arm, fact), evidence);
  }
  Chart chart{
      .name = "throughput_over_time",
      .title = fmt::format("Random reads of a file of {} within {} of memory",
                           FormatSize(pressure.file_bytes), FormatSize(pressure.limit_bytes)),
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
  chart.reading = fmt::format(
      "Mapped reads ran at {} thousand/s while memory filled, then at {}; direct ones at {}, a "
      "buffer pool's at {}.",
      rate(part(kMapped, "filling")), rate(mapped_steady), rate(kDirect),
      rate(part(kPool, "late")));
  evidence.charts.push_back(std::move(chart));
  evidence.regime = fmt::format("{}, random advice", PressureText(laboratory, pressure));
  return evidence;
}

Judgement JudgeFilling(const Evidence& evidence) {
  return JudgeAsFast(evidence, "filling_throughput",
                     "mapped reads' throughput against direct ones'");
}

Judgement JudgeStall(const Evidence& evidence) {
  if (!evidence.figures.contains("stall_share")) {
    return {Outcome::kInconclusive, "memory became full in no round that showed it"};
  }
  constexpr double kLeastShare = kPublishedStallShare / 2;
  const double filling = evidence.Figure("filling_seconds");
  const std::string deciding = fmt::format(
      "stalled {} after filling for {}, of it {}", FormatSeconds(evidence.Figure("stall_seconds")),
      FormatSeconds(filling), RatioText(evidence, "stall_share"));
  // Others who use the device meanwhile stop reads, or make filling longer than it is.
  if (WithInterference(evidence, "stall_share")) return {Outcome::kInconclusive, deciding};
  const verdict::Reached reached = AtLeast(evidence, "stall_share", kLeastShare);
  if (reached == verdict::Reached::kYes) return {Outcome::kHolds, deciding};
  const bool seen = filling * kLeastShare >= evidence.Figure("timeline_seconds");
  if (!seen) {
    return {Outcome::kInconclusive,
            fmt::format("{}; too short a time to show a stall in proportion", deciding)};
  }
  const bool excluded = reached == verdict::Reached::kNo;
  return {excluded ? Outcome::kDoesNotHold : Outcome::kInconclusive, deciding};
}

Judgement JudgeWhenFull(const Evidence& evidence) {
  return JudgeEffect(evidence, "slowdown_when_full", kPublishedSlowdown,
                     "direct reads' throughput against mapped ones'");
}

// The counter is the whole machine's. Others' interrupts only add to it, so a count that is small
// is small in any case; one that is large counts for what goes beyond others' pace, which the
// direct reads of the same rounds show: they map nothing.
Judgement JudgeShootdowns(const Evidence& evidence) {
  const char* const filling = "shootdowns_per_read_while_filling";
  const char* const full = "shootdowns_per_read_when_full";
  const char* const others = "shootdowns_a_second_of_direct_reads";
  for (const char* name : {filling, full, others}) {
    if (!evidence.figures.contains(name)) {
      return {Outcome::kInconclusive, "this system counts no shootdowns, or memory was never full"};
    }
  }
  std::string deciding = fmt::format(
      "{} shootdowns for each read while memory fills, {} then; {} a second while nothing was "
      "mapped",
      FormatSignificant(evidence.Figure(filling)), FormatSignificant(evidence.Figure(full)),
      FormatSignificant(evidence.Figure(others)));
  const auto bound = [&](const char* name, const char* end) {
    const auto found = evidence.figures.find(fmt::format("{}{}", name, end));
    return found == evidence.figures.end() ? std::nullopt : std::optional(found->second);
  };
  const auto filling_high = bound(filling, "_high");
  const auto filling_low = bound(filling, "_low");
  const auto full_low = bound(full, "_low");
  const auto full_high = bound(full, "_high");
  const auto others_high = bound(others, "_high");
  if (!filling_high || !full_low || !full_high || !filling_low || !others_high) {
    return {Outcome::kInconclusive, fmt::format("{}, of too few rounds", deciding)};
  }
  const auto others_during = [&](const char* ns) {
    return *others_high * evidence.Figure(ns) / 1e9;
  };
  const double least = *full_low - others_during("mapped_steady_ns");
  if (least >= kPublishedShootdowns / 2 && *filling_high <= kBefore * least) {
    return {Outcome::kHolds, deciding};
  }
  if (*full_high < kPublishedShootdowns / 2 ||
      *filling_low - others_during("mapped_filling_ns") > kBefore * *full_high) {
    return {Outcome::kDoesNotHold, deciding};
  }
  return {Outcome::kInconclusive, deciding};
}

// Faster than mapped reads, or not.
std::function<Judgement(const Evidence&)> JudgeFaster(const char* name, const char* what) {
  return [=](const Evidence& evidence) {
    return JudgeAbove(evidence, name, 1, fmt::format("{} throughput against mapped reads'", what));
  };
}

const Registration<ClaimInfo> kFilling{{
    .name = kExperiment,
    .title = "Until memory is full, mapped random reads are as fast as direct ones",
    .source = kCidr2022,
    .section = "4.1",
    .published = "894,000 against 895,000 reads/s",
    .method =
        "Random reads of pages of a file four times as large as the memory limit, by many "
        "threads, mapped with random advice, direct, buffered and through a buffer pool, "
        "in rounds. Memory is full when the system first takes pages back. Holds if mapped reads "
        "have 0.9 of direct reads' throughput before.",
    .why = "Both wait for one device read a page; a fault costs the processor more than a system "
           "call does, which shows where the device is fast and processors are few.",
    .relative_duration = 150,
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
        "Holds if it lasts half of the published share of the time of filling; inconclusive where "
        "others used the machine in too many rounds.",
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

const Registration<ClaimInfo> kShootdownsBegin{{
    .name = "C04",
    .title = "Shootdowns begin when memory is full",
    .source = kCidr2022,
    .section = "4.1",
    .published = "almost none, then 1 to 2 million/s: 2 to 4 for each read",
    .method =
        "On the evidence of C01: interrupts for shootdowns, of the whole machine, for each "
        "mapped read, beyond those that come at the pace of the direct reads' rounds: these are "
        "others'. Holds if there is one or more for a read when memory is full, and less than "
        "a tenth of that before.",
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
