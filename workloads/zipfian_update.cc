// Updates of records chosen at random, a few of them much more often than the rest: the popularity
// of records falls with a power of their rank, and the popular ones are scattered over the whole
// share. Each worker's share has popular records of its own.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::zipfian_update {
namespace {

class ZipfianUpdate final : public FlushingWorkload {
 public:
  explicit ZipfianUpdate(const Options& options)
      : FlushingWorkload(options), theta_(options.Real("theta")) {}

  std::uint64_t DefaultOperations(const Geometry& geometry) const override {
    return WithFlushes(geometry.records, flush_every());
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every(), [this](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kUpdate,
                                  ZipfianRecords(scope.records(), theta_, scope.seed()));
    });
  }

 private:
  double theta_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "zipfian-update",
    .summary = "updates records at random, a few of them far more often (Zipf)",
    .options = {ThetaOption(), FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<ZipfianUpdate>(options); },
}};

}  // namespace
}  // namespace faultline::zipfian_update
