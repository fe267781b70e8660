// The calibration's results in words and as a document.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "benchmarks/calibration/calibration.h"
#include "harness/base/text.h"

namespace faultline::calibration {
namespace {

using nlohmann::json;

constexpr double kMostFalseClaims = 0.05;
constexpr double kMostFalseClaimsHigh = 0.08;
constexpr double kFewestFound = 0.9;

std::string Percent(double share) { return FormatReal(100 * share, 1) + " %"; }

// "3.2 % [1.7 5.4]".
std::string RateText(const Rate& rate) {
  return fmt::format("{} [{} {}]", Percent(rate.Share()), FormatReal(100 * rate.Low(), 1),
                     FormatReal(100 * rate.High(), 1));
}

std::string OutOf(const Rate& rate) { return fmt::format("{} of {}", rate.hits, rate.tries); }

double MedianOf(const std::vector<double>& values) { return values.empty() ? 0 : Median(values); }

const Planted* Find(const ConditionResult& result, double factor) {
  for (const Planted& planted : result.planted) {
    if (planted.factor == factor) return &planted;
  }
  return nullptr;
}

json RateJson(const Rate& rate) {
  return {{"hits", rate.hits},
          {"tries", rate.tries},
          {"share", rate.Share()},
          {"low", rate.Low()},
          {"high", rate.High()}};
}

json RatesJson(const std::map<std::string, Rate>& rates) {
  json object = json::object();
  for (const auto& [name, rate] : rates) object[name] = RateJson(rate);
  return object;
}

void AddFound(const std::vector<ConditionResult>& results, double factor,
              const std::vector<std::string>& conditions, const std::string& how,
              std::vector<Promise>& promises) {
  for (const ConditionResult& result : results) {
    const bool asked =
        std::find(conditions.begin(), conditions.end(), result.condition) != conditions.end();
    const Planted* planted = Find(result, factor);
    if (!asked || planted == nullptr) continue;
    promises.push_back(
        {fmt::format("{}: {:g} times as long is found in at least 9 of 10 runs {}: {}",
                     result.condition, factor, how, OutOf(planted->found)),
         planted->found.Share() >= kFewestFound});
  }
}

void PrintEqual(const std::vector<ConditionResult>& results, std::ostream& out) {
  out << "## Equal strategies\n\nHow often a rule says that two equal strategies differ, from six "
         "rounds (the old rule: from three),\nwith its exact 95 % interval.\n\n"
         "| condition | comparisons | the judge | tied |";
  for (const Rule& rule : OtherRules()) out << " " << rule.name << " |";
  out << " a round's log ratio varies by | repetitions with interference |\n|---|---|---|---|";
  for (std::size_t i = 0; i < OtherRules().size(); ++i) out << "---|";
  out << "---|---|\n";
  for (const ConditionResult& result : results) {
    out << "| " << result.condition << " | " << result.false_claims.tries << " | "
        << RateText(result.false_claims) << " | " << Percent(result.tied.Share()) << " |";
    for (const Rule& rule : OtherRules())
      out << " " << RateText(result.others.at(rule.name)) << " |";
    out << " " << FormatReal(MedianOf(result.log_ratio_deviations), 3) << " | "
        << Percent(result.interference) << " |\n";
  }
}

void PrintPlanted(const std::vector<ConditionResult>& results, std::ostream& out) {
  out << "\n## Planted differences\n\nOne of two strategies is slowed by a factor: how often the "
         "judge found it slower, called both\ntied, or called it faster; rounds and seconds are "
         "medians of the runs. The other rules see the same values.\n\n"
         "| condition | times as long | rounds | seconds | estimated | found | tied | wrong |";
  for (const Rule& rule : OtherRules()) out << " " << rule.name << " |";
  out << "\n|---|---|---|---|---|---|---|---|";
  for (std::size_t i = 0; i < OtherRules().size(); ++i) out << "---|";
  out << "\n";
  for (const ConditionResult& result : results) {
    for (const Planted& planted : result.planted) {
      out << "| " << result.condition << " | " << planted.factor << " | "
          << FormatReal(MedianOf(planted.rounds), 0) << " | "
          << FormatReal(MedianOf(planted.seconds), 1) << " | "
          << FormatReal(MedianOf(planted.ratios), 3) << " | " << OutOf(planted.found) << " | "
          << OutOf(planted.tied) << " | " << OutOf(planted.wrong) << " |";
      for (const Rule& rule : OtherRules()) {
        out << " " << OutOf(planted.others.at(rule.name)) << " |";
      }
      out << "\n";
    }
  }
}

}  // namespace

std::vector<Promise> PromisesOf(const std::vector<ConditionResult>& results) {
  std::vector<Promise> promises;
  for (const ConditionResult& result : results) {
    promises.push_back({fmt::format("{}: at most 5 % false claims, the upper end at most 8 %: {}",
                                    result.condition, RateText(result.false_claims)),
                        result.false_claims.Share() <= kMostFalseClaims &&
                            result.false_claims.High() <= kMostFalseClaimsHigh});
  }
  AddFound(results, 1.1, {"quiet", "busy loops"}, "within the budget", promises);
  for (const ConditionResult& result : results) {
    AddFound({result}, 2, {result.condition}, "of six rounds", promises);
  }
  for (const ConditionResult& result : results) {
    const Planted* planted = Find(result, 1.25);
    if (planted == nullptr) continue;
    promises.push_back({fmt::format("{}: 1.25 times as long is never called tied: {}",
                                    result.condition, OutOf(planted->tied)),
                        planted->tied.hits == 0});
  }
  return promises;
}

void PrintMarkdown(const std::vector<ConditionResult>& results, const os::Facts& environment,
                   std::ostream& out) {
  out << "# Calibration of the judge\n\nWritten by `scripts/calibrate`; what is measured and how "
         "is in "
         "`benchmarks/calibration/calibration.h`.\n";
  for (const char* name : {"processor", "processors", "kernel", "file_system"}) {
    const auto fact = environment.find(name);
    if (fact != environment.end() && fact->second) out << "\n- " << name << ": " << *fact->second;
  }
  out << "\n\n";
  PrintEqual(results, out);
  PrintPlanted(results, out);
  out << "\n## What is promised\n\n";
  for (const Promise& promise : PromisesOf(results)) {
    out << "- " << (promise.kept ? "kept: " : "**not kept**: ") << promise.text << "\n";
  }
}

json ToJson(const std::vector<ConditionResult>& results, const os::Facts& environment) {
  json facts = json::object();
  for (const auto& [name, value] : environment) facts[name] = value ? json(*value) : json(nullptr);
  json conditions = json::array();
  for (const ConditionResult& result : results) {
    json planted = json::array();
    for (const Planted& one : result.planted) {
      planted.push_back({{"factor", one.factor},
                         {"budget_seconds", one.budget_seconds},
                         {"found", RateJson(one.found)},
                         {"tied", RateJson(one.tied)},
                         {"wrong", RateJson(one.wrong)},
                         {"others", RatesJson(one.others)},
                         {"rounds", one.rounds},
                         {"seconds", one.seconds},
                         {"ratios", one.ratios}});
    }
    conditions.push_back({{"condition", result.condition},
                          {"seconds", result.seconds},
                          {"false_claims", RateJson(result.false_claims)},
                          {"tied", RateJson(result.tied)},
                          {"others", RatesJson(result.others)},
                          {"log_ratio_deviation", MedianOf(result.log_ratio_deviations)},
                          {"interference", result.interference},
                          {"planted", std::move(planted)}});
  }
  return {{"schema", "faultline-calibration/1"},
          {"environment", std::move(facts)},
          {"conditions", std::move(conditions)}};
}

}  // namespace faultline::calibration
