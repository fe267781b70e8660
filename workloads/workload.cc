#include "workloads/workload.h"

#include "harness/base/spec.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(WorkloadInfo);

std::optional<std::uint64_t> Workload::DefaultRecords(std::uint64_t) const { return std::nullopt; }

std::uint64_t Workload::DefaultOperations(const Geometry& geometry) const {
  return geometry.records;
}

}  // namespace faultline
