// Every record of a share is read once, in the order of the file, and again from the front after
// the last.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::sequential_read {
namespace {

class SequentialRead final : public Workload {
 public:
  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeGeneratedPlan(request, [](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kRead, SequentialRecords(scope.records()));
    });
  }
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "sequential-read",
    .summary = "reads record after record in the order of the file",
    .make = [](const Options&) { return std::make_unique<SequentialRead>(); },
}};

}  // namespace
}  // namespace faultline::sequential_read
