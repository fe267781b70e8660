// The options of a trial, each described once, as a row of one table.
#pragma once

#include <span>
#include <string>

#include "harness/trial/option_row.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// In the order of the help.
std::span<const OptionRow<TrialSpec>> TrialOptionRows();

// ", key value" for each parameter that titles have no words of their own for and that isn't as
// usual.
std::string PlainTitle(const TrialSpec& spec);

}  // namespace faultline
