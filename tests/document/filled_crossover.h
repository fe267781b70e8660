// A crossover and a policy in which every field is present.
#pragma once

#include "harness/document/crossover.h"
#include "tests/document/filled_run.h"

namespace faultline::document {

inline CrossoverPoint FilledPoint() {
  verdict::Comparison faster;
  faster.verdict = verdict::Verdict::kFaster;
  faster.ratio = verdict::Comparison::Ratio{.median = 9, .low = 8.5, .high = 9.5};
  faster.rounds = 6;
  verdict::Comparison open;
  open.reason = "not enough data";
  const CrossoverRepetition repetition{.round = 2,
                                       .status = Status::kInterference,
                                       .error = "waited for a processor",
                                       .accepted_ns = 100,
                                       .durable_ns = 200.5,
                                       .steady_ns = 90};
  return {.x = 1024,
          .purpose = "grid",
          .rounds = 6,
          .winners = {0},
          .inconclusive = "mmap-view against read-write: not enough data",
          .ranking = {.order = {1, 0}, .best = {1}, .inconclusive = {}, .slower = {0}},
          .comparisons =
              {{.figure = kAcceptedFigure, .strategy = 1, .baseline = 0, .comparison = faster},
               {.figure = kAcceptedFigure, .strategy = 2, .baseline = 1, .comparison = open}},
          .parameters =
              std::map<std::string, JsonScalar>{{"workload", "random-update"},
                                                {"records", std::uint64_t{1000}},
                                                {"record_size", std::uint64_t{1024}},
                                                {"file_bytes", std::uint64_t{1024000}},
                                                {"operations", std::uint64_t{1000}},
                                                {"passes", std::uint64_t{2}},
                                                {"threads", std::uint64_t{1}},
                                                {"processes", std::uint64_t{1}},
                                                {"cache", "paged"},
                                                {"memory_limit_bytes", std::uint64_t{64} << 20},
                                                {"seed", std::uint64_t{1}}},
          .results = {{.strategy = 0,
                       .spec = "read-write",
                       .status = "failed",
                       .error = "it hung",
                       .ok = 5,
                       .interference = 1,
                       .figures = {{kAcceptedFigure, Estimate{100, 99, 101}},
                                   {kDurableFigure, Estimate{200, 199, 201}},
                                   {kSteadyFigure, Estimate{90, 89, 91}}},
                       .repetitions = {repetition}}},
          .again = {repetition}};
}

inline CrossoverStudy FilledCrossover() {
  return {
      .complete = true,
      .ended = "narrow",
      .beaten_by = 20,
      .environment = FilledEnvironment(),
      .warnings = {"beware"},
      .limit_proofs = {{.limit_bytes = 64 << 20,
                        .peak_bytes = 60 << 20,
                        .held = true,
                        .mechanism = "memory controller, version 2"}},
      .figure = kAcceptedFigure,
      .strategies = {{.name = "read-write", .spec = "read-write"},
                     {.name = "mmap-window",
                      .spec = "mmap-window:size=4KiB",
                      .durability = Durability::kPeriodic}},
      .x = {.parameter = "record-size",
            .kind = "size",
            .low = 16,
            .high = 65536,
            .logarithmic = true},
      .y = CrossoverAxis{.parameter = "data-to-memory", .kind = "real", .low = 0.25, .high = 4},
      .regimes = {"random-update, made up"},
      .rows = {{.y = 0.25,
                .points = {FilledPoint()},
                .ranges = {{.low = 16, .high = 2048, .strategy = 1, .others = {0}}},
                .crossovers = {{.from = 1, .to = 0, .value = 2048, .low = 1024, .high = 8192}}}}};
}

inline Policy FilledPolicy() {
  const CrossoverRange range{.low = 16, .high = 2048, .strategy = 1, .others = {0}};
  return {
      .version = "1.0",
      .complete = true,
      .machine = "a made-up machine",
      .regimes = {"random-update, made up"},
      .figure = kAcceptedFigure,
      .strategies = {"read-write", "mmap-view"},
      .x = {.parameter = "record-size",
            .kind = "size",
            .low = 16,
            .high = 65536,
            .logarithmic = true},
      .y = CrossoverAxis{.parameter = "data-to-memory", .kind = "real", .low = 0.25, .high = 4},
      .rows = {
          {.y = 0.25,
           .low = 0.25,
           .high = 1,
           .ranges = {{.range = range,
                       .boundary = CrossoverBoundary{.value = 2048, .low = 1024, .high = 8192}}}}}};
}

}  // namespace faultline::document
