#include "benchmarks/finding.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "faultline/error.h"
#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/verdict/estimate.h"
#include "harness/verdict/figure_text.h"

namespace faultline::peers {
namespace {

using nlohmann::json;

constexpr std::size_t kNameWidth = 48;
constexpr std::size_t kFigureWidth = 12;
constexpr std::size_t kRatioWidth = 24;
constexpr std::size_t kTargetWidth = 12;

using verdict::Comparison;

std::string TargetText(const Target& target) {
  if (target.at_most) return fmt::format("at most {:g}", *target.at_most);
  if (target.at_least) return fmt::format("at least {:g}", *target.at_least);
  return "-";
}

void PrintRow(std::ostream& out, const std::string& name, const std::string& above,
              const std::string& below, const std::string& ratio, const std::string& target,
              const std::string& verdict) {
  // A name that doesn't fit has a line of its own.
  const bool fits = Width(name) < kNameWidth;
  if (!fits) out << name << "\n";
  const std::string line =
      fmt::format("{}{}{}  {}{} {}", AlignLeft(fits ? name : "", kNameWidth),
                  AlignRight(above, kFigureWidth), AlignRight(below, kFigureWidth),
                  AlignLeft(ratio, kRatioWidth), AlignLeft(target, kTargetWidth), verdict);
  out << TrimEnd(line) << "\n";
}

json FigureJson(const Comparison::Ratio& figure) {
  const auto end = [](const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
  };
  return {{"median", figure.median}, {"low", end(figure.low)}, {"high", end(figure.high)}};
}

json TargetJson(const Target& target) {
  if (target.at_most) return {{"at_most", *target.at_most}};
  if (target.at_least) return {{"at_least", *target.at_least}};
  return nullptr;
}

json VerdictJson(const std::string& verdict) {
  return verdict.empty() ? json(nullptr) : json(verdict);
}

// The median of the runs, with the interval that the judge would ask for: none of fewer than six.
Comparison::Ratio MemoryFigure(const MemoryFinding& finding) {
  const std::optional<Estimate> estimate = EstimateMedian(finding.peak_mebibytes);
  if (!estimate) throw Error(fmt::format("no run measured '{}'", finding.name));
  if (finding.peak_mebibytes.size() < verdict::kFewestRounds) return {estimate->median, {}, {}};
  return {estimate->median, estimate->low, estimate->high};
}

std::string MemoryText(const Comparison::Ratio& figure) {
  return EstimateText(
      {figure.median, figure.low.value_or(figure.median), figure.high.value_or(figure.median)});
}

std::string MemoryVerdict(const MemoryFinding& finding) {
  return TargetVerdict(MemoryFigure(finding), finding.peak_mebibytes.size(), finding.target);
}

verdict::Rounds RoundsOf(const std::vector<double>& values) {
  verdict::Rounds rounds;
  for (std::size_t round = 0; round < values.size(); ++round) rounds.Add(round, {values[round]});
  return rounds;
}

// REQUIRES: findings that JudgeAll took have a ratio, since times are above 0.
std::string RatioVerdict(const Finding& finding, const Comparison& comparison) {
  return TargetVerdict(*comparison.ratio, comparison.rounds, finding.target);
}

}  // namespace

std::vector<Comparison> JudgeAll(const std::vector<Finding>& findings) {
  std::vector<verdict::Evidence> card;
  for (const Finding& finding : findings) {
    if (finding.above_ns.size() != finding.below_ns.size() || finding.above_ns.empty()) {
      throw Error(fmt::format("'{}' has {} values against {}; it takes a pair from every round",
                              finding.name, finding.above_ns.size(), finding.below_ns.size()));
    }
    card.push_back(verdict::Paired(RoundsOf(finding.below_ns), RoundsOf(finding.above_ns)));
    if (!card.back().missing.empty()) {
      throw Error(fmt::format("'{}': {}", finding.name, card.back().missing));
    }
  }
  return verdict::Judge(card);
}

std::string TargetVerdict(const Comparison::Ratio& figure, std::uint64_t rounds,
                          const Target& target) {
  if (!target.at_most && !target.at_least) return "";
  if (rounds < verdict::kFewestRounds || !figure.low || !figure.high) {
    return fmt::format("inconclusive: {}, {} needed", CountOf(rounds, "round"),
                       verdict::kFewestRounds);
  }
  switch (target.at_most ? verdict::AtMost(figure, *target.at_most)
                         : verdict::AtLeast(figure, *target.at_least)) {
    case verdict::Reached::kYes:
      return "met";
    case verdict::Reached::kNo:
      return "not met";
    case verdict::Reached::kInconclusive:
      break;
  }
  return "inconclusive: the interval contains the target";
}

void PrintTable(const Findings& findings, std::ostream& out) {
  PrintRow(out, "ratio of times", "above ns", "below ns", "ratio [low high]", "target", "verdict");
  const std::vector<Comparison> comparisons = JudgeAll(findings.ratios);
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const Finding& finding = findings.ratios[i];
    PrintRow(out, finding.name, FormatSignificant(Median(finding.above_ns)),
             FormatSignificant(Median(finding.below_ns)), RatioText(*comparisons[i].ratio),
             TargetText(finding.target), RatioVerdict(finding, comparisons[i]));
  }
  if (!findings.memory.empty()) {
    out << "\n";
    PrintRow(out, "peak resident memory", "", "", "MiB [low high]", "target", "verdict");
  }
  for (const MemoryFinding& finding : findings.memory) {
    PrintRow(out, finding.name, "", "", MemoryText(MemoryFigure(finding)),
             TargetText(finding.target), MemoryVerdict(finding));
  }
  for (const auto& [name, value] : findings.environment) {
    if (name.starts_with("not measured") && value) out << "\n" << name << ": " << *value << "\n";
  }
  out << "\nNanoseconds are medians of an operation's time. A ratio is the geometric mean of the\n"
         "rounds' own ratios; with 95 % all intervals of the table hold at once. 'inconclusive':\n"
         "the target lies within the interval, and more rounds would narrow it.\n";
}

json ToJson(const Findings& findings) {
  json environment = json::object();
  for (const auto& [name, value] : findings.environment) {
    environment[name] = value ? json(*value) : json(nullptr);
  }
  json ratios = json::array();
  const std::vector<Comparison> comparisons = JudgeAll(findings.ratios);
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const Finding& finding = findings.ratios[i];
    ratios.push_back({{"name", finding.name},
                      {"above", finding.above},
                      {"below", finding.below},
                      {"above_ns", finding.above_ns},
                      {"below_ns", finding.below_ns},
                      {"ratio", FigureJson(*comparisons[i].ratio)},
                      {"rounds", comparisons[i].rounds},
                      {"target", TargetJson(finding.target)},
                      {"verdict", VerdictJson(RatioVerdict(finding, comparisons[i]))}});
  }
  json memory = json::array();
  for (const MemoryFinding& finding : findings.memory) {
    memory.push_back({{"name", finding.name},
                      {"method", finding.method},
                      {"peak_mebibytes", finding.peak_mebibytes},
                      {"figure", FigureJson(MemoryFigure(finding))},
                      {"target", TargetJson(finding.target)},
                      {"verdict", VerdictJson(MemoryVerdict(finding))}});
  }
  return {{"schema", "faultline-peers/2"},
          {"environment", std::move(environment)},
          {"ratios", std::move(ratios)},
          {"memory", std::move(memory)}};
}

}  // namespace faultline::peers
