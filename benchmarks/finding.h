// The findings of a comparison: their values, their verdicts, and how they are shown.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/os/system_info.h"
#include "harness/verdict/comparison.h"

namespace faultline::peers {

// What a ratio, or a figure, should be. Nothing to reach: both absent.
struct Target {
  std::optional<double> at_most;
  std::optional<double> at_least;
};

// Two arms compared: the figure is `above` ÷ `below`, by the ratios of the rounds.
struct Finding {
  std::string name;
  std::string above;             // what is divided: "mmap-view"
  std::string below;             // by what: "hand-written loop"
  std::vector<double> above_ns;  // of an operation, a value per round
  std::vector<double> below_ns;  // likewise, of the same rounds
  Target target;
};

// A figure of its own, with no peer.
struct MemoryFinding {
  std::string name;
  std::string method;                  // how it was measured
  std::vector<double> peak_mebibytes;  // a value per run
  Target target;
};

struct Findings {
  os::Facts environment;
  std::vector<Finding> ratios;
  std::vector<MemoryFinding> memory;
};

// One comparison for each finding, `above` as the baseline: its ratio is above ÷ below. All of them
// are one card of the judge, so that its 5 % are the error of all intervals together. Throws Error
// for a finding that hasn't as many values above as below, or none.
std::vector<verdict::Comparison> JudgeAll(const std::vector<Finding>& findings);

// Of `rounds` values. "met" or "not met" if the whole interval lies on one side of the target,
// "inconclusive: …" with the reason if it doesn't, or there is no interval; "" without a target.
std::string TargetVerdict(const verdict::Comparison::Ratio& figure, std::uint64_t rounds,
                          const Target& target);

void PrintTable(const Findings& findings, std::ostream& out);
nlohmann::json ToJson(const Findings& findings);

}  // namespace faultline::peers
