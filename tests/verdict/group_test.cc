// Groups: what is kept of a figure's comparisons, and rankings by name.
#include "harness/verdict/group.h"

#include <algorithm>

#include "tests/catch.h"

namespace faultline::verdict {
namespace {

GroupArm ArmAt(const std::string& name, double cost, std::size_t shift) {
  constexpr double kOff[] = {1.00, 1.01, 0.99, 1.005, 0.995, 1.00};
  GroupArm arm{.strategy = name, .trouble = {}, .figures = {}};
  for (std::uint64_t round = 0; round < 6; ++round) {
    arm.figures["time"].Add(round, {cost * kOff[(round + shift) % 6], false});
    arm.figures["count"].Add(round, {10 * cost, false});
  }
  return arm;
}

const std::vector<GroupFigure> kTimeAndCount = {
    {"time", false}, {"count", true}, {"unheard of", false}};

JudgedGroup Four() {
  const GroupArm arms[] = {ArmAt("base", 4, 0), ArmAt("lead", 1, 1), ArmAt("twin", 1.001, 3),
                           ArmAt("slow", 9, 2)};
  return JudgeGroup("a group", "base", arms, kTimeAndCount);
}

std::size_t CountOf(const JudgedGroup& group, const std::string& figure) {
  return static_cast<std::size_t>(
      std::count_if(group.comparisons.begin(), group.comparisons.end(),
                    [&figure](const GroupComparison& one) { return one.figure == figure; }));
}

TEST_CASE("a figure keeps all its pairs or those with the baseline and the leader") {
  const JudgedGroup group = Four();
  CHECK(CountOf(group, "time") == 6);
  CHECK(CountOf(group, "count") == 5);  // all but twin against slow
  CHECK_FALSE(group.Find("count", "twin", "slow").has_value());
  CHECK(group.rankings.size() == 2);
  CHECK(group.title == "a group");
}

TEST_CASE("the baseline is the one compared with wherever it is part of a pair") {
  const JudgedGroup group = Four();
  for (const GroupComparison& one : group.comparisons) CHECK(one.strategy != "base");
  CHECK(group.baseline == "base");
}

TEST_CASE("a comparison is found from both sides") {
  const JudgedGroup group = Four();
  CHECK(group.Find("time", "lead", "base")->verdict == Verdict::kFaster);
  CHECK(group.Find("time", "base", "lead")->verdict == Verdict::kSlower);
  CHECK(group.Find("time", "lead", "base")->ratio->median == Approx(4).epsilon(0.01));
  CHECK(group.Find("time", "base", "lead")->ratio->median == Approx(0.25).epsilon(0.01));
  CHECK_FALSE(group.Find("time", "lead", "nobody").has_value());
  CHECK_FALSE(group.Find("memory", "lead", "base").has_value());
}

TEST_CASE("rankings have the strategies by name") {
  const GroupRanking ranking = Four().rankings.at("time");
  CHECK(ranking.order == std::vector<std::string>{"lead", "twin", "base", "slow"});
  CHECK(ranking.best == std::vector<std::string>{"lead", "twin"});
  CHECK(ranking.slower == std::vector<std::string>{"base", "slow"});
  CHECK(ranking.leader() == "lead");
}

TEST_CASE("a ranking of some strategies has the verdicts of the whole group") {
  const JudgedGroup group = Four();
  const std::string some[] = {"slow", "base", "unknown"};
  const GroupRanking ranking = group.RankingOf("time", some);
  CHECK(ranking.order == std::vector<std::string>{"base", "slow"});
  CHECK(ranking.best == std::vector<std::string>{"base"});
  CHECK(ranking.slower == std::vector<std::string>{"slow"});
  CHECK(group.RankingOf("memory", some).empty());
  const std::string unknown[] = {"twin", "slow"};
  CHECK(group.RankingOf("count", unknown).inconclusive == std::vector<std::string>{"slow"});
}

TEST_CASE("another baseline and none at all") {
  const GroupArm arms[] = {ArmAt("a", 1, 0), ArmAt("b", 2, 1)};
  CHECK(JudgeGroup("", "b", arms, kTimeAndCount).baseline == "b");
  CHECK(JudgeGroup("", "unheard of", arms, kTimeAndCount).baseline == "a");
  CHECK(JudgeGroup("", "a", {}, kTimeAndCount).baseline.empty());
}

TEST_CASE("an arm in trouble is compared with and without figures") {
  const GroupArm arms[] = {ArmAt("a", 1, 0),
                           {.strategy = "b", .trouble = "failed: wrong file", .figures = {}}};
  const JudgedGroup group = JudgeGroup("", "a", arms, kTimeAndCount);
  REQUIRE(group.Find("time", "b", "a").has_value());
  CHECK(group.Find("time", "b", "a")->reason == "b failed: wrong file");
  CHECK(group.rankings.at("time").order == std::vector<std::string>{"a"});
}

TEST_CASE("a count may be 0, a time may not") {
  GroupArm none = ArmAt("none", 1, 0);
  for (std::uint64_t round = 0; round < 6; ++round) {
    none.figures["count"].Add(round, {0, false});
    none.figures["time"].Add(round, {0, false});
  }
  const GroupArm arms[] = {ArmAt("base", 4, 0), none};
  const JudgedGroup group = JudgeGroup("", "base", arms, kTimeAndCount);
  CHECK(group.Find("count", "none", "base")->verdict == Verdict::kFaster);
  CHECK_FALSE(group.Find("count", "none", "base")->ratio.has_value());
  CHECK(group.rankings.at("count").best == std::vector<std::string>{"none"});
  CHECK(group.Find("time", "none", "base")->verdict == Verdict::kInconclusive);
}

}  // namespace
}  // namespace faultline::verdict
