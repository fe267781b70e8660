// What the judge's verdicts say of a group, in sentences. Nothing here compares figures by itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/report/group.h"
#include "harness/verdict/group.h"

namespace faultline {

// The option that makes a run have `rounds` rounds: "--budget 120".
using RoundsHint = std::function<std::string(std::uint64_t rounds)>;

// Who leads among `strategies` by one figure, by how much, and what isn't known: "mmap-view and
// mmap-private are tied, 5.2x [4.6 5.9] faster than read-write (accepted)", where `remark` is
// " (accepted)". No full stop. "" where fewer than two of them have the figure.
std::string AnswerOf(const verdict::JudgedGroup& group, const FigureInfo& figure,
                     std::span<const std::string> strategies, const std::string& remark,
                     const RoundsHint& hint);

// What a pair of the same strategy shows by one figure. `twin` is the strategy's second name.
struct NoiseFinding {
  double factor = 1;       // identical runs differed by up to this
  bool different = false;  // the judge took them for different strategies
};
std::optional<NoiseFinding> NoiseOf(const verdict::JudgedGroup& group, const std::string& figure,
                                    const std::string& strategy, const std::string& twin);

}  // namespace faultline
