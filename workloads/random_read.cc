// Reads of records chosen at random, each as likely as any other.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::random_read {
namespace {

class RandomRead final : public Workload {
 public:
  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeGeneratedPlan(request, [](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kRead,
                                  UniformRecords(scope.records(), scope.seed()));
    });
  }
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "random-read",
    .summary = "reads records at random, all equally likely",
    .make = [](const Options&) { return std::make_unique<RandomRead>(); },
}};

}  // namespace
}  // namespace faultline::random_read
