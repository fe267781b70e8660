// Updates of records chosen at random, each as likely as any other.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::random_update {
namespace {

class RandomUpdate final : public FlushingWorkload {
 public:
  explicit RandomUpdate(const Options& options) : FlushingWorkload(options) {}

  std::uint64_t DefaultOperations(const Geometry& geometry) const override {
    return WithFlushes(geometry.records, flush_every());
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every(), [](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kUpdate,
                                  UniformRecords(scope.records(), scope.seed()));
    });
  }
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "random-update",
    .summary = "updates records at random, all equally likely",
    .options = {FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<RandomUpdate>(options); },
}};

}  // namespace
}  // namespace faultline::random_update
