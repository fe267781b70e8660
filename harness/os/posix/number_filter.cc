#include "harness/os/posix/number_filter.h"

#include <cstddef>
#include <fmt/format.h>
#include <vector>

namespace faultline::os {
namespace {

struct NumberRange {
  std::int64_t first;
  std::int64_t last;
};

std::string RangesFilter(std::string_view field, std::span<const NumberRange> ranges) {
  if (ranges.size() == 1) {
    const auto [first, last] = ranges.front();
    if (first == last) return fmt::format("({} == {})", field, first);
    return fmt::format("({} >= {} && {} <= {})", field, first, field, last);
  }
  const std::size_t middle = ranges.size() / 2;
  const std::int64_t border = ranges[middle].first;
  return fmt::format("(({} < {} && {}) || ({} >= {} && {}))", field, border,
                     RangesFilter(field, ranges.first(middle)), field, border,
                     RangesFilter(field, ranges.subspan(middle)));
}

}  // namespace

std::string NumberFilter(std::string_view field, std::span<const std::int64_t> numbers) {
  std::vector<NumberRange> ranges;
  for (const std::int64_t number : numbers) {
    if (!ranges.empty() && ranges.back().last + 1 == number) {
      ranges.back().last = number;
    } else {
      ranges.push_back({number, number});
    }
  }
  return RangesFilter(field, ranges);
}

}  // namespace faultline::os
