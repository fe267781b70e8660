// All strategies at all instants, one after another.
#include <fmt/format.h>
#include <iostream>
#include <optional>

#include "harness/base/exit_code.h"
#include "harness/os/interruption.h"
#include "harness/os/scratch_file_system.h"
#include "harness/os/system_info.h"
#include "harness/os/whole_file.h"
#include "harness/powercut/powercut_document.h"
#include "harness/powercut/powercut_table.h"
#include "harness/report/new_directories.h"
#include "harness/report/progress.h"

namespace faultline {
namespace {

// A cut's file is read into memory as a whole.
constexpr std::uint64_t kMostDataBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kLeastRecordBytes = 8;
constexpr std::uint64_t kMostOperations = 10'000'000;

// A strategy's rows before the first is run.
struct Candidate {
  PowerCutSpec spec;
  std::string why_not;  // it can't be run, or ""
};

void CheckSize(const PowerCutSpec& spec) {
  const Geometry geometry = spec.trial.DataGeometry();
  if (geometry.file_size() > kMostDataBytes) {
    throw UsageError(fmt::format(
        "a data file of {} is too large to be copied at every cut; the most is {}: lower --records",
        FormatBytes(geometry.file_size()), FormatBytes(kMostDataBytes)));
  }
  // An update of less counts in one byte, and comes back to an earlier state.
  if (geometry.record_size < kLeastRecordBytes) {
    throw UsageError(fmt::format(
        "records of {} bytes can't tell how many updates they hold; --record-size takes {} or more",
        geometry.record_size, kLeastRecordBytes));
  }
  if (spec.trial.operations > kMostOperations) {
    throw UsageError(
        fmt::format("--operations takes at most {}, whose effects are all kept in memory",
                    FormatCount(kMostOperations)));
  }
  const std::uint64_t image = os::DeviceBytesFor(spec.file_system, geometry.file_size());
  if (!spec.trial.directory.empty() && os::FreeBytes(spec.trial.directory) < image) {
    throw UsageError(
        fmt::format("--image-directory has no room for the device's {}, which it would find out "
                    "only when it writes",
                    FormatBytes(image)));
  }
  const std::uint64_t copies = spec.cuts * image;
  if (copies > os::PhysicalMemoryBytes() / 4) {
    throw UsageError(
        fmt::format("{} copies of the device are {}, more than a quarter of the memory; lower "
                    "--cuts or --records",
                    spec.cuts, FormatBytes(copies)));
  }
}

// Throws UsageError for a strategy that was asked for and makes no sense; one of all that there are
// is left out with the reason.
Candidate Consider(PowerCutSpec spec, const std::string& strategy, bool asked_for) {
  spec.trial.strategy = StrategyChoice(strategy);
  try {
    spec.trial = Resolve(spec.trial);
    return {spec, ""};
  } catch (const UnsupportedError& error) {
    return {spec, error.what()};
  } catch (const UsageError& error) {
    if (asked_for) throw;
    return {spec, error.what()};
  }
}

int ExitCode(const std::vector<PowerCutRow>& rows) {
  bool any_cut = false;
  for (const PowerCutRow& row : rows) {
    if (row.result.status == Status::kFailed) return kExitFailed;
    if (row.result.promise() == Promise::kBroken) return kExitFailed;
    any_cut |= row.result.status == Status::kOk;
  }
  return any_cut ? kExitDone : kExitNotPossible;
}

// Runs one strategy after another and keeps the document up to date.
class PowerCuts {
 public:
  PowerCuts(const PowerCutRequest& request, const PowerCutSpec& common, std::size_t strategies,
            os::Facts environment)
      : request_(request),
        common_(common),
        environment_(std::move(environment)),
        document_(request.output / "powercut.json"),
        planned_(strategies * request.instants.size()),
        progress_(planned_, static_cast<double>(planned_), !request.quiet) {}

  // Returns false when it was interrupted.
  bool Run(const std::vector<Candidate>& candidates) {
    Save();
    bool whole = true;
    for (const Candidate& candidate : candidates) {
      for (const Instant instant : request_.instants) whole = whole && RunRow(candidate, instant);
    }
    progress_.Clear();
    return whole;
  }

  void Print() const {
    std::cout << (request_.json ? Document() : PowerCutTable(common_, rows_)) << std::flush;
    if (request_.quiet) return;
    (request_.json ? std::cerr : std::cout)
        << "\nPower cut document: " << document_.string() << std::endl;
  }

  const std::vector<PowerCutRow>& rows() const { return rows_; }

 private:
  bool RunRow(const Candidate& candidate, Instant instant) {
    if (os::Interrupted()) return false;
    PowerCutRow row{candidate.spec.trial.strategy, instant, {}};
    progress_.Begin(fmt::format("{} {}", row.strategy.text(), InstantName(instant)));
    if (candidate.why_not.empty()) {
      PowerCutSpec spec = candidate.spec;
      spec.instant = instant;
      row.result = CutPower(spec);
    } else {
      row.result.status = Status::kUnsupported;
      row.result.error = candidate.why_not;
    }
    if (row.result.status == Status::kInterrupted) return false;
    progress_.End(std::string(StatusName(row.result.status)));
    rows_.push_back(std::move(row));
    Save();
    return true;
  }

  void Save() const { os::ReplaceFile(document_, Document()); }

  std::string Document() const {
    return document::ToText(DocumentOf(common_, environment_, rows_, rows_.size() == planned_));
  }

  const PowerCutRequest& request_;
  const PowerCutSpec& common_;
  os::Facts environment_;
  std::filesystem::path document_;
  std::size_t planned_;
  Progress progress_;
  std::vector<PowerCutRow> rows_;
};

}  // namespace

int RunPowerCuts(const PowerCutRequest& request) {
  const bool all = request.strategies.empty();
  std::vector<Candidate> candidates;
  for (const std::string& strategy :
       all ? Registry<StrategyInfo>::Instance().Names() : request.strategies) {
    candidates.push_back(Consider(request.spec, strategy, !all));
  }
  // Whatever the strategy: its workload and file.
  const PowerCutSpec common = Consider(request.spec, "null", true).spec;
  CheckSize(common);
  os::CatchInterruption();
  std::optional<os::Facts> environment = PowerCutEnvironment(common);
  if (!environment) return kExitInterrupted;
  NewDirectories places;
  places.Make(request.output, "--output");
  PowerCuts cuts(request, common, candidates.size(), *std::move(environment));
  places.Keep();
  const bool whole = cuts.Run(candidates);
  cuts.Print();
  return whole ? ExitCode(cuts.rows()) : kExitInterrupted;
}

}  // namespace faultline
