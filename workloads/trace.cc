// Plays the recorded trace of a program again (harness/trace/replay.h says how). The trace decides
// the shape of the data file.
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/replay.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::trace {
namespace {

Compaction CompactionOf(const std::string& choice) {
  if (choice == "on") return Compaction::kAlways;
  return choice == "off" ? Compaction::kNever : Compaction::kWhereHuge;
}

class Trace final : public Workload {
 public:
  explicit Trace(const Options& options)
      : path_(options.Text("file")),
        scan_(ScanTrace(path_)),
        layout_(LayOut(*scan_, {.block = options.Size("block"),
                                .sparse = options.Flag("sparse"),
                                .compaction = CompactionOf(options.Choice("compact"))})) {
    layout_.speed = options.Real("speed");
  }

  std::optional<Geometry> OwnGeometry() const override { return layout_.geometry; }

  std::uint64_t DefaultOperations(const Geometry&) const override { return layout_.operations; }

  bool WantsSparse() const override { return layout_.geometry.sparse; }

  bool NeedsDurability() const override { return scan_->CountOf(EventKind::kFlush) > 0; }

  std::map<std::string, std::string> Facts() const override { return ReplayFacts(*scan_, layout_); }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    CheckRequest(request);
    if (request.geometry != *OwnGeometry()) {
      throw UsageError(fmt::format(
          "'trace' needs a data file of {} records of {}; leave --records and --record-size out",
          FormatCount(layout_.geometry.records), FormatSize(layout_.geometry.record_size)));
    }
    if (request.operations > layout_.operations) {
      throw UsageError(
          fmt::format("the trace has {} operations; leave --operations out, or ask for fewer",
                      FormatCount(layout_.operations)));
    }
    return MakeReplayPlan(path_, layout_, request.operations, request.workers,
                          PlayedNs(*scan_, layout_));
  }

 private:
  std::string path_;
  std::shared_ptr<const TraceScan> scan_;
  ReplayLayout layout_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "trace",
    .summary = "plays what 'faultline trace' recorded: trace:FILE",
    .options = {{.name = "file",
                 .kind = OptionKind::kText,
                 .default_value = "FILE",
                 .summary =
                     "the trace; its files grow and are cut in place, by holes of the data file",
                 .positional = true,
                 .required = true},
                {.name = "block",
                 .kind = OptionKind::kSize,
                 .default_value = "0",
                 .summary = "accesses are cut at its borders; 0: where fewer than 1 % are",
                 .maximum = 1 << 22},
                {.name = "speed",
                 .kind = OptionKind::kReal,
                 .default_value = "1",
                 .summary = "of an open load: 2 plays the recorded times twice as fast",
                 .minimum = 0.001,
                 .maximum = 1e6},
                {.name = "sparse",
                 .kind = OptionKind::kFlag,
                 .default_value = "off",
                 .summary = "begin with holes instead of data, for traces of huge files"},
                {.name = "compact",
                 .kind = OptionKind::kChoice,
                 .default_value = "auto",
                 .summary = "only blocks that the trace touches; auto: of huge files",
                 .choices = {"auto", "on", "off"}}},
    .make = [](const Options& options) { return std::make_unique<Trace>(options); },
}};

}  // namespace
}  // namespace faultline::trace
