// Figures as they are written in tables and sentences. Those that pages write too:
// tests/support/number_examples.tsv.
#include "harness/verdict/figure_text.h"

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("an estimate shows its interval unless it has no width") {
  CHECK(EstimateText({1.234, 1.2, 1.3}) == "1.23 [1.20 1.30]");
  CHECK(EstimateText({12345, 12345, 12345}) == "12,300");
}

TEST_CASE("a ratio without an interval is a factor") {
  CHECK(RatioText({1.8, std::nullopt, std::nullopt}) == "1.80x");
  CHECK(RatioText({1.8, 1.7, std::nullopt}) == "1.80x");
}

}  // namespace
}  // namespace faultline
