// Filters of the kernel's trace events by the value of a field.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace faultline::os {

// The expression, in parentheses, that is true of these numbers of a field and of no others. The
// kernel evaluates it at each event, one comparison after another, so it is a search: a dozen
// comparisons for a hundred numbers.
// REQUIRES: `numbers` are in order, and there are some.
std::string NumberFilter(std::string_view field, std::span<const std::int64_t> numbers);

}  // namespace faultline::os
