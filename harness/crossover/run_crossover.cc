// The search at work: which step next, its trials, and the document after each.
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <set>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/crossover/crossover.h"
#include "harness/crossover/crossover_document.h"
#include "harness/crossover/crossover_table.h"
#include "harness/crossover/policy.h"
#include "harness/crossover/study.h"
#include "harness/os/channel.h"
#include "harness/os/interruption.h"
#include "harness/os/whole_file.h"
#include "harness/plugin/plugin.h"
#include "harness/report/build_info.h"
#include "harness/report/new_directories.h"

namespace faultline::crossover {
namespace {

// Of a pass: with fewer, opening and closing would be what is measured.
constexpr std::uint64_t kFewestOperations = 1000;

// What a search measures by default, on one axis and on two.
struct SearchDefaults {
  PointDefaults data;
  SearchSettings one_axis;
  SearchSettings two_axes;
  std::size_t rows;
  double budget_seconds;
  double beaten_by;  // see Study
};

SearchDefaults DefaultsFor(bool quick) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  if (quick) return {{16 * kMiB, 20'000}, {5, 6, 18}, {4, 6, 12}, 3, 120, 5};
  return {{64 * kMiB, 100'000}, {7, 6, 24}, {5, 6, 12}, 5, 900, CutOffPolicy::kBeatenBy};
}

class Search {
 public:
  Search(const CrossoverRequest& request, Study study)
      : request_(request),
        defaults_(DefaultsFor(request.quick)),
        search_settings_(study.y ? defaults_.two_axes : defaults_.one_axis),
        study_(std::move(study)),
        progress_(0, request.budget_seconds, !request.quiet),
        trials_(progress_, request.by, defaults_.beaten_by) {
    if (const auto given = request.settings.find("repetitions"); given != request.settings.end()) {
      const std::uint64_t rounds = ParseCount(given->second.front(), "--repetitions");
      search_settings_.most_rounds =
          search_settings_.most_rounds / search_settings_.rounds * rounds;
      search_settings_.rounds = rounds;
    }
    if (!study_.y) {
      study_.rows.emplace_back();
    } else {
      for (const double y : study_.y->Grid(defaults_.rows)) study_.rows.push_back({y, {}});
    }
    study_.beaten_by = defaults_.beaten_by;
    study_.warnings = PluginWarnings();
    if (std::string warning = BuildWarning(); !warning.empty()) {
      study_.warnings.push_back(std::move(warning));
    }
    WarnOfDurability();
  }

  // Throws UsageError for a range with an end that makes no sense, UnsupportedError when nothing
  // can be run at any of its ends.
  void CheckEnds() const {
    std::string why_not;
    bool any = false;
    for (const auto& [row, x] : Ends()) {
      for (const Arm& arm : PlannedOrRefused(*row, x).point.arms) {
        any |= arm.why_not.empty();
        if (!arm.why_not.empty()) why_not = arm.why_not;
      }
    }
    if (!any) throw UnsupportedError(why_not);
  }

  void Run() {
    trials_.Begin(os::DeadlineIn(request_.budget_seconds));
    ChooseOperations();
    bool stopped = false;
    while (!stopped) {
      StudyRow* row = nullptr;
      const std::optional<Step> step = Next(row);
      if (!step || trials_.Over()) {
        study_.ended = step ? WhyStopped() : "narrow";
        break;
      }
      stopped = !Take(*step, *row);
      if (stopped) study_.ended = WhyStopped();
      Save();
    }
    progress_.Clear();
    Save();
  }

  // Fills in the environment and saves for the first time. Throws UsageError where --output can't
  // be written.
  void Begin() {
    study_.environment = EnvironmentFacts(request_.directory);
    try {
      Save();
    } catch (const os::SystemError& error) {
      throw UsageError(fmt::format("{}; choose another place with --output", error.what()));
    }
  }

  int Finish() const {
    const std::optional<Policy> policy = PolicyOf(study_);
    if (policy) {
      os::ReplaceFile(request_.output / "policy.json", document::ToText(DocumentOf(*policy)));
      os::ReplaceFile(request_.output / "policy.h", PolicyHeader(*policy));
    }
    std::cout << (request_.json ? document::ToText(DocumentOf(study_)) : CrossoverTable(study_))
              << std::flush;
    if (!request_.quiet) {
      std::ostream& out = request_.json ? std::cerr : std::cout;
      out << "Crossover document: " << DocumentPath().string();
      if (policy) out << ", beside it policy.json and policy.h";
      out << std::endl;
    }
    return ExitCode();
  }

 private:
  // Of the first row and the last, which may be one, both values of x.
  std::vector<std::pair<const StudyRow*, double>> Ends() const {
    std::vector<std::pair<const StudyRow*, double>> ends;
    for (const StudyRow* row : {&study_.rows.front(), &study_.rows.back()}) {
      if (!ends.empty() && row == ends.back().first) continue;
      ends.emplace_back(row, study_.x.low);
      ends.emplace_back(row, study_.x.high);
    }
    return ends;
  }

  // Quarters the operations of a pass until the grid can be measured in half of the budget. Not
  // under a memory limit: with fewer operations memory would not be full.
  void ChooseOperations() {
    for (const char* decided : {"operations", "memory-limit"}) {
      if (request_.settings.contains(decided) || study_.x.parameter == decided ||
          (study_.y && study_.y->parameter == decided)) {
        return;
      }
    }
    const auto trials =
        static_cast<double>(search_settings_.grid * study_.rows.size() * search_settings_.rounds *
                            (study_.strategies.size() + 1));
    const double seconds = request_.budget_seconds / 2 / trials;
    while (defaults_.data.operations > kFewestOperations && TooSlow(seconds)) {
      defaults_.data.operations = std::max(defaults_.data.operations / 4, kFewestOperations);
    }
  }

  // Whether at some end of the ranges no strategy is done in `seconds`.
  bool TooSlow(double seconds) {
    for (const auto& [row, x] : Ends()) {
      PlannedPoint planned = Planned(*row, x);
      const std::string name = Name(*row, x);
      const auto end = trials_.RunPilots(planned, name, seconds);
      for (const Arm& arm : planned.point.arms) {
        if (!arm.failed()) continue;
        pilot_failed_ = true;
        study_.warnings.push_back(fmt::format("a pilot repetition at {}: {} FAILED: {}", name,
                                              arm.strategy, arm.Trouble()));
      }
      if (end == PointTrials::PilotEnd::kStopped) return false;
      if (end == PointTrials::PilotEnd::kTooSlow) return true;
    }
    return false;
  }

  // A strategy that promises less may be the cheaper for it.
  void WarnOfDurability() {
    std::set<Durability> kinds;
    std::vector<std::string> promises;
    for (const StrategyChoice& strategy : study_.strategies) {
      const Durability durability = strategy.info().durability;
      kinds.insert(durability);
      promises.push_back(fmt::format("{} {}", strategy.text(), DurabilityName(durability)));
    }
    if (kinds.size() < 2) return;
    study_.warnings.push_back(
        fmt::format("the strategies don't promise the same durability: {}; compare like with like",
                    Join(promises, ", ")));
  }

  std::filesystem::path DocumentPath() const { return request_.output / "crossover.json"; }

  const char* WhyStopped() const { return os::Interrupted() ? "interrupted" : "budget"; }

  // The most useful step of all rows; of equally useful ones that of the row with the fewest
  // points.
  std::optional<Step> Next(StudyRow*& row) {
    std::optional<Step> chosen;
    for (StudyRow& candidate : study_.rows) {
      const auto step = NextStep(study_.x, candidate.SeenBy(study_.by), search_settings_);
      if (!step) continue;
      if (chosen &&
          (step->purpose > chosen->purpose ||
           (step->purpose == chosen->purpose && candidate.points.size() >= row->points.size()))) {
        continue;
      }
      chosen = step;
      row = &candidate;
    }
    return chosen;
  }

  PlannedPoint Planned(const StudyRow& row, double x) const {
    std::vector<AxisValue> at = {{&study_.x, x}};
    if (row.y) at.push_back({&*study_.y, *row.y});
    return PlanPoint(request_.settings, at, defaults_.data, request_.directory);
  }

  // Throws UsageError for values that make no sense.
  PlannedPoint PlannedOrRefused(const StudyRow& row, double x) const {
    PlannedPoint planned;
    try {
      planned = Planned(row, x);
    } catch (const UsageError& error) {
      planned.refusal = error.what();
    }
    if (planned.refusal.empty()) return planned;
    throw UsageError(fmt::format("at {}: {}", Name(row, x), planned.refusal));
  }

  std::string Name(const StudyRow& row, double x) const {
    return fmt::format(
        "{}={}{}", study_.x.parameter, study_.x.Text(x),
        row.y ? fmt::format(" {}={}", study_.y->parameter, study_.y->Text(*row.y)) : "");
  }

  MeasuredPoint& At(StudyRow& row, const Step& step) {
    const auto place =
        std::find_if(row.points.begin(), row.points.end(),
                     [&](const MeasuredPoint& one) { return one.point().x >= step.x; });
    if (place != row.points.end() && place->point().x == step.x) return *place;
    MeasuredPoint fresh;
    fresh.planned = Planned(row, step.x);
    fresh.purpose = step.purpose;
    return *row.points.insert(place, std::move(fresh));
  }

  // Returns false when it was stopped before its end.
  bool Take(const Step& step, StudyRow& row) {
    MeasuredPoint& measured = At(row, step);
    const std::uint64_t left = search_settings_.most_rounds - measured.point().rounds;
    const bool whole =
        trials_.Run(measured.planned, Name(row, step.x), std::min(search_settings_.rounds, left));
    measured.JudgeAgain(study_.by);
    if (whole) return true;
    std::erase_if(row.points, [&](const MeasuredPoint& one) {
      return one.point().x == step.x && !one.point().begun();
    });
    return false;
  }

  void Save() {
    for (const std::string& warning : trials_.warnings()) {
      if (std::find(study_.warnings.begin(), study_.warnings.end(), warning) ==
          study_.warnings.end()) {
        study_.warnings.push_back(warning);
      }
    }
    study_.limit_proofs = trials_.limit_proofs();
    os::ReplaceFile(DocumentPath(), document::ToText(DocumentOf(study_)));
  }

  int ExitCode() const {
    if (os::Interrupted()) return kExitInterrupted;
    if (pilot_failed_) return kExitFailed;
    bool impossible = false;
    bool possible = false;
    for (const StudyRow& row : study_.rows) {
      for (const MeasuredPoint& one : row.points) {
        for (const Arm& arm : one.point().arms) {
          if (arm.failed()) return kExitFailed;
          (arm.Trouble().empty() ? possible : impossible) = true;
        }
      }
    }
    return impossible && !possible ? kExitNotPossible : kExitDone;
  }

  const CrossoverRequest& request_;
  SearchDefaults defaults_;
  SearchSettings search_settings_;
  Study study_;
  Progress progress_;
  PointTrials trials_;
  bool pilot_failed_ = false;
};

void CheckStrategies(const std::vector<std::string>& strategies) {
  std::vector<std::string> sorted = strategies;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) {
    throw UsageError(fmt::format("the strategy '{}' is given twice; give it once", *twice));
  }
  if (strategies.size() < 2 || sorted.front() == "all") {
    throw UsageError("a crossover compares strategies; name two or more with --strategy");
  }
}

Study StudyOf(const CrossoverRequest& request) {
  Study study;
  const auto& settings = request.settings;
  const auto workload = settings.find("workload");
  if (workload != settings.end() && workload->second.size() > 1) {
    throw UsageError("a crossover has one workload; run it once for each --workload");
  }
  CheckStrategies(settings.at("strategy"));
  for (const std::string& spec : settings.at("strategy")) study.strategies.emplace_back(spec);
  study.by = request.by;
  const auto passes = settings.find("passes");
  if (study.by == Figure::kSteady && passes != settings.end() && passes->second.front() == "1") {
    throw UsageError("steady are all passes but the first; --by steady needs --passes 2 or more");
  }
  study.x = ParseAxis(request.x, "--x", settings);
  if (request.y.empty()) return study;
  study.y = ParseAxis(request.y, "--y", settings);
  if (study.x.parameter == study.y->parameter) {
    throw UsageError(
        fmt::format("--x and --y are both {}; one of them is enough", study.x.parameter));
  }
  const std::string* both[] = {&study.x.parameter, &study.y->parameter};
  if (std::any_of(std::begin(both), std::end(both),
                  [](auto* name) { return *name == "records"; }) &&
      std::any_of(std::begin(both), std::end(both),
                  [](auto* name) { return *name == "data-to-memory"; })) {
    throw UsageError("data-to-memory decides how many records there are; vary one of the two");
  }
  return study;
}

}  // namespace

double DefaultBudgetSeconds(bool quick) { return DefaultsFor(quick).budget_seconds; }

int RunCrossover(const CrossoverRequest& request) {
  Search search(request, StudyOf(request));
  search.CheckEnds();
  RunPlaces places(request.directory, request.output);
  os::MemoryLimit::RemoveAbandoned();
  os::CatchInterruption();
  search.Begin();
  places.Keep();
  search.Run();
  return search.Finish();
}

}  // namespace faultline::crossover
