// Updates of a few records, many times each: the same pages are dirtied again and again, however
// large the file is. The hot records of a worker are spread evenly over its share, so that each has
// a page of its own where the file allows.
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::hot_update {
namespace {

// `count` records, all equally likely, at equal distances.
class SpreadRecords {
 public:
  SpreadRecords(std::uint64_t count, std::uint64_t distance, std::uint64_t seed)
      : chosen_(count, seed), distance_(distance) {}

  std::uint64_t Next() { return chosen_.Next() * distance_; }

 private:
  UniformRecords chosen_;
  std::uint64_t distance_;
};

class HotUpdate final : public FlushingWorkload {
 public:
  explicit HotUpdate(const Options& options)
      : FlushingWorkload(options), hot_records_(options.Count("records")) {}

  std::uint64_t DefaultOperations(const Geometry& geometry) const override {
    return WithFlushes(geometry.records, flush_every());
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every(), [this](const ShareScope& scope) {
      if (hot_records_ > scope.records()) {
        throw UsageError(
            fmt::format("'hot-update' wants {} hot records of a worker that has {}; give a smaller "
                        "records=, fewer workers or more records",
                        FormatCount(hot_records_), FormatCount(scope.records())));
      }
      return WholeRecordGenerator(
          scope, OperationKind::kUpdate,
          SpreadRecords(hot_records_, scope.records() / hot_records_, scope.seed()));
    });
  }

 private:
  std::uint64_t hot_records_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "hot-update",
    .summary = "updates a few records of a large file, many times each",
    .options = {{.name = "records",
                 .kind = OptionKind::kCount,
                 .default_value = "10",
                 .summary = "hot records of each worker, spread evenly over its share",
                 .minimum = 1},
                FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<HotUpdate>(options); },
}};

}  // namespace
}  // namespace faultline::hot_update
