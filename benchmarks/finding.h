// What a comparison found out, and how it is shown.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/os/system_info.h"
#include "harness/report/statistics.h"

namespace faultline::peers {

// What a ratio, or a figure, should be. Nothing to reach: both absent.
struct Target {
  std::optional<double> at_most;
  std::optional<double> at_least;
};

// Two arms compared: the figure is median(`above` ÷ `below`, round by round).
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

// The ratio of the two arms of each round, and from these the median with its bootstrap 95 %
// interval: what slows down a whole round slows both arms, and cancels. REQUIRES: as many values
// above as below, and at least one.
Estimate PairedRatio(const Finding& finding);

// "met" or "not met" if the whole interval lies on one side of the target, "undecided" if the
// target lies within it, "" without a target.
std::string Verdict(const Estimate& figure, const Target& target);

void PrintTable(const Findings& findings, std::ostream& out);
nlohmann::json ToJson(const Findings& findings);

}  // namespace faultline::peers
