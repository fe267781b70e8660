#include "harness/report/group.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/report/summary.h"
#include "harness/trial/cut_off.h"
#include "harness/trial/trial_options.h"

namespace faultline {

std::string TrialTitle(const TrialSpec& spec) { return TrialTitle(spec, spec.workload.text()); }

std::string TrialTitle(const TrialSpec& spec, std::string_view workload) {
  return fmt::format(
      "{}{}{}, {} x {}, {} operations x {}, {}{}, cache {}{}{}{}", spec.section,
      spec.section.empty() ? "" : ": ", workload, FormatCount(spec.records),
      FormatSize(spec.record_size), FormatCount(spec.operations),
      CountOf(spec.passes, "pass", "passes"), CountOf(spec.threads, "thread"),
      spec.processes == 1 ? std::string() : fmt::format(" x {} processes", spec.processes),
      CacheStateName(spec.cache),
      spec.memory_limit_bytes
          ? fmt::format(", memory limit {}", FormatSize(*spec.memory_limit_bytes))
          : std::string(),
      spec.load == LoadMode::kOpen
          ? fmt::format(", open load{}{}",
                        spec.rate ? fmt::format(" of {}/s", FormatSignificant(*spec.rate)) : "",
                        spec.arrivals == Arrivals::kPoisson ? " at random times" : "")
          : std::string(),
      PlainTitle(spec));
}

std::string StrategyTitle(const TrialSpec& spec) {
  return spec.strategy.text() + (spec.copy > 1 ? fmt::format("#{}", spec.copy) : "");
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

std::vector<std::string> HeadlineFigures(LoadMode load) {
  if (load == LoadMode::kOpen) return {"latency.p50", "latency.p99"};
  return {kAcceptedFigure, kDurableFigure};
}

std::vector<verdict::GroupFigure> GroupFigures(std::uint64_t operations,
                                               std::uint64_t record_size) {
  const auto events = static_cast<double>(operations);
  const double bytes = events * static_cast<double>(record_size);
  std::vector<verdict::GroupFigure> figures;
  for (const FigureInfo& figure : JudgedFigures()) {
    figures.push_back(
        {.name = figure.name, .counted = figure.counted, .whole = figure.bytes ? bytes : events});
  }
  return figures;
}

std::string TroubleOf(std::span<const RepetitionEnd> repetitions) {
  std::uint64_t cut_off = 0;
  std::string unsupported;
  for (const auto& [status, error] : repetitions) {
    if (status == Status::kFailed)
      return fmt::format("failed{}{}", error.empty() ? "" : ": ", error);
    if (status == Status::kUnsupported) unsupported = fmt::format("can't be run: {}", error);
    cut_off += status == Status::kCutOff;
  }
  if (cut_off >= CutOffPolicy::kMostCutOffs) return "was cut off, as it is far behind";
  return unsupported;
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
    for (const FigureInfo& figure : JudgedFigures()) {
      const auto value = figures.find(figure.name);
      if (value == figures.end() || !value->second) continue;
      arm.figures[figure.name].Add(rounds[i], {*value->second, interference});
    }
  }
  return arm;
}

}  // namespace faultline
