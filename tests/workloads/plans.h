// Taking plans apart, for the tests of workloads.
#pragma once

#include <string_view>
#include <vector>

#include "faultline/operation.h"
#include "harness/record/geometry.h"
#include "workloads/workload_choice.h"

namespace faultline {

// All operations of one worker, taken in chunks of `chunk`.
inline std::vector<Operation> Drain(const Plan& plan, Share share, std::size_t chunk = 1000) {
  const auto stream = plan.Stream(share);
  std::vector<Operation> operations;
  std::vector<Operation> buffer(chunk);
  while (const std::size_t count = stream->Next(buffer)) {
    operations.insert(operations.end(), buffer.begin(),
                      buffer.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return operations;
}

// The operations of the only worker.
inline std::vector<Operation> Operations(std::string_view spec, const Geometry& geometry,
                                         std::uint64_t operations, std::uint64_t seed = 1) {
  const auto plan = WorkloadChoice(spec)->MakePlan(
      {.geometry = geometry, .operations = operations, .workers = 1, .seed = seed});
  return Drain(*plan, {});
}

}  // namespace faultline
