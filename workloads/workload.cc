#include "workloads/workload.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(WorkloadInfo);

std::optional<std::uint64_t> Workload::DefaultRecords(std::uint64_t) const { return std::nullopt; }

std::uint64_t Workload::DefaultOperations(const Geometry& geometry) const {
  return geometry.records;
}

std::unique_ptr<Workload> MakeWorkload(std::string_view spec_text) {
  const Spec spec = ParseSpec(spec_text);
  const WorkloadInfo& info = Registry<WorkloadInfo>::Instance().Find(spec.name);
  return info.make(Options(spec, info.options));
}

}  // namespace faultline
