#include "benchmarks/calibration/calibration.h"

#include <chrono>
#include <cmath>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/suite/rounds.h"
#include "harness/trial/trial.h"

namespace faultline::calibration {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr double kPrecision = verdict::kMargin;
// Small, so that a repetition is some tens of milliseconds: what is calibrated is the judge.
constexpr Geometry kGeometry = {.records = 5'000, .record_size = 125};
constexpr std::uint64_t kOperations = 5'000;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Two arms, run as the product runs a group of them.
class TwoArms {
 public:
  TwoArms(const Setting& setting, const Dataset& dataset, double factor)
      : setting_(setting), dataset_(dataset) {
    for (const double by : {1.0, factor}) {
      TrialSpec spec;
      spec.strategy = StrategyChoice(fmt::format("slowed:by={:g}", by));
      spec.workload = WorkloadChoice("random-update");
      spec.records = kGeometry.records;
      spec.record_size = kGeometry.record_size;
      spec.operations = kOperations;
      spec.cache = CacheState::kPaged;
      spec.directory = setting.directory;
      specs_.push_back(Resolve(spec));
    }
    TrialSpec* const compared[] = {&specs_[0], &specs_[1]};
    ShareClock(compared);
  }

  // `budget_seconds` 0: six rounds and no more.
  void Run(double budget_seconds) {
    std::optional<std::uint64_t> rounds;
    if (budget_seconds == 0) rounds = verdict::kFewestRounds;
    const double begin = Now();
    RoundScheduler scheduler(
        {{0, rounds}, {0, rounds}}, budget_seconds,
        {.seconds = Now,
         .run = [this](std::size_t arm, std::uint64_t round) { return Repeat(arm, round); },
         .open =
             [this] {
               return Judged().Settled(kPrecision) ? std::vector<std::size_t>()
                                                   : std::vector<std::size_t>{0, 1};
             }});
    scheduler.Run();
    seconds_ = Now() - begin;
  }

  // The second arm, the slower one, against the first.
  verdict::Comparison Judged() const {
    const verdict::Evidence card[] = {verdict::Paired(arms_[1], arms_[0])};
    return verdict::Judge(card).front();
  }

  const verdict::Rounds& arm(std::size_t index) const { return arms_[index]; }
  double seconds() const { return seconds_; }
  std::uint64_t repetitions() const { return repetitions_; }
  std::uint64_t interfered() const { return interfered_; }

 private:
  RepetitionDone Repeat(std::size_t arm, std::uint64_t round) {
    const Measurement measurement = RunTrial(specs_[arm], dataset_);
    if (!HasFigures(measurement.status) || !measurement.NsPerOperation()) {
      throw Error(fmt::format("a trial of {} {}: {}", specs_[arm].strategy.text(),
                              StatusName(measurement.status), measurement.error));
    }
    const bool interference = measurement.status == Status::kInterference;
    arms_[arm].Add(round, {*measurement.NsPerOperation(), interference});
    ++repetitions_;
    interfered_ += interference;
    return {.interference = interference};
  }

  const Setting& setting_;
  const Dataset& dataset_;
  std::vector<TrialSpec> specs_;
  verdict::Rounds arms_[2];
  double seconds_ = 0;
  std::uint64_t repetitions_ = 0;
  std::uint64_t interfered_ = 0;
};

std::vector<double> CostsOf(const verdict::Rounds& rounds) {
  std::vector<double> costs;
  for (const auto& [round, value] : rounds.values()) costs.push_back(value.cost);
  return costs;
}

void AddOthers(const TwoArms& arms, std::map<std::string, Rate>& rates) {
  const std::vector<double> first = CostsOf(arms.arm(0));
  const std::vector<double> second = CostsOf(arms.arm(1));
  for (const Rule& rule : OtherRules()) rates[rule.name].Add(rule.differ(first, second));
}

Planted RunPlanted(const Setting& setting, const Dataset& dataset, const std::string& condition,
                   double factor, double budget_seconds, std::uint64_t runs) {
  Planted planted;
  planted.factor = factor;
  planted.budget_seconds = budget_seconds;
  for (std::uint64_t run = 0; run < runs; ++run) {
    setting.progress(
        fmt::format("{}: {:g} times as long, run {} of {}", condition, factor, run + 1, runs));
    TwoArms arms(setting, dataset, factor);
    arms.Run(budget_seconds);
    const verdict::Comparison comparison = arms.Judged();
    planted.found.Add(comparison.verdict == verdict::Verdict::kSlower);
    planted.tied.Add(comparison.verdict == verdict::Verdict::kTied);
    planted.wrong.Add(comparison.verdict == verdict::Verdict::kFaster);
    AddOthers(arms, planted.others);
    planted.rounds.push_back(static_cast<double>(comparison.rounds));
    planted.seconds.push_back(arms.seconds());
    planted.ratios.push_back(1 / comparison.ratio->median);
  }
  return planted;
}

}  // namespace

ConditionResult Calibrate(const Setting& setting, const Condition& condition,
                          const Extent& extent) {
  const double begin = Now();
  const Dataset dataset = Dataset::Prepare(setting.directory, kGeometry, kSeed);
  const PlantedInterference planted(condition, setting.directory);
  ConditionResult result;
  result.condition = condition.name;
  Rate interference;
  for (std::uint64_t i = 0; i < extent.equal_comparisons; ++i) {
    setting.progress(fmt::format("{}: equal strategies, {} of {}", condition.name, i + 1,
                                 extent.equal_comparisons));
    TwoArms arms(setting, dataset, 1);
    arms.Run(0);
    const verdict::Comparison comparison = arms.Judged();
    result.false_claims.Add(comparison.verdict == verdict::Verdict::kFaster ||
                            comparison.verdict == verdict::Verdict::kSlower);
    result.tied.Add(comparison.verdict == verdict::Verdict::kTied);
    AddOthers(arms, result.others);
    const verdict::Evidence evidence = verdict::Paired(arms.arm(1), arms.arm(0));
    result.log_ratio_deviations.push_back(evidence.standard_error *
                                          std::sqrt(static_cast<double>(evidence.rounds)));
    interference.hits += arms.interfered();
    interference.tries += arms.repetitions();
  }
  result.interference = interference.Share();
  for (const double factor : {1.05, 1.1}) {
    result.planted.push_back(
        RunPlanted(setting, dataset, condition.name, factor, extent.budget_seconds, extent.runs));
  }
  for (const double factor : {1.25, 2.0}) {
    result.planted.push_back(
        RunPlanted(setting, dataset, condition.name, factor, 0, 2 * extent.runs));
  }
  result.seconds = Now() - begin;
  return result;
}

}  // namespace faultline::calibration
