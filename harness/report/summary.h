// The figures of a trial over its repetitions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/report/statistics.h"
#include "harness/trial/measurement.h"

namespace faultline {

// Figure → estimate; an absent figure is one that no repetition had. The names are those of the run
// document.
using Figures = std::map<std::string, std::optional<Estimate>>;

struct Summary {
  std::uint64_t repetitions = 0;
  std::uint64_t ok = 0;
  std::uint64_t disturbed = 0;
  std::uint64_t failed = 0;
  std::uint64_t unsupported = 0;
  std::uint64_t cut_off = 0;
  Figures figures;                        // of the repetitions that are ok
  std::optional<Figures> disturbed_only;  // of the disturbed ones, when none is ok

  // The figures to show: disturbed_only where there is nothing better. `name` unknown: absent.
  std::optional<Estimate> Best(const std::string& name) const;
};

Summary Summarize(std::span<const Measurement> repetitions);

// The values of one figure over the repetitions with that status, in their order.
std::vector<double> FigureValues(std::span<const Measurement> repetitions, Status status,
                                 const std::string& figure);

// Every figure of one repetition, by name.
std::map<std::string, std::optional<double>> FiguresOf(const Measurement& measurement);

}  // namespace faultline
