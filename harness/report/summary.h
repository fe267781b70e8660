// The figures of a trial over its repetitions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/trial/measurement.h"
#include "harness/verdict/estimate.h"

namespace faultline {

// Figure → estimate; an absent figure is one that no repetition had. The names are those of the run
// document.
using Figures = std::map<std::string, std::optional<Estimate>>;

struct Summary {
  std::uint64_t repetitions = 0;
  std::uint64_t ok = 0;
  std::uint64_t interference = 0;
  std::uint64_t failed = 0;
  std::uint64_t unsupported = 0;
  std::uint64_t cut_off = 0;
  // Of the repetitions without interference, or of all where fewer than verdict::kFewestRounds of
  // their rounds have one: what the verdicts are made of (verdict::Rounds::Costs).
  Figures figures;
  bool with_interference = false;  // repetitions with interference are in the figures

  // `name` unknown: absent.
  std::optional<Estimate> Figure(const std::string& name) const;
};

// `rounds` are those of the repetitions.
Summary Summarize(std::span<const Measurement> repetitions, std::span<const std::uint64_t> rounds);

// Every figure of one repetition, by name.
std::map<std::string, std::optional<double>> FiguresOf(const Measurement& measurement);

}  // namespace faultline
