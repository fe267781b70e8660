// Reads and updates of records chosen at random, each as likely as any other, in a given proportion
// and random order.
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::mixed {
namespace {

class MixedGenerator {
 public:
  MixedGenerator(const ShareScope& scope, double reads)
      : scope_(scope), random_(scope.seed()), is_read_(reads) {}

  Operation Next() {
    const OperationKind kind =
        is_read_.Happens(random_) ? OperationKind::kRead : OperationKind::kUpdate;
    return scope_.OnRecord(kind, random_.Below(scope_.records()));
  }

 private:
  ShareScope scope_;
  Random random_;
  Chance is_read_;
};

class Mixed final : public FlushingWorkload {
 public:
  explicit Mixed(const Options& options)
      : FlushingWorkload(options), reads_(options.Real("reads")) {
    if (reads_ == 1) RefuseFlushesWithoutUpdates(options, "mixed", "reads=1");
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every(), [this](const ShareScope& scope) {
      return MixedGenerator(scope, reads_);
    });
  }

 private:
  double reads_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "mixed",
    .summary = "reads and updates records at random, all equally likely",
    .options = {{.name = "reads",
                 .kind = OptionKind::kReal,
                 .default_value = "0.5",
                 .summary = "share of the operations that are reads, from 0 to 1",
                 .minimum = 0,
                 .maximum = 1},
                FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<Mixed>(options); },
}};

}  // namespace
}  // namespace faultline::mixed
