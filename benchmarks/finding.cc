#include "benchmarks/finding.h"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace faultline::peers {
namespace {

using nlohmann::json;

constexpr int kNameWidth = 48;
constexpr int kFigureWidth = 12;
constexpr int kRatioWidth = 24;
constexpr int kTargetWidth = 12;

// Ratios near 1 need the third decimal, ratios near 20 don't.
std::string IntervalText(const Estimate& figure) {
  const int decimals = figure.median < 3 ? 3 : 1;
  return Concat(FormatReal(figure.median, decimals), " [", FormatReal(figure.low, decimals), " ",
                FormatReal(figure.high, decimals), "]");
}

std::string TargetText(const Target& target) {
  if (target.at_most) return Concat("at most ", *target.at_most);
  if (target.at_least) return Concat("at least ", *target.at_least);
  return "-";
}

void PrintRow(std::ostream& out, const std::string& name, const std::string& above,
              const std::string& below, const std::string& ratio, const std::string& target,
              const std::string& verdict) {
  // A name that doesn't fit has a line of its own.
  const bool fits = name.size() < static_cast<std::size_t>(kNameWidth);
  if (!fits) out << name << "\n";
  std::ostringstream columns;
  columns << std::left << std::setw(kNameWidth) << (fits ? name : "") << std::right
          << std::setw(kFigureWidth) << above << std::setw(kFigureWidth) << below << "  "
          << std::left << std::setw(kRatioWidth) << ratio << std::setw(kTargetWidth) << target
          << " " << verdict;
  std::string line = columns.str();
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << "\n";
}

json EstimateJson(const Estimate& estimate) {
  return {{"median", estimate.median}, {"low", estimate.low}, {"high", estimate.high}};
}

json TargetJson(const Target& target) {
  if (target.at_most) return {{"at_most", *target.at_most}};
  if (target.at_least) return {{"at_least", *target.at_least}};
  return nullptr;
}

json VerdictJson(const Estimate& figure, const Target& target) {
  const std::string verdict = Verdict(figure, target);
  return verdict.empty() ? json(nullptr) : json(verdict);
}

Estimate MemoryEstimate(const MemoryFinding& finding) {
  const std::optional<Estimate> estimate = EstimateMedian(finding.peak_mebibytes);
  if (!estimate) throw Error(Concat("no run measured '", finding.name, "'"));
  return *estimate;
}

}  // namespace

Estimate PairedRatio(const Finding& finding) {
  if (finding.above_ns.size() != finding.below_ns.size() || finding.above_ns.empty()) {
    throw Error(Concat("'", finding.name, "' has ", finding.above_ns.size(), " values against ",
                       finding.below_ns.size(), "; it takes a pair from every round"));
  }
  std::vector<double> ratios;
  for (std::size_t i = 0; i < finding.above_ns.size(); ++i) {
    ratios.push_back(finding.above_ns[i] / finding.below_ns[i]);
  }
  return *EstimateMedian(ratios);
}

std::string Verdict(const Estimate& figure, const Target& target) {
  if (target.at_most) {
    if (figure.high <= *target.at_most) return "met";
    return figure.low > *target.at_most ? "not met" : "undecided";
  }
  if (target.at_least) {
    if (figure.low >= *target.at_least) return "met";
    return figure.high < *target.at_least ? "not met" : "undecided";
  }
  return "";
}

void PrintTable(const Findings& findings, std::ostream& out) {
  PrintRow(out, "ratio of times", "above ns", "below ns", "ratio [low high]", "target", "verdict");
  for (const Finding& finding : findings.ratios) {
    const Estimate ratio = PairedRatio(finding);
    PrintRow(out, finding.name, FormatSignificant(Median(finding.above_ns)),
             FormatSignificant(Median(finding.below_ns)), IntervalText(ratio),
             TargetText(finding.target), Verdict(ratio, finding.target));
  }
  if (!findings.memory.empty()) {
    out << "\n";
    PrintRow(out, "peak resident memory", "", "", "MiB [low high]", "target", "verdict");
  }
  for (const MemoryFinding& finding : findings.memory) {
    const Estimate figure = MemoryEstimate(finding);
    PrintRow(out, finding.name, "", "", IntervalText(figure), TargetText(finding.target),
             Verdict(figure, finding.target));
  }
  for (const auto& [name, value] : findings.environment) {
    if (name.starts_with("not measured") && value) out << "\n" << name << ": " << *value << "\n";
  }
  out << "\nNanoseconds are medians of an operation's time. A ratio is the median of the rounds' "
         "own\n"
         "ratios, with its bootstrap 95 % interval. 'undecided': the target lies within the\n"
         "interval, and more rounds would narrow it.\n";
}

json ToJson(const Findings& findings) {
  json environment = json::object();
  for (const auto& [name, value] : findings.environment) {
    environment[name] = value ? json(*value) : json(nullptr);
  }
  json ratios = json::array();
  for (const Finding& finding : findings.ratios) {
    const Estimate ratio = PairedRatio(finding);
    ratios.push_back({{"name", finding.name},
                      {"above", finding.above},
                      {"below", finding.below},
                      {"above_ns", finding.above_ns},
                      {"below_ns", finding.below_ns},
                      {"ratio", EstimateJson(ratio)},
                      {"target", TargetJson(finding.target)},
                      {"verdict", VerdictJson(ratio, finding.target)}});
  }
  json memory = json::array();
  for (const MemoryFinding& finding : findings.memory) {
    const Estimate figure = MemoryEstimate(finding);
    memory.push_back({{"name", finding.name},
                      {"method", finding.method},
                      {"peak_mebibytes", finding.peak_mebibytes},
                      {"figure", EstimateJson(figure)},
                      {"target", TargetJson(finding.target)},
                      {"verdict", VerdictJson(figure, finding.target)}});
  }
  return {{"schema", "faultline-peers/1"},
          {"environment", std::move(environment)},
          {"ratios", std::move(ratios)},
          {"memory", std::move(memory)}};
}

}  // namespace faultline::peers
