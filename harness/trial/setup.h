// Prepares the data file for the first pass of a plan.
#pragma once

#include "faultline/data_file.h"
#include "harness/record/plan.h"

namespace faultline {

// Sets the untouched data file up for the first pass of `plan`, played by `workers`: what the setup
// discards becomes zeros, in holes where the file system has them, and durable. The same for all
// strategies, whatever they do with a discard. Throws Error, also for setup of another kind.
void SetUpFirstPass(const DatasetFile& file, const Plan& plan, std::uint64_t workers);

}  // namespace faultline
