// Updates of records chosen at random, a few of them much more often than the rest: the popularity
// of records falls with a power of their rank, and the popular ones are scattered over the whole
// share. Each worker's share has popular records of its own.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline {
namespace {

class ZipfianUpdate final : public Workload {
 public:
  explicit ZipfianUpdate(const Options& options)
      : theta_(options.Real("theta")), flush_every_(options.Count("flush-every")) {}

  std::uint64_t DefaultOperations(const Geometry& geometry) const override {
    return WithFlushes(geometry.records, flush_every_);
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every_, [this](const ShareScope& scope) {
      return WholeRecordGenerator(scope, OperationKind::kUpdate,
                                  ZipfianRecords(scope.records(), theta_, scope.seed()));
    });
  }

 private:
  double theta_;
  std::uint64_t flush_every_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "zipfian-update",
    .summary = "updates records at random, a few of them far more often (Zipf)",
    .options = {ThetaOption(), FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<ZipfianUpdate>(options); },
}};

}  // namespace
}  // namespace faultline
