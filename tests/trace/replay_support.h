// Plans of replays in tests: of made-up traces, and their operations.
#pragma once

#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/replay.h"
#include "tests/catch.h"
#include "tests/trace/support.h"
#include "tests/workloads/plans.h"
#include "workloads/workload_choice.h"

namespace faultline::testing {

inline Operation Flush() { return Operation(OperationKind::kFlush, 0, 1); }

inline std::string TraceSpec(const TemporaryDirectory& folder, const char* options = "") {
  return fmt::format("trace:{}{}", (folder / "trace").native(), options);
}

// The plan that a trial of this workload has.
inline std::vector<std::vector<Operation>> Plans(const std::string& spec, std::uint64_t workers = 1,
                                                 std::uint64_t operations = 0) {
  const auto workload = WorkloadChoice(spec);
  const Geometry geometry = workload->OwnGeometry().value();
  const auto plan = workload->MakePlan(
      {.geometry = geometry,
       .operations = operations == 0 ? workload->DefaultOperations(geometry) : operations,
       .workers = workers});
  std::vector<std::vector<Operation>> streams;
  for (std::uint64_t i = 0; i < workers; ++i) {
    streams.push_back(Drain(*plan, {i, workers}, 7));
    CHECK(Drain(*plan, {i, workers}, 1) == streams.back());
  }
  return streams;
}

// The plan of one worker for a trace of a file of `size` bytes, in blocks of 512.
inline std::vector<Operation> PlanOf(std::optional<std::uint64_t> size,
                                     std::vector<TraceEvent> events,
                                     const char* options = ",block=512") {
  const TemporaryDirectory folder;
  TraceWriter writer(folder / "trace", {});
  writer.AddFile("/file", size);
  for (TraceEvent& event : events) {
    if (event.file == kAllFiles && event.kind != EventKind::kFlush) event.file = 1;
    writer.Add(event);
  }
  writer.Finish();
  return Plans(TraceSpec(folder, options))[0];
}

inline TraceEvent WriteOf(std::uint64_t offset, std::uint64_t length) {
  return {.kind = EventKind::kWrite, .offset = offset, .length = length};
}

inline TraceEvent CutTo(std::uint64_t size) {
  return {.kind = EventKind::kTruncate, .offset = size};
}

inline Operation Discard(std::uint64_t offset, std::uint64_t length) {
  return Operation(OperationKind::kDiscard, offset, length);
}

}  // namespace faultline::testing
