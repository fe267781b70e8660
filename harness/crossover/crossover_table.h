// The results of a crossover as text for a terminal.
#pragma once

#include <string>

#include "harness/crossover/study.h"

namespace faultline::crossover {

// A table for each row: a line a point. Below it the ranges, the boundaries, and what went wrong.
std::string CrossoverTable(const Study& study);

// "mmap-view up to 3KiB, read-write above: the boundary lies between 2KiB and 4KiB". Of one row.
std::vector<std::string> CrossoverSentences(const Study& study, const StudyRow& row);

}  // namespace faultline::crossover
