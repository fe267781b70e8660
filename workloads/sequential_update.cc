// Every record of a share is updated once, in the order of the file, and again from the front after
// the last.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::sequential_update {
namespace {

class SequentialUpdate final : public FlushingWorkload {
 public:
  explicit SequentialUpdate(const Options& options) : FlushingWorkload(options) {}

  std::uint64_t DefaultOperations(const Geometry& geometry) const override {
    return WithFlushes(geometry.records, flush_every());
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every(), [](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kUpdate,
                                  SequentialRecords(scope.records()));
    });
  }
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "sequential-update",
    .summary = "updates record after record in the order of the file",
    .options = {FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<SequentialUpdate>(options); },
}};

}  // namespace
}  // namespace faultline::sequential_update
