// Checks, options and share arithmetic that all workloads have in common.
#include "workloads/generator.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "workloads/distributions.h"

namespace faultline {

std::uint64_t RecordsOfFile(std::uint64_t file_bytes, std::uint64_t record_size) {
  return std::max<std::uint64_t>(1, file_bytes / std::max<std::uint64_t>(1, record_size));
}

void CheckRequest(const PlanRequest& request) {
  CheckGeometry(request.geometry);
  if (request.operations == 0) {
    throw UsageError("a plan of 0 operations measures nothing; ask for at least 1");
  }
  if (request.workers == 0) {
    throw UsageError("a plan for 0 workers does nothing; ask for at least 1");
  }
  if (request.workers > request.geometry.records) {
    throw UsageError(
        fmt::format("{} workers can't share {} records; ask for fewer workers or more records",
                    FormatCount(request.workers), FormatCount(request.geometry.records)));
  }
}

OptionInfo FlushEveryOption() {
  return {.name = kFlushEveryOption,
          .kind = OptionKind::kCount,
          .default_value = "0",
          .summary = "changes of a worker between two flushes, which are operations; 0: none"};
}

OptionInfo KindOption() {
  return {.name = "kind",
          .kind = OptionKind::kChoice,
          .default_value = "update",
          .summary = "what is done at each place",
          .choices = {"read", "update"}};
}

OperationKind KindOf(const Options& options) {
  return options.Choice("kind") == "read" ? OperationKind::kRead : OperationKind::kUpdate;
}

OptionInfo ThetaOption() {
  return {.name = "theta",
          .kind = OptionKind::kReal,
          .default_value = "0.99",
          .summary = "skew: rank r is drawn in proportion to 1 / r^theta; 0: uniform",
          .minimum = ZipfianRanks::kMinimumTheta,
          .maximum = ZipfianRanks::kMaximumTheta};
}

void RefuseFlushesWithoutUpdates(const Options& options, std::string_view workload,
                                 std::string_view cause) {
  if (options.Count(kFlushEveryOption) == 0) return;
  throw UsageError(fmt::format(
      "'{}' with {} changes nothing that flush-every could flush; leave one of them out", workload,
      cause));
}

ShareScope::ShareScope(const PlanRequest& request, std::uint64_t index)
    : index_(index),
      record_size_(request.geometry.record_size),
      operations_(DealtOut(request.operations, index, request.workers)),
      seed_(Mix64(Mix64(request.seed) + index)) {
  const Share share{.index = index, .count = request.workers};
  first_offset_ = share.FirstRecord(request.geometry) * record_size_;
  records_ = share.Records(request.geometry);
}

void CheckShare(const Share& share, std::uint64_t workers) {
  if (share.count == workers && share.index < workers) return;
  throw Error(
      fmt::format("a plan made for {} workers was asked for share {} of {}; make the plan for as "
                  "many workers as there are",
                  workers, share.index, share.count));
}

}  // namespace faultline
