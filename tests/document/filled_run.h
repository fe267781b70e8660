// A run document in which every field is present, and which the judge could have made.
#pragma once

#include "harness/document/run.h"

namespace faultline::document {

inline os::Facts FilledEnvironment() {
  os::Facts facts;
  for (const char* fact : {"system",
                           "kernel",
                           "architecture",
                           "processor",
                           "virtualization",
                           "file_system",
                           "mount_options",
                           "device",
                           "device_model",
                           "scheduler",
                           "write_cache",
                           "dirty_background_ratio",
                           "dirty_ratio",
                           "dirty_expire",
                           "dirty_writeback",
                           "transparent_huge_pages",
                           "transparent_huge_pages_shared",
                           "overcommit",
                           "swappiness",
                           "multi_generational_reclaim",
                           "c_library",
                           "version",
                           "build_type",
                           "commit",
                           "compiler",
                           "compiler_flags",
                           "sanitizer",
                           "benchmark_library",
                           "plugins"}) {
    facts[fact] = "made up";
  }
  for (const char* number :
       {"processors", "memory_bytes", "memory_limit_in_force", "page_size", "block_size",
        "free_bytes", "device_physical_block_size", "read_ahead_bytes", "swap_bytes"}) {
    facts[number] = "4096";
  }
  facts["rotational"] = "no";
  return facts;
}

inline Repetition FilledRepetition(std::uint64_t round, std::uint64_t order) {
  Counters totals;
  for (const char* total : {"device_read_bytes", "device_write_bytes", "major_faults",
                            "tlb_shootdowns", "reclaimed_pages"}) {
    totals[total] = 3;
  }
  const auto row = [&totals](double seconds, std::uint64_t operations) {
    TimelineRow one{seconds, operations, totals};
    one.counters["cached_pages"] = 5;
    one.counters["dirty_pages"] = std::nullopt;
    one.counters["memory_bytes"] = std::uint64_t{1} << 40;
    return one;
  };
  const auto stage = [&totals](double begin) {
    return Stage{.begin_seconds = begin,
                 .seconds = 0.5,
                 .operations = 100,
                 .operations_per_second = 200,
                 .totals = totals};
  };
  Repetition repetition{
      .round = round,
      .order = order,
      .status = Status::kInterference,
      .error = "waited for a processor",
      .verified = true,
      .operations = 2000,
      .asked = {.read_bytes = 1000, .changed_bytes = 500},
      .accepted_ns = 100.5,
      .durable_ns = 120.25,
      .steady_ns = 90,
      .phases = {},
      .cache = Cache{.state = CacheState::kPaged,
                     .proved = false,
                     .why_not = "two pages were taken away",
                     .cached_pages_before = 29,
                     .cached_pages_after = 31,
                     .total_pages = 31,
                     .source = "cachestat"},
      .memory = Memory{.limit_bytes = 64 << 20,
                       .peak_bytes = 60 << 20,
                       .anonymous_bytes = 20 << 20,
                       .file_bytes = 40 << 20,
                       .limit_hits = 7,
                       .kills = 0,
                       .mechanism = "memory controller, version 2"},
      .latency = Latency{.samples = 3,
                         .timer_ns = 25,
                         .p50 = 2,
                         .p90 = 3,
                         .p99 = 3,
                         .p999 = 3,
                         .max = 3,
                         .bins = {{1, 1, 1}, {2, 2, 1}, {3, 3, 1}}},
      .open_loop = OpenLoop{.late_operations = 4,
                            .due_together = 2,
                            .intended_operations_per_second = 1000,
                            .achieved_operations_per_second = 999.5,
                            .rate_kept = true,
                            .harness_late_ns =
                                HarnessLate{.samples = 9, .p50 = 100, .p99 = 200, .max = 300}},
      .series = {{0.1, 1000}, {0.2, 2000}},
      .timeline = {row(0.1, 900), row(0.2, 2000)},
      .stages = Stages{.filling = stage(0), .stall = stage(0.5), .steady = stage(1)}};
  for (const Phase phase : kPhases) {
    repetition.phases[phase] = {0.25, {{"minor_faults", 100}, {"cycles", std::nullopt}}};
  }
  return repetition;
}

// `copy`: 2 for the second of an A/A pair.
inline Trial FilledTrial(const std::string& strategy, std::uint64_t copy,
                         std::vector<Repetition> repetitions) {
  const std::string twin = copy == 2 ? "#2" : "";
  Trial trial{.id = "section/" + strategy + "/random-update" + twin,
              .section = "section",
              .group = "section: random-update, 1,000 x 125",
              .strategy = {.name = strategy,
                           .spec = strategy,
                           .title = strategy + twin,
                           .durability = Durability::kPeriodic,
                           .flush_period = 12,
                           .calls = "2 per update: pread, pwrite",
                           .copies = "2",
                           .discards = "1: fallocate",
                           .gives_back = true,
                           .plugin = "strategies.so",
                           .effective = {{"every", "10"}}},
              .workload = {.name = "random-update",
                           .spec = "random-update:seed=1",
                           .needs_durability = true,
                           .facts = {{"files", "2"}}},
              .parameters = {.records = 1000,
                             .record_size = 125,
                             .file_bytes = 125000,
                             .operations = 1000,
                             .passes = 2,
                             .threads = 1,
                             .processes = 1,
                             .cache = "paged",
                             .memory_limit_bytes = 64 << 20,
                             .others = {{"arrivals", "poisson"},
                                        {"latency", "off"},
                                        {"load", "open"},
                                        {"rate", 1000.0},
                                        {"seed", std::uint64_t{1}},
                                        {"timeline", true}}},
              .repetitions = std::move(repetitions),
              .summary = {.repetitions = 1,
                          .ok = 0,
                          .interference = 1,
                          .failed = 0,
                          .unsupported = 0,
                          .cut_off = 0,
                          .figures = {{kAcceptedFigure, Estimate{100.5, 100, 101}},
                                      {"first.cycles", std::nullopt}},
                          .with_interference = true}};
  return trial;
}

inline Run FilledRun() {
  Run run;
  run.name = "made/run.json";
  run.complete = true;
  run.suite = "a suite";
  run.environment = FilledEnvironment();
  run.counters = {{"minor_faults",
                   {.name = "minor_faults",
                    .unit = "",
                    .summary = "page faults without a read",
                    .kind = CounterKind::kTotal,
                    .scope = CounterScope::kProcess}},
                  {"resident_bytes",
                   {.name = "resident_bytes",
                    .unit = "bytes",
                    .summary = "memory in use",
                    .kind = CounterKind::kLevel,
                    .scope = CounterScope::kProcess}},
                  {"cycles",
                   {.name = "cycles",
                    .unit = "",
                    .summary = "of the processor",
                    .kind = CounterKind::kPeak,
                    .scope = CounterScope::kMachine}}};
  run.absent = {{"cycles", "a virtual machine has none"}};
  run.warnings = {"beware"};
  run.limit_proofs = {{.limit_bytes = 64 << 20,
                       .peak_bytes = 60 << 20,
                       .held = true,
                       .mechanism = "memory controller, version 2"}};
  run.trials = {FilledTrial("read-write", 1, {FilledRepetition(0, 0), FilledRepetition(1, 2)}),
                FilledTrial("read-write", 2, {FilledRepetition(0, 1)})};
  verdict::JudgedGroup group;
  group.title = run.trials.front().group;
  group.baseline = "read-write";
  group.margin = 1.05;
  group.rankings[kAcceptedFigure] = {.order = {"read-write#2", "read-write"},
                                     .best = {"read-write#2"},
                                     .inconclusive = {},
                                     .slower = {"read-write"}};
  verdict::Comparison faster;
  faster.verdict = verdict::Verdict::kFaster;
  faster.ratio = {.median = 1.5, .low = 1.25, .high = 1.75};
  faster.rounds = 6;
  faster.with_interference = true;
  verdict::Comparison open;
  open.ratio = {.median = 1.01, .low = 0.5, .high = 2};
  open.rounds = 6;
  open.reason = "the interval contains 1";
  open.rounds_needed = 112;
  group.comparisons = {{.figure = kAcceptedFigure,
                        .strategy = "read-write#2",
                        .baseline = "read-write",
                        .comparison = faster},
                       {.figure = "total.minor_faults",
                        .strategy = "read-write#2",
                        .baseline = "read-write",
                        .comparison = open}};
  run.groups = {std::move(group)};
  return run;
}

}  // namespace faultline::document
