// A comparison of runs and an advice in which every field is present.
#pragma once

#include "harness/document/advice.h"
#include "harness/document/comparison.h"
#include "harness/trial/measurement.h"

namespace faultline::document {

inline GroupedComparison FilledComparison(const std::string& strategy,
                                          const std::string& baseline) {
  verdict::Comparison open;
  open.ratio = verdict::Comparison::Ratio{.median = 1.01, .low = 0.5, .high = 2};
  open.rounds = 6;
  open.with_interference = true;
  open.reason = "the interval contains 1";
  open.rounds_needed = 112;
  return Grouped(
      "random-update, made up",
      {.figure = kAcceptedFigure, .strategy = strategy, .baseline = baseline, .comparison = open});
}

inline ComparedRuns FilledComparedRuns() {
  return {.before = "before/run.json",
          .after = "after/run.json",
          .tolerance = 0.05,
          .count_tolerance = 0.01,
          .got_worse = true,
          .verdicts = {.worse = 1, .better = 2, .tied = 3, .inconclusive = 4, .failed = 5},
          .differences = {"seed 1 against 2"},
          .notes = {"kernel 'a' against 'b'"},
          .warnings = {"beware"},
          .only_before = {"stdio/random-update"},
          .only_after = {"mmap-view/random-update"},
          .trials = {{.id = "read-write/random-update",
                      .differences = {"seed 1 against 2"},
                      .problem_before = "was not verified",
                      .problem_after = "failed",
                      .times = {{.figure = "accepted",
                                 .change = verdict::Verdict::kSlower,
                                 .comparison = FilledComparison("after", "before"),
                                 .before_ns = Estimate{100, 99, 101},
                                 .after_ns = Estimate{200, 199, 201},
                                 .repetitions_before = 6,
                                 .repetitions_after = 7}},
                      .counts = {{.counter = "read_bytes",
                                  .unit = "bytes",
                                  .before = {1, 2},
                                  .after = {3, 4},
                                  .change = "more",
                                  .verdict = verdict::Verdict::kInconclusive,
                                  .reason = "not enough data"}}}}};
}

inline RunAdvice FilledAdvice() {
  return {.run = "run.json",
          .machine = "a made-up machine",
          .baseline = "read-write",
          .baseline_why = "9 of its 9 accesses are calls",
          .judged_anew = true,
          .warnings = {"beware"},
          .workloads = {{.workload = "trace:it",
                         .answers = {{.need = "durable every",
                                      .every = 10,
                                      .group = "random-update, made up",
                                      .regime = "1,000 records",
                                      .best = "mmap-view",
                                      .tied = {"stdio"},
                                      .runner_up = "read-write",
                                      .inconclusive = {{.strategy = "direct", .why = "too few"}},
                                      .lead = FilledComparison("mmap-view", "read-write"),
                                      .baseline = "read-write",
                                      .baseline_stands = "slower",
                                      .baseline_repetitions = 6,
                                      .gain = FilledComparison("mmap-view", "read-write"),
                                      .program = AdviceProgram{.run_seconds = 9,
                                                               .recorded = true,
                                                               .io_seconds = 2,
                                                               .saved_seconds = {1, 0.5, 1.5}},
                                      .ranked = {{.strategy = "mmap-view",
                                                  .ns_per_operation = {100, 99, 101},
                                                  .peak_resident_bytes = Estimate{3, 2, 4},
                                                  .limited_peak_bytes = Estimate{5, 4, 6},
                                                  .device_bytes_written_per_byte_changed =
                                                      Estimate{2, 1, 3}}},
                                      .elsewhere = {{.where = "cache cold",
                                                     .outcome = "flips",
                                                     .best = "read-write",
                                                     .ratio =
                                                         verdict::Comparison::Ratio{
                                                             .median = 4, .low = 3, .high = 5}}}}},
                         .keeps_storage = {"stdio"},
                         .replay = std::map<std::string, std::string>{{"files", "2"}},
                         .left_out = {{.strategy = "null", .why = "unsupported"}}}},
          .not_candidates = {{.strategy = "sqlite", .why = "slow"}},
          .choices = {"cache written"},
          .not_tested = {"memory limits"}};
}

}  // namespace faultline::document
