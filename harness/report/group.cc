#include "harness/report/group.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/report/summary.h"
#include "harness/trial/cut_off.h"
#include "strategies/strategy.h"

namespace faultline {
namespace {

constexpr FigureInfo kFigures[] = {
    {kAcceptedFigure, "accepted", false},
    {kDurableFigure, "durable", false},
    {kSteadyFigure, "steady", false},
    {"latency.p50", "latency p50", false},
    {"latency.p99", "latency p99", false},
    {"latency.p999", "latency p99.9", false},
    {"total.minor_faults", "minor faults", true},
    {"total.major_faults", "major faults", true},
    {"total.read_bytes", "bytes read", true},
    {"total.write_bytes", "bytes written", true},
};

// Why the trial counts for nothing, as the verb behind its strategy's name; or "".
}  // namespace

std::string TrialTitle(const TrialSpec& spec) {
  return Concat(spec.section, spec.section.empty() ? "" : ": ", spec.workload, ", ",
                FormatCount(spec.records), " x ", FormatSize(spec.record_size), ", ",
                FormatCount(spec.operations), " operations x ", spec.passes,
                spec.passes == 1 ? " pass, " : " passes, ", spec.threads,
                spec.threads == 1 ? " thread" : " threads",
                spec.processes == 1 ? std::string() : Concat(" x ", spec.processes, " processes"),
                ", cache ", CacheStateName(spec.cache),
                spec.memory_limit_bytes
                    ? Concat(", memory limit ", FormatSize(*spec.memory_limit_bytes))
                    : std::string(),
                spec.load == LoadMode::kOpen
                    ? Concat(", open load",
                             spec.rate ? Concat(" of ", FormatSignificant(*spec.rate), "/s") : "",
                             spec.arrivals == Arrivals::kPoisson ? " at random times" : "")
                    : std::string());
}

std::string StrategyTitle(const TrialSpec& spec) {
  return spec.strategy + (spec.copy > 1 ? Concat("#", spec.copy) : "");
}

std::vector<TrialGroup> GroupsOf(std::span<const TrialSpec> trials) {
  std::vector<TrialGroup> groups;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    std::string title = TrialTitle(trials[i]);
    const auto found =
        std::find_if(groups.begin(), groups.end(),
                     [&title](const TrialGroup& group) { return group.title == title; });
    if (found == groups.end()) {
      groups.push_back({std::move(title), {i}});
    } else {
      found->trials.push_back(i);
    }
  }
  return groups;
}

std::span<const FigureInfo> JudgedFigures() { return kFigures; }

const FigureInfo* FindFigure(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kFigures), std::end(kFigures),
                   [name](const FigureInfo& figure) { return name == figure.name; });
  return found == std::end(kFigures) ? nullptr : found;
}

std::vector<std::string> HeadlineFigures(LoadMode load) {
  if (load == LoadMode::kOpen) return {"latency.p50", "latency.p99"};
  return {kAcceptedFigure, kDurableFigure};
}

std::vector<verdict::GroupFigure> GroupFigures() {
  std::vector<verdict::GroupFigure> figures;
  for (const FigureInfo& figure : kFigures) figures.push_back({figure.name, !figure.counted});
  return figures;
}

std::string_view VerdictWord(verdict::Verdict verdict, const FigureInfo& figure) {
  if (figure.counted && verdict == verdict::Verdict::kFaster) return "fewer";
  if (figure.counted && verdict == verdict::Verdict::kSlower) return "more";
  return verdict::VerdictName(verdict);
}

std::string TroubleOf(std::span<const RepetitionEnd> repetitions) {
  std::uint64_t cut_off = 0;
  std::string unsupported;
  for (const auto& [status, error] : repetitions) {
    if (status == Status::kFailed) return Concat("failed", error.empty() ? "" : ": ", error);
    if (status == Status::kUnsupported) unsupported = Concat("can't be run: ", error);
    cut_off += status == Status::kCutOff;
  }
  if (cut_off >= CutOffPolicy::kMostCutOffs) return "was cut off, as it is far behind";
  return unsupported;
}

bool Stores(const TrialSpec& spec) {
  return Registry<StrategyInfo>::Instance().Find(ParseSpec(spec.strategy).name).capabilities.stores;
}

verdict::GroupArm ArmOf(const TrialSpec& spec, std::span<const Measurement> repetitions,
                        std::span<const std::uint64_t> rounds) {
  std::vector<RepetitionEnd> ends;
  for (const Measurement& repetition : repetitions) {
    ends.push_back({repetition.status, repetition.error});
  }
  verdict::GroupArm arm{.strategy = StrategyTitle(spec), .trouble = TroubleOf(ends), .figures = {}};
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    if (!HasFigures(repetitions[i].status)) continue;
    const bool interference = repetitions[i].status == Status::kInterference;
    const auto figures = FiguresOf(repetitions[i]);
    for (const FigureInfo& figure : kFigures) {
      const auto value = figures.find(figure.name);
      if (value == figures.end() || !value->second) continue;
      arm.figures[figure.name].Add(rounds[i], {*value->second, interference});
    }
  }
  return arm;
}

}  // namespace faultline
