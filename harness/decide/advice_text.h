// Advice as text for a terminal.
#pragma once

#include <string>

#include "harness/decide/advice.h"

namespace faultline {

// Lines of a page.
inline constexpr std::size_t kPageLines = 60;

// At most a page of 80 columns. Workloads that don't fit are named.
std::string AdviceText(const Advice& advice);

}  // namespace faultline
