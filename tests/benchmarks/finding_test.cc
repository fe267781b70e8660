#include "benchmarks/finding.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/base/error.h"
#include "tests/catch.h"

namespace faultline::peers {
namespace {

Finding FindingOf(std::vector<double> above, std::vector<double> below, Target target) {
  return {.name = "one against the other",
          .above = "one",
          .below = "the other",
          .above_ns = std::move(above),
          .below_ns = std::move(below),
          .target = target};
}

Target AtMost(double bound) { return {.at_most = bound, .at_least = {}}; }
Target AtLeast(double bound) { return {.at_most = {}, .at_least = bound}; }

MemoryFinding MemoryOf(std::vector<double> mebibytes) {
  return {.name = "all of it",
          .method = "by looking",
          .peak_mebibytes = std::move(mebibytes),
          .target = AtMost(64)};
}

TEST_CASE("a round that is slow for both arms does not change their ratio") {
  const Estimate ratio = PairedRatio(FindingOf({10, 100, 20}, {5, 50, 10}, {}));
  CHECK(ratio.median == 2);
  CHECK(ratio.low == 2);
  CHECK(ratio.high == 2);
}

TEST_CASE("the ratio is the middle one of the rounds") {
  const Estimate ratio = PairedRatio(FindingOf({10, 30, 90}, {10, 10, 10}, {}));
  CHECK(ratio.median == 3);
  CHECK(ratio.low == 1);
  CHECK(ratio.high == 9);
}

TEST_CASE("arms with different numbers of rounds are refused and so is no round at all") {
  CHECK_THROWS_AS(PairedRatio(FindingOf({1, 2}, {1}, {})), Error);
  CHECK_THROWS_AS(PairedRatio(FindingOf({}, {}, {})), Error);
}

TEST_CASE("a target is met or missed only by the whole interval") {
  const Estimate figure = {.median = 1.0, .low = 0.9, .high = 1.1};
  CHECK(Verdict(figure, AtMost(1.1)) == "met");
  CHECK(Verdict(figure, AtMost(1.05)) == "undecided");
  CHECK(Verdict(figure, AtMost(0.9)) == "undecided");
  CHECK(Verdict(figure, AtMost(0.89)) == "not met");
  CHECK(Verdict(figure, AtLeast(0.9)) == "met");
  CHECK(Verdict(figure, AtLeast(0.95)) == "undecided");
  CHECK(Verdict(figure, AtLeast(1.1)) == "undecided");
  CHECK(Verdict(figure, AtLeast(1.11)) == "not met");
  CHECK(Verdict(figure, {}).empty());
}

TEST_CASE("the table shows each ratio with its interval and target and verdict") {
  std::ostringstream out;
  PrintTable({.environment = {},
              .ratios = {FindingOf({20, 20}, {10, 10}, AtMost(1.02)),
                         FindingOf({150, 150}, {10, 10}, AtLeast(10))},
              .memory = {MemoryOf({12.5, 12.5})}},
             out);
  CHECK_THAT(out.str(), ContainsSubstring("2.000 [2.000 2.000]"));
  CHECK_THAT(out.str(), ContainsSubstring("at most 1.02"));
  CHECK_THAT(out.str(), ContainsSubstring("not met"));
  CHECK_THAT(out.str(), ContainsSubstring("15.0 [15.0 15.0]"));
  CHECK_THAT(out.str(), ContainsSubstring("at least 10"));
  CHECK_THAT(out.str(), ContainsSubstring("12.5 [12.5 12.5]"));
  CHECK_THAT(out.str(), ContainsSubstring("at most 64"));
}

TEST_CASE("a long name has a line of its own, and what wasn't measured no heading") {
  Finding finding = FindingOf({3, 3}, {2, 2}, {});
  finding.name = std::string(60, 'n');
  std::ostringstream out;
  PrintTable({.environment = {}, .ratios = {finding}, .memory = {}}, out);
  CHECK_THAT(out.str(), ContainsSubstring("\n" + finding.name + "\n   "));
  CHECK(out.str().find("memory") == std::string::npos);
}

TEST_CASE("the document keeps every round and says null where there is no target or fact") {
  const nlohmann::json document = ToJson({.environment = {{"kernel", "Linux"}, {"swap", {}}},
                                          .ratios = {FindingOf({3, 3}, {2, 2}, {})},
                                          .memory = {MemoryOf({70})}});
  CHECK(document.at("schema") == "faultline-peers/1");
  CHECK(document.at("environment").at("kernel") == "Linux");
  CHECK(document.at("environment").at("swap").is_null());
  const nlohmann::json& ratio = document.at("ratios").at(0);
  CHECK(ratio.at("above_ns") == std::vector<double>{3, 3});
  CHECK(ratio.at("below_ns") == std::vector<double>{2, 2});
  CHECK(ratio.at("ratio").at("median") == 1.5);
  CHECK(ratio.at("target").is_null());
  CHECK(ratio.at("verdict").is_null());
  const nlohmann::json& memory = document.at("memory").at(0);
  CHECK(memory.at("peak_mebibytes") == std::vector<double>{70});
  CHECK(memory.at("target").at("at_most") == 64);
  CHECK(memory.at("verdict") == "not met");
}

TEST_CASE("a memory figure without a run is refused") {
  const Findings findings = {.environment = {}, .ratios = {}, .memory = {MemoryOf({})}};
  CHECK_THROWS_AS(ToJson(findings), Error);
}

}  // namespace
}  // namespace faultline::peers
