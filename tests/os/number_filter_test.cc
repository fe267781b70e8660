// Filters of trace events, as texts; that the kernel takes them is tested with the calls
// themselves.
#include "harness/os/posix/number_filter.h"

#include <vector>

#include "tests/catch.h"

namespace faultline::os {
namespace {

std::string FilterOf(const std::vector<std::int64_t>& numbers) {
  return NumberFilter("id", numbers);
}

TEST_CASE("a filter compares with runs of numbers, and halves what is left") {
  CHECK(FilterOf({3}) == "(id == 3)");
  CHECK(FilterOf({3, 4, 5}) == "(id >= 3 && id <= 5)");
  CHECK(FilterOf({0, 1, 7}) == "((id < 7 && (id >= 0 && id <= 1)) || (id >= 7 && (id == 7)))");
  CHECK(FilterOf({1, 3, 5}) ==
        "((id < 3 && (id == 1)) || (id >= 3 && "
        "((id < 5 && (id == 3)) || (id >= 5 && (id == 5)))))");
}

}  // namespace
}  // namespace faultline::os
