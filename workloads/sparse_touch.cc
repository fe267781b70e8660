// A few records of a huge file that begins as a hole: distinct records, scattered at random over
// all of it. What is not touched costs nothing on the device; what it costs in memory and page
// tables is the question. With more operations than records to touch, the same records are visited
// again, in the same order.
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::sparse_touch {
namespace {

constexpr std::uint64_t kDefaultFileBytes = std::uint64_t{64} << 30;

// The first few of all records in a scattered order, again and again.
class ScatteredRecords {
 public:
  ScatteredRecords(std::uint64_t touches, std::uint64_t records, std::uint64_t seed)
      : order_(touches), scatter_(records, seed) {}

  std::uint64_t Next() { return scatter_(order_.Next()); }

 private:
  SequentialRecords order_;
  Scatter scatter_;
};

class SparseTouch final : public FlushingWorkload {
 public:
  explicit SparseTouch(const Options& options)
      : FlushingWorkload(options), touches_(options.Count("touches")), kind_(KindOf(options)) {
    if (kind_ == OperationKind::kRead) {
      RefuseFlushesWithoutUpdates(options, "sparse-touch", "kind=read");
    }
  }

  std::optional<std::uint64_t> DefaultRecords(std::uint64_t record_size) const override {
    return RecordsOfFile(kDefaultFileBytes, record_size);
  }

  std::uint64_t DefaultOperations(const Geometry&) const override {
    return WithFlushes(touches_, flush_every());
  }

  bool WantsSparse() const override { return true; }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    if (touches_ < request.workers) {
      throw UsageError(fmt::format(
          "'sparse-touch' has {} records for {} workers; give a larger touches= or fewer workers",
          FormatCount(touches_), FormatCount(request.workers)));
    }
    return MakeFlushingPlan(request, flush_every(), [&](const ShareScope& scope) {
      const std::uint64_t touches = DealtOut(touches_, scope.index(), request.workers);
      if (touches > scope.records()) {
        throw UsageError(
            fmt::format("'sparse-touch' can't touch {} distinct records of {}; give a smaller "
                        "touches= or more records",
                        FormatCount(touches_), FormatCount(request.geometry.records)));
      }
      return WholeRecordGenerator(scope, kind_,
                                  ScatteredRecords(touches, scope.records(), scope.seed()));
    });
  }

 private:
  std::uint64_t touches_;
  OperationKind kind_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "sparse-touch",
    .summary = "touches some records of a huge sparse file, scattered at random",
    .options = {{.name = "touches",
                 .kind = OptionKind::kCount,
                 .default_value = "1000",
                 .summary = "distinct records to touch, shared out among the workers",
                 .minimum = 1},
                KindOption(),
                FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<SparseTouch>(options); },
}};

}  // namespace
}  // namespace faultline::sparse_touch
