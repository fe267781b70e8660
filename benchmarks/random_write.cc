// Writes of whole records chosen at random: the counterpart of fio's randwrite, which replaces
// records without reading them. The product's own workloads update records instead, so this one is
// registered in the benchmark only.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline {
namespace {

class RandomWrite final : public Workload {
 public:
  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeGeneratedPlan(request, [](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kWrite,
                                  UniformRecords(scope.records(), scope.seed()));
    });
  }
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "random-write",
    .summary = "replaces records at random, all equally likely",
    .make = [](const Options&) { return std::make_unique<RandomWrite>(); },
}};

}  // namespace
}  // namespace faultline
