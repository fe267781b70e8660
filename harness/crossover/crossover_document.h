// What a crossover found, as documents for tools (harness/document/crossover.h).
#pragma once

#include "harness/crossover/study.h"
#include "harness/document/crossover.h"

namespace faultline::crossover {

document::CrossoverStudy DocumentOf(const Study& study);

document::CrossoverAxis DocumentOf(const Axis& axis);

}  // namespace faultline::crossover
