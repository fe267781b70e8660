// Whether somebody else's doings are in a repetition's figures (METHOD rule: nobody else's I/O).
#pragma once

#include <string>

#include "harness/trial/measurement.h"

namespace faultline {

// "" for a repetition that had the machine to itself, or one line that says who else used it. Looks
// at the sums over all phases:
//   - the device's bytes exceed the process's own by more than 5 % and 4 MiB, reading or writing;
//   - pages were swapped;
//   - others ran in user mode for more than 25 % of the elapsed time, and 50 ms;
//   - the hypervisor gave more than 5 % of the elapsed time, and 50 ms, to others.
// What is absent here can't disturb.
std::string WhatDisturbed(const Measurement& measurement);

}  // namespace faultline
