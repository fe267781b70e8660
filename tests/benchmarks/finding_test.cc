#include "benchmarks/finding.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "faultline/error.h"
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

std::vector<double> Same(double ns) { return std::vector<double>(6, ns); }

verdict::Comparison::Ratio RatioOf(const Finding& finding) { return *JudgeAll({finding})[0].ratio; }

TEST_CASE("a round that is slow for both arms does not change their ratio") {
  const auto ratio = RatioOf(FindingOf({10, 100, 20, 60, 30, 400}, {5, 50, 10, 30, 15, 200}, {}));
  CHECK(ratio.median == Approx(2));
  CHECK(*ratio.low == Approx(2));
  CHECK(*ratio.high == Approx(2));
}

TEST_CASE("the ratio is above by below, the geometric mean of the rounds") {
  const auto ratio = RatioOf(FindingOf({10, 40, 10, 40, 10, 40}, Same(10), {}));
  CHECK(ratio.median == Approx(2));
  CHECK(*ratio.low < 1.2);
  CHECK(*ratio.high > 3.3);
}

TEST_CASE("all findings of a table are one card: beside others an interval is wider, or the same") {
  const Finding wide = FindingOf({10, 12, 10, 12, 10, 12}, Same(10), {});
  const verdict::Comparison alone = JudgeAll({wide})[0];
  const verdict::Comparison beside = JudgeAll({wide, wide, wide})[1];
  CHECK(*beside.ratio->high > *alone.ratio->high);
  CHECK(beside.ratio->median == alone.ratio->median);
}

TEST_CASE(
    "arms with different numbers of rounds are refused and so are no round and no time at all") {
  CHECK_THROWS_AS(JudgeAll({FindingOf({1, 2}, {1}, {})}), Error);
  CHECK_THROWS_AS(JudgeAll({FindingOf({}, {}, {})}), Error);
  CHECK_THROWS_WITH(JudgeAll({FindingOf({0, 1}, {1, 1}, {})}),
                    ContainsSubstring("of 0 has no ratio"));
}

TEST_CASE("a target is met or missed only by the whole interval") {
  const verdict::Comparison::Ratio figure = {1.0, 0.9, 1.1};
  const auto says = [&figure](const Target& target) { return TargetVerdict(figure, 6, target); };
  const std::string inconclusive = "inconclusive: the interval contains the target";
  CHECK(says(AtMost(1.1)) == "met");
  CHECK(says(AtMost(1.05)) == inconclusive);
  CHECK(says(AtMost(0.9)) == inconclusive);
  CHECK(says(AtMost(0.89)) == "not met");
  CHECK(says(AtLeast(0.9)) == "met");
  CHECK(says(AtLeast(0.95)) == inconclusive);
  CHECK(says(AtLeast(1.1)) == inconclusive);
  CHECK(says(AtLeast(1.11)) == "not met");
  CHECK(says({}).empty());
}

TEST_CASE("fewer than six rounds decide no target, whatever their values") {
  const verdict::Comparison::Ratio figure = {1.0, 0.9, 1.1};
  CHECK(TargetVerdict(figure, 5, AtMost(2)) == "inconclusive: 5 rounds, 6 needed");
  CHECK(TargetVerdict({1.0, {}, {}}, 1, AtMost(2)) == "inconclusive: 1 round, 6 needed");
  const Finding few = FindingOf({20, 20, 20, 20, 20}, {10, 10, 10, 10, 10}, AtMost(3));
  const nlohmann::json document = ToJson({.environment = {}, .ratios = {few}, .memory = {}});
  const nlohmann::json& ratio = document.at("ratios").at(0);
  CHECK(ratio.at("verdict") == "inconclusive: 5 rounds, 6 needed");
  CHECK(ratio.at("ratio").at("median").get<double>() == Approx(2));
  CHECK(ratio.at("ratio").at("low").is_null());
  const Findings memory = {.environment = {}, .ratios = {}, .memory = {MemoryOf({1, 1, 1, 1, 1})}};
  CHECK(ToJson(memory).at("memory").at(0).at("verdict") == "inconclusive: 5 rounds, 6 needed");
}

TEST_CASE("the table shows each ratio with its interval and target and verdict") {
  std::ostringstream out;
  PrintTable({.environment = {},
              .ratios = {FindingOf(Same(20), Same(10), AtMost(1.02)),
                         FindingOf(Same(150), Same(10), AtLeast(10))},
              .memory = {MemoryOf(Same(12.5))}},
             out);
  CHECK_THAT(out.str(), ContainsSubstring("2.0x [2.0 2.0]"));
  CHECK_THAT(out.str(), ContainsSubstring("at most 1.02"));
  CHECK_THAT(out.str(), ContainsSubstring("not met"));
  CHECK_THAT(out.str(), ContainsSubstring("15x [15 15]"));
  CHECK_THAT(out.str(), ContainsSubstring("at least 10"));
  CHECK_THAT(out.str(), ContainsSubstring(" 12.5 "));
  CHECK_THAT(out.str(), ContainsSubstring("at most 64"));
}

TEST_CASE("a long name has a line of its own, and what wasn't measured no heading") {
  Finding finding = FindingOf(Same(3), Same(2), {});
  finding.name = std::string(60, 'n');
  std::ostringstream out;
  PrintTable({.environment = {}, .ratios = {finding}, .memory = {}}, out);
  CHECK_THAT(out.str(), ContainsSubstring("\n" + finding.name + "\n   "));
  CHECK(out.str().find("memory") == std::string::npos);
}

TEST_CASE("the document keeps every round and says null where there is no target or fact") {
  const nlohmann::json document = ToJson({.environment = {{"kernel", "Linux"}, {"swap", {}}},
                                          .ratios = {FindingOf(Same(3), Same(2), {})},
                                          .memory = {MemoryOf(Same(70))}});
  CHECK(document.at("schema") == "faultline-peers/2");
  CHECK(document.at("environment").at("kernel") == "Linux");
  CHECK(document.at("environment").at("swap").is_null());
  const nlohmann::json& ratio = document.at("ratios").at(0);
  CHECK(ratio.at("above_ns") == Same(3));
  CHECK(ratio.at("below_ns") == Same(2));
  CHECK(ratio.at("ratio").at("median").get<double>() == Approx(1.5));
  CHECK(ratio.at("rounds") == 6);
  CHECK(ratio.at("target").is_null());
  CHECK(ratio.at("verdict").is_null());
  const nlohmann::json& memory = document.at("memory").at(0);
  CHECK(memory.at("peak_mebibytes") == Same(70));
  CHECK(memory.at("target").at("at_most") == 64);
  CHECK(memory.at("verdict") == "not met");
}

TEST_CASE("a memory figure without a run is refused") {
  const Findings findings = {.environment = {}, .ratios = {}, .memory = {MemoryOf({})}};
  CHECK_THROWS_AS(ToJson(findings), Error);
}

}  // namespace
}  // namespace faultline::peers
