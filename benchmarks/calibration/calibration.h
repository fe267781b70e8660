// How often the judge is right: of equal strategies and of planted differences, each with and
// without planted interference.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "benchmarks/calibration/planted_interference.h"
#include "benchmarks/calibration/rules.h"
#include "harness/os/system_info.h"

namespace faultline::calibration {

// How much is measured.
struct Extent {
  std::uint64_t equal_comparisons = 400;  // of six rounds, for each condition
  std::uint64_t runs = 10;                // of each planted difference
  double budget_seconds = 60;             // of a run with a planted difference of 1.05 or 1.1
};

// Of the runs with one planted difference.
struct Planted {
  double factor = 1;
  double budget_seconds = 0;  // 0: six rounds
  Rate found;                 // the judge said that the slower one is slower
  Rate tied;
  Rate wrong;                          // it said that the slower one is faster
  std::map<std::string, Rate> others;  // by rule: it said that they differ
  std::vector<double> rounds;          // of each run
  std::vector<double> seconds;
  std::vector<double> ratios;  // estimated
};

struct ConditionResult {
  std::string condition;
  Rate false_claims;  // of equal strategies, six rounds
  Rate tied;
  std::map<std::string, Rate> others;
  std::vector<double> log_ratio_deviations;  // of the rounds' log ratios, of each equal comparison
  double interference = 0;                   // share of repetitions that had some
  std::vector<Planted> planted;
  double seconds = 0;
};

struct Setting {
  std::filesystem::path directory;  // for data; all of it is the calibration's
  std::function<void(const std::string&)> progress;
};

// Measures in one condition. Throws Error when a trial fails, UnsupportedError where none can be
// run.
ConditionResult Calibrate(const Setting& setting, const Condition& condition, const Extent& extent);

// A measure that the product promises, and what was found.
struct Promise {
  std::string text;
  bool kept = false;
};
std::vector<Promise> PromisesOf(const std::vector<ConditionResult>& results);

void PrintMarkdown(const std::vector<ConditionResult>& results, const os::Facts& environment,
                   std::ostream& out);
nlohmann::json ToJson(const std::vector<ConditionResult>& results, const os::Facts& environment);

}  // namespace faultline::calibration
