#include "claims/comparison.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "claims/laboratory.h"
#include "faultline/error.h"
#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/os/machine_counters.h"
#include "harness/os/scheduling.h"
#include "harness/record/dataset.h"
#include "harness/trial/interference.h"
#include "harness/trial/trial.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint64_t kMoreRounds = 2;  // where interference marked too many
constexpr const char* kSecond = "#2";     // behind the name of the arm that is run twice
constexpr const char* kPart = "/";        // between an arm and a part of its cost

// Behind the name of a ratio in the evidence.
constexpr const char* kLow = "_low";
constexpr const char* kHigh = "_high";
constexpr const char* kRounds = "_rounds";
constexpr const char* kTwins = "_twins";
constexpr const char* kInterference = "_interference";

void EnterRatio(const std::string& name, const verdict::Comparison::Ratio& ratio,
                Evidence& evidence) {
  evidence.figures[name] = ratio.median;
  if (ratio.low) evidence.figures[name + kLow] = *ratio.low;
  if (ratio.high) evidence.figures[name + kHigh] = *ratio.high;
}

void EnterRounds(const std::string& name, std::uint64_t rounds, bool with_interference,
                 Evidence& evidence) {
  evidence.figures[name + kRounds] = static_cast<double>(rounds);
  if (!with_interference) return;
  evidence.words[name + kInterference] = "rounds with interference are in it, as too few have none";
}

verdict::Comparison::Ratio RatioOf(const Evidence& evidence, const std::string& name) {
  verdict::Comparison::Ratio ratio{evidence.Figure(name), std::nullopt, std::nullopt};
  if (evidence.figures.contains(name + kLow) && evidence.figures.contains(name + kHigh)) {
    ratio.low = evidence.Figure(name + kLow);
    ratio.high = evidence.Figure(name + kHigh);
  }
  return ratio;
}

bool TwinsDiffer(const Evidence& evidence, const std::string& name) {
  const auto found = evidence.words.find(name + kTwins);
  if (found == evidence.words.end()) return false;
  const auto said = verdict::VerdictOf(found->second);
  return said == verdict::Verdict::kFaster || said == verdict::Verdict::kSlower;
}

Cost CostOf(const Measurement& measurement, std::optional<double> ns) {
  if (!ns) throw Error("a trial ended without its time");
  return {*ns, measurement.status == Status::kInterference};
}

}  // namespace

Comparison::Comparison(const Laboratory& laboratory, const std::vector<Arm>& arms,
                       std::uint64_t rounds) {
  std::vector<Arm> mixed = arms;
  std::uint64_t fewest = verdict::kFewestRounds;
  std::uint64_t most = fewest;
  if (!laboratory.quick) {
    twins_ = arms.front().name;
    mixed.push_back({twins_ + kSecond, arms.front().run});
    fewest = std::max(fewest, rounds);
    most = fewest + kMoreRounds;
  }
  for (const Arm& arm : mixed) rounds_[arm.name];
  Random random(kSeed);
  const auto enough = [&] {
    return std::all_of(mixed.begin(), mixed.end(), [&](const Arm& arm) {
      return WithoutInterference(arm.name) >= verdict::kFewestRounds;
    });
  };
  for (std::uint64_t round = 0; round < fewest || (round < most && !enough()); ++round) {
    Shuffle(mixed, random);
    Run(mixed, round);
  }
}

void Comparison::Run(std::vector<Arm>& arms, std::uint64_t round) {
  for (const Arm& arm : arms) {
    const Cost cost = arm.run();
    const auto add = [&](const std::string& name, double value) {
      rounds_[name].Add(round, {.cost = value, .interference = cost.interference});
    };
    add(arm.name, cost.value);
    for (const auto& [part, value] : cost.parts)
      add(fmt::format("{}{}{}", arm.name, kPart, part), value);
    for (const auto& [fact, value] : cost.facts) {
      add(fmt::format("{}{}{}", arm.name, kPart, fact), value);
      facts_.insert(fmt::format("{}{}{}", arm.name, kPart, fact));
    }
  }
}

const verdict::Rounds& Comparison::RoundsOf(const std::string& arm) const {
  const auto found = rounds_.find(arm);
  if (found == rounds_.end()) throw Error(fmt::format("the comparison has no costs of '{}'", arm));
  return found->second;
}

std::uint64_t Comparison::WithoutInterference(const std::string& arm) const {
  const auto& values = RoundsOf(arm).values();
  return static_cast<std::uint64_t>(std::count_if(
      values.begin(), values.end(), [](const auto& entry) { return !entry.second.interference; }));
}

Estimate Comparison::MedianCost(const std::string& arm) const {
  return *EstimateMedian(RoundsOf(arm).Costs());
}

void Comparison::Enter(const std::vector<RatioToEnter>& ratios, Evidence& evidence) const {
  std::vector<verdict::Evidence> card;
  for (const RatioToEnter& ratio : ratios) {
    card.push_back(verdict::Paired(RoundsOf(ratio.denominator), RoundsOf(ratio.numerator)));
  }
  if (!twins_.empty()) {
    card.push_back(verdict::Paired(RoundsOf(twins_ + kSecond), RoundsOf(twins_)));
  }
  const std::vector<verdict::Comparison> judged = verdict::Judge(card);
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const RatioToEnter& ratio = ratios[i];
    if (!judged[i].ratio) {
      evidence.words[ratio.name] = judged[i].reason;
      continue;
    }
    EnterRatio(ratio.name, *judged[i].ratio, evidence);
    EnterRounds(ratio.name, judged[i].rounds, judged[i].with_interference, evidence);
    if (twins_.empty() || !judged.back().ratio) continue;
    EnterRatio(ratio.name + kTwins, *judged.back().ratio, evidence);
    evidence.words[ratio.name + kTwins] = verdict::VerdictName(judged.back().verdict);
  }
}

void Comparison::EnterMedian(const std::string& name, const std::string& arm,
                             Evidence& evidence) const {
  if (!Has(arm)) return;
  const std::vector<double> costs = RoundsOf(arm).Costs();
  const Estimate estimate = *EstimateMedian(costs);
  verdict::Comparison::Ratio median{estimate.median, std::nullopt, std::nullopt};
  if (costs.size() >= verdict::kFewestRounds) {
    median.low = estimate.low;
    median.high = estimate.high;
  }
  EnterRatio(name, median, evidence);
  EnterRounds(name, costs.size(), WithoutInterference(arm) < costs.size(), evidence);
}

void Comparison::EnterCosts(const std::string& prefix, const std::string& unit,
                            Evidence& evidence) const {
  for (const auto& [arm, rounds] : rounds_) {
    if (arm.find(kSecond) != std::string::npos || facts_.contains(arm)) continue;
    std::string name = fmt::format("{}{}_{}", prefix, arm, unit);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '-' || c == '/'; }, '_');
    evidence.figures[name] = MedianCost(arm).median;
  }
}

Point Comparison::PointOf(double x, const std::string& arm) const {
  return faultline::PointOf(x, RoundsOf(arm).Costs());
}

Point PointOf(double x, std::span<const double> values) {
  const Estimate estimate = *EstimateMedian(values);
  Point point{.x = x, .y = estimate.median};
  if (values.size() >= verdict::kFewestRounds) {
    point.low = estimate.low;
    point.high = estimate.high;
  }
  return point;
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

verdict::Reached AtLeast(const Evidence& evidence, const std::string& name, double bound) {
  const verdict::Comparison::Ratio ratio = RatioOf(evidence, name);
  if (TwinsDiffer(evidence, name)) return verdict::Reached::kInconclusive;
  return verdict::AtLeast(ratio, bound);
}

verdict::Reached AtMost(const Evidence& evidence, const std::string& name, double bound) {
  const verdict::Comparison::Ratio ratio = RatioOf(evidence, name);
  if (TwinsDiffer(evidence, name)) return verdict::Reached::kInconclusive;
  return verdict::AtMost(ratio, bound);
}

std::string RatioText(const Evidence& evidence, const std::string& name) {
  const verdict::Comparison::Ratio ratio = RatioOf(evidence, name);
  const auto rounds = static_cast<std::uint64_t>(evidence.Figure(name + kRounds));
  std::string text = fmt::format("{}, {}", RatioText(ratio), CountOf(rounds, "round"));
  if (rounds < verdict::kFewestRounds)
    text += fmt::format(" of the {} needed", verdict::kFewestRounds);
  if (WithInterference(evidence, name)) text += ", with interference";
  if (TwinsDiffer(evidence, name)) {
    text += fmt::format(", but the same twice differed by {}",
                        RatioText(RatioOf(evidence, name + kTwins)));
  }
  return text;
}

bool WithInterference(const Evidence& evidence, const std::string& name) {
  return evidence.words.contains(name + kInterference);
}

TrialSpec TrialIn(const Laboratory& laboratory, const std::string& strategy,
                  const std::string& workload) {
  TrialSpec spec;
  spec.strategy = StrategyChoice(strategy);
  spec.workload = WorkloadChoice(workload);
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
  const std::string failure = fmt::format("{}: {}", spec.strategy.text(), measurement.error);
  if (measurement.status == Status::kUnsupported) throw UnsupportedError(failure);
  if (!HasFigures(measurement.status)) {
    throw Error(failure);
  }
  if (measurement.cache && !measurement.cache->before.proved) {
    throw UnsupportedError(fmt::format("the cache could not be brought to the state {}: {}",
                                       CacheStateName(spec.cache),
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
