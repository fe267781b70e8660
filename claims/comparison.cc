#include "claims/comparison.h"

#include <algorithm>
#include <cmath>

#include "claims/laboratory.h"
#include "harness/base/error.h"
#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/os/machine_counters.h"
#include "harness/os/scheduling.h"
#include "harness/record/dataset.h"
#include "harness/trial/interference.h"
#include "harness/trial/trial.h"

namespace faultline {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint64_t kMoreRounds = 2;  // where somebody else disturbed too many
constexpr const char* kSecond = "#2";     // behind the first arm's name
constexpr const char* kPart = "/";        // between an arm and a part of its cost

Cost CostOf(const Measurement& measurement, std::optional<double> ns) {
  if (!ns) throw Error("a trial ended without its time");
  return {*ns, measurement.status == Status::kDisturbed};
}

}  // namespace

Comparison::Comparison(const std::vector<Arm>& arms, std::uint64_t rounds)
    : first_arm_(arms.front().name) {
  std::vector<Arm> mixed = arms;
  mixed.push_back({arms.front().name + kSecond, arms.front().run});
  for (const Arm& arm : mixed) costs_[arm.name];
  Random random(kSeed);
  const auto all_have_enough = [&] {
    return std::all_of(mixed.begin(), mixed.end(),
                       [&](const Arm& arm) { return Undisturbed(arm.name) >= kFewestForVerdict; });
  };
  for (std::uint64_t round = 0;
       round < rounds || (round < rounds + kMoreRounds && !all_have_enough()); ++round) {
    Shuffle(mixed, random);
    for (const Arm& arm : mixed) {
      const Cost cost = arm.run();
      costs_[arm.name].push_back(cost);
      for (const auto& [part, value] : cost.parts) {
        costs_[Concat(arm.name, kPart, part)].push_back({value, cost.disturbed});
      }
    }
  }
}

std::uint64_t Comparison::Undisturbed(const std::string& arm) const {
  const auto found = costs_.find(arm);
  if (found == costs_.end()) throw Error(Concat("the comparison has no costs of '", arm, "'"));
  return static_cast<std::uint64_t>(
      std::count_if(found->second.begin(), found->second.end(),
                    [](const Cost& cost) { return !cost.disturbed; }));
}

std::vector<double> Comparison::Costs(const std::string& arm) const {
  const bool all = Undisturbed(arm) < kFewestForVerdict;
  std::vector<double> values;
  for (const Cost& cost : costs_.at(arm)) {
    if (all || !cost.disturbed) values.push_back(cost.value);
  }
  return values;
}

Estimate Comparison::MedianCost(const std::string& arm) const {
  return *EstimateMedian(Costs(arm));
}

double Comparison::NoiseFloor() const {
  const auto ratio = EstimateRatio(Costs(first_arm_), Costs(first_arm_ + kSecond));
  if (!ratio) throw Error(Concat("the costs of ", first_arm_, " are 0"));
  return std::max(std::abs(1 - ratio->low), std::abs(ratio->high - 1));
}

void Comparison::Enter(const std::string& name, const std::string& numerator,
                       const std::string& denominator, Evidence& evidence) const {
  const auto ratio = EstimateRatio(Costs(numerator), Costs(denominator));
  if (!ratio) throw Error(Concat("the cost of ", denominator, " is 0"));
  evidence.figures[name] = ratio->median;
  evidence.figures[name + "_low"] = ratio->low;
  evidence.figures[name + "_high"] = ratio->high;
  evidence.figures[name + "_noise"] = NoiseFloor();
  evidence.figures[name + "_repetitions"] =
      static_cast<double>(std::min(Undisturbed(numerator), Undisturbed(denominator)));
}

void Comparison::EnterCosts(const std::string& prefix, const std::string& unit,
                            Evidence& evidence) const {
  for (const auto& [arm, costs] : costs_) {
    if (arm.find(kSecond) != std::string::npos) continue;
    std::string name = Concat(prefix, arm, "_", unit);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '-' || c == '/'; }, '_');
    evidence.figures[name] = MedianCost(arm).median;
  }
}

Cost Timed(const std::function<void()>& action) {
  os::RunQueue run_queue;
  const os::ProcessorLimits limits;
  const auto now = [&] {
    const os::MachineActivity machine = os::ReadMachineActivity();
    return Counters{{"run_delay_ns", run_queue.ReadDelayNs()},
                    {"throttled_ns", limits.ReadThrottledNs()},
                    {"busy_user_ns", machine.busy_user_ns},
                    {"stolen_ns", machine.stolen_ns},
                    {"swapped_in_pages", machine.swapped_in_pages},
                    {"swapped_out_pages", machine.swapped_out_pages},
                    {"user_ns", os::ReadProcessUsage().user_ns}};
  };
  Measurement measurement;
  PhaseResult& phase = measurement.phases[Phase::kSteady];
  const Counters before = now();
  phase.seconds = SecondsOf(action);
  for (const auto& [name, value] : now()) {
    phase.counters[name] =
        value && before.at(name) ? CounterValue(*value - *before.at(name)) : std::nullopt;
  }
  return {phase.seconds, !FindInterference(measurement, 1).empty()};
}

Point PointAt(double x, const Estimate& estimate) {
  return {.x = x, .y = estimate.median, .low = estimate.low, .high = estimate.high};
}

Side SideOf(const Evidence& evidence, const std::string& name, double criterion) {
  const double noise = evidence.Figure(name + "_noise");
  const double low = evidence.Figure(name + "_low") * (1 - std::min(noise, 1.0));
  const double high = evidence.Figure(name + "_high") * (1 + noise);
  if (evidence.Figure(name + "_repetitions") < kFewestForVerdict) return Side::kUndecided;
  if (low > criterion) return Side::kAbove;
  if (high < criterion) return Side::kBelow;
  return Side::kUndecided;
}

std::string RatioText(const Evidence& evidence, const std::string& name) {
  return Concat(FormatSignificant(evidence.Figure(name)), "x [",
                FormatSignificant(evidence.Figure(name + "_low")), " ",
                FormatSignificant(evidence.Figure(name + "_high")), "], noise ",
                FormatSignificant(100 * evidence.Figure(name + "_noise")), " %",
                evidence.Figure(name + "_repetitions") < kFewestForVerdict ? ", disturbed" : "");
}

TrialSpec TrialIn(const Laboratory& laboratory, const std::string& strategy,
                  const std::string& workload) {
  TrialSpec spec;
  spec.strategy = strategy;
  spec.workload = workload;
  spec.cache = CacheState::kPaged;
  spec.directory = laboratory.directory;
  return spec;
}

Dataset DatasetFor(const TrialSpec& spec) {
  return Dataset::Prepare(spec.directory, Resolve(spec).DataGeometry(), spec.seed);
}

Measurement RunOnce(const TrialSpec& wanted, const Dataset& dataset) {
  const TrialSpec spec = Resolve(wanted);
  const std::string unsupported = WhyUnsupported(spec);
  if (!unsupported.empty()) throw UnsupportedError(unsupported);
  Measurement measurement = RunTrial(spec, dataset);
  const std::string failure = Concat(spec.strategy, ": ", measurement.error);
  if (measurement.status == Status::kUnsupported) throw UnsupportedError(failure);
  if (measurement.status != Status::kOk && measurement.status != Status::kDisturbed) {
    throw Error(failure);
  }
  if (measurement.cache && !measurement.cache->before.proved) {
    throw UnsupportedError(Concat("the cache could not be brought to the state ",
                                  CacheStateName(spec.cache), ": ",
                                  measurement.cache->before.why_not));
  }
  return measurement;
}

Arm TrialArm(const std::string& name, const TrialSpec& spec, const Dataset& dataset,
             std::function<Cost(const Measurement&)> cost) {
  return {name, [spec, &dataset, cost = std::move(cost)] { return cost(RunOnce(spec, dataset)); }};
}

Cost AcceptedNs(const Measurement& measurement) {
  return CostOf(measurement, measurement.NsPerOperation());
}

Cost SteadyNs(const Measurement& measurement) {
  return CostOf(measurement, measurement.SteadyNsPerOperation());
}

}  // namespace faultline
