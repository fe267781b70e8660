// The document of a crossover, for tools: docs/documents.md says what is in it.
#pragma once

#include <string>

#include "harness/crossover/study.h"

namespace faultline::crossover {

// As JSON text with a line break at its end.
std::string CrossoverDocument(const Study& study);

}  // namespace faultline::crossover
