// The policy that a crossover found, for programs to follow: a JSON document, and a C++17 header
// with a function from the parameters to a strategy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/crossover/study.h"
#include "harness/document/crossover.h"

namespace faultline::crossover {

// The ranges for one row of y, which stands for the values from `low` to below `high`.
struct PolicyRow {
  std::optional<double> y;  // the measured one
  double low = 0;
  double high = 0;
  Found found;
};

struct Policy {
  Axis x;
  std::optional<Axis> y;
  Figure by = Figure::kAccepted;
  std::vector<std::string> strategies;
  std::vector<PolicyRow> rows;       // ascending by y, those that tell something; one without y
  std::vector<std::string> regimes;  // Study::Regimes
  std::string machine;               // in a line
  bool complete = false;             // the search came to its end
};

// Nothing when no row tells anything.
std::optional<Policy> PolicyOf(const Study& study);

// As a document for tools.
document::Policy DocumentOf(const Policy& policy);

// A header that needs nothing but the standard library.
std::string PolicyHeader(const Policy& policy);

}  // namespace faultline::crossover
