// Large records visited in parts: each record is chosen at random, then its parts are visited one
// after another, from the first byte to the last. An operation is one part.
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::partial_record {
namespace {

class PartGenerator {
 public:
  PartGenerator(const ShareScope& scope, OperationKind kind, std::uint64_t parts)
      : scope_(scope), kind_(kind), parts_(parts), records_(scope.records(), scope.seed()) {}

  Operation Next() {
    if (next_part_ == 0) record_ = records_.Next();
    const std::uint64_t part = next_part_;
    next_part_ = part + 1 == parts_ ? 0 : part + 1;
    return scope_.OnPart(kind_, record_, part, parts_);
  }

 private:
  ShareScope scope_;
  OperationKind kind_;
  std::uint64_t parts_;
  UniformRecords records_;
  std::uint64_t record_ = 0;
  std::uint64_t next_part_ = 0;
};

class PartialRecord final : public FlushingWorkload {
 public:
  explicit PartialRecord(const Options& options)
      : FlushingWorkload(options), parts_(options.Count("parts")), kind_(KindOf(options)) {
    if (kind_ == OperationKind::kRead) {
      RefuseFlushesWithoutUpdates(options, "partial-record", "kind=read");
    }
  }

  // As large a file as the default of 1,000,000 records of 125 bytes, whatever the size of a
  // record.
  std::optional<std::uint64_t> DefaultRecords(std::uint64_t record_size) const override {
    return RecordsOfFile(125'000'000, record_size);
  }

  std::uint64_t DefaultOperations(const Geometry& geometry) const override {
    return WithFlushes(geometry.records * parts_, flush_every());
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    if (parts_ > request.geometry.record_size) {
      throw UsageError(
          fmt::format("'partial-record' can't cut records of {} bytes into {} parts; give a "
                      "smaller parts= or larger records",
                      FormatSize(request.geometry.record_size), FormatCount(parts_)));
    }
    return MakeFlushingPlan(request, flush_every(), [this](const ShareScope& scope) {
      return PartGenerator(scope, kind_, parts_);
    });
  }

 private:
  std::uint64_t parts_;
  OperationKind kind_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "partial-record",
    .summary = "visits large records at random, each in parts from front to back",
    .options = {{.name = "parts",
                 .kind = OptionKind::kCount,
                 .default_value = "4",
                 .summary = "operations it takes to visit a record; no more than it has bytes",
                 .minimum = 1,
                 .maximum = static_cast<double>(Operation::kMaximumLength)},
                KindOption(),
                FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<PartialRecord>(options); },
}};

}  // namespace
}  // namespace faultline::partial_record
