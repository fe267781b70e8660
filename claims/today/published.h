// Effects that others published, held against those measured here, on a machine of another size.
#pragma once

#include <string>

#include "claims/claim.h"

namespace faultline {

inline constexpr const char* kCidr2022 = "Crotty, Leis and Pavlo, CIDR 2022";

// Where an effect counts as found: half of the published one on a scale of ratios (of 4, 2), so
// nearer to what was published than to no effect. REQUIRES: published > 1.
double HalfOfEffect(double published);

// Holds if the ratio or median `name`, as Comparison::Enter and EnterMedian leave it, lies above
// the criterion, and doesn't if below; inconclusive where it wasn't measured. `what` says what it
// is a ratio of.
Judgement JudgeAbove(const Evidence& evidence, const std::string& name, double criterion,
                     const std::string& what);

// Judges the ratio that Comparison::Enter left as `name` by that criterion. `what` says what it is
// a ratio of: "direct reads' throughput against mapped reads'".
Judgement JudgeEffect(const Evidence& evidence, const std::string& name, double published,
                      const std::string& what);

// Of things that were published as equal: how far below 1 the ratio may be.
inline constexpr double kAsFast = 0.9;

// Holds if the ratio `name` lies above kAsFast, and doesn't if it lies below.
Judgement JudgeAsFast(const Evidence& evidence, const std::string& name, const std::string& what);

}  // namespace faultline
