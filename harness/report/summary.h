// The figures of a trial over its repetitions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "harness/document/run.h"
#include "harness/trial/measurement.h"

namespace faultline {

using document::Summary;

// `rounds` are those of the repetitions.
Summary Summarize(std::span<const Measurement> repetitions, std::span<const std::uint64_t> rounds);

// Every figure of one repetition, by name.
std::map<std::string, std::optional<double>> FiguresOf(const Measurement& measurement);

}  // namespace faultline
