// What the table, advice, crossovers and the peers' benchmark say of one and the same run. It fails
// where one of them has a rule of its own.
#include <algorithm>
#include <set>

#include "benchmarks/finding.h"
#include "harness/base/text.h"
#include "harness/crossover/point.h"
#include "harness/decide/advice.h"
#include "harness/decide/load_run.h"
#include "harness/report/table.h"
#include "tests/agreement/scenarios.h"
#include "tests/catch.h"

namespace faultline::agreement {
namespace {

constexpr const char* kAccepted = "ns_per_operation";
constexpr const char* kDurable = "durable_ns_per_operation";

const verdict::JudgedGroup& GroupOf(const RunDocument& document) {
  REQUIRE(document.judged().size() == 1);
  return document.judged().front();
}

std::string OneLine(const std::string& text) {
  std::string line;
  for (const std::string& word : Split(text, '\n')) line += std::string(Trim(word)) + " ";
  return line;
}

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("what is read back says what was written") {
  for (const Scenario& scenario : Scenarios()) {
    CAPTURE(scenario.name);
    const RunDocument document = DocumentOf(scenario);
    const document::Run run = ParseRun("made up", document.Text());
    CHECK_FALSE(run.judged_anew);
    REQUIRE(run.groups.size() == 1);
    const verdict::JudgedGroup& written = GroupOf(document);
    const verdict::JudgedGroup& read = run.groups.front();
    REQUIRE(read.comparisons.size() == written.comparisons.size());
    for (const verdict::GroupComparison& one : written.comparisons) {
      CAPTURE(one.figure, one.strategy, one.baseline);
      const auto found = read.Find(one.figure, one.strategy, one.baseline);
      REQUIRE(found.has_value());
      CHECK(found->verdict == one.comparison.verdict);
      CHECK(found->rounds == one.comparison.rounds);
    }
    CHECK(read.rankings.at(kAccepted).best == written.rankings.at(kAccepted).best);
  }
}

TEST_CASE("an older document is judged anew and the same") {
  for (const Scenario& scenario : Scenarios()) {
    CAPTURE(scenario.name);
    const RunDocument document = DocumentOf(scenario);
    std::string text = document.Text();
    const auto rename = [&text](const std::string& member) {
      const std::size_t at = text.find("\"" + member + "\":[");
      REQUIRE(at != std::string::npos);
      text.replace(at, member.size() + 2, "\"not_" + member + "\"");
    };
    rename("comparisons");
    rename("groups");
    const document::Run run = ParseRun("made up", text);
    CHECK(run.judged_anew);
    REQUIRE(run.groups.size() == 1);
    const verdict::JudgedGroup& written = GroupOf(document);
    for (const verdict::GroupComparison& one : written.comparisons) {
      if (one.figure != kAccepted && one.figure != kDurable) continue;
      CAPTURE(one.figure, one.strategy, one.baseline);
      const auto found = run.groups.front().Find(one.figure, one.strategy, one.baseline);
      REQUIRE(found.has_value());
      CHECK(found->verdict == one.comparison.verdict);
    }
  }
}

TEST_CASE("advice names the leaders of the run's own ranking") {
  for (const Scenario& scenario : Scenarios()) {
    CAPTURE(scenario.name);
    const RunDocument document = DocumentOf(scenario);
    const verdict::JudgedGroup& group = GroupOf(document);
    const Advice advice = Advise(ParseRun("made up", document.Text()), "", "");
    REQUIRE(advice.workloads.size() == 1);
    for (const Answer& answer : advice.workloads.front().answers) {
      const bool durable = answer.need.kind == Need::Kind::kFlushedAtEnd;
      const bool asked = durable || answer.need.kind == Need::Kind::kReturned;
      if (!asked || answer.ranked.empty()) continue;
      const verdict::GroupRanking& ranking = group.rankings.at(durable ? kDurable : kAccepted);
      CHECK(answer.best().strategy == ranking.leader());
      std::vector<std::string> best = answer.tied;
      best.push_back(answer.best().strategy);
      CHECK(Sorted(best) == Sorted(ranking.best));
      std::vector<std::string> inconclusive;
      for (const auto& [strategy, why] : answer.inconclusive) inconclusive.push_back(strategy);
      CHECK(Sorted(inconclusive) == Sorted(ranking.inconclusive));
    }
  }
}

TEST_CASE("the table's answer is the judge's") {
  for (const Scenario& scenario : Scenarios()) {
    CAPTURE(scenario.name);
    const RunDocument document = DocumentOf(scenario);
    const verdict::JudgedGroup& group = GroupOf(document);
    const verdict::GroupRanking& ranking = group.rankings.at(kAccepted);
    const std::string table = OneLine(ResultTable(document));
    CAPTURE(table);
    const std::size_t at = table.find("Answer:");
    REQUIRE(at != std::string::npos);
    const std::string answer = table.substr(at);
    const auto found = group.Find(kAccepted, ranking.leader(), group.baseline);
    if (found && found->verdict == verdict::Verdict::kFaster) {
      CHECK(answer.find("faster than " + group.baseline) != std::string::npos);
    } else {
      CHECK(answer.find("faster than " + group.baseline) == std::string::npos);
    }
    if (scenario.name == "few") CHECK(answer.find("6 needed") != std::string::npos);
    if (scenario.name == "failed") {
      CHECK(answer.find("mmap-view is") == std::string::npos);
      CHECK(ranking.leader() == "stdio");
    }
  }
}

TEST_CASE("a crossover's point has the winners of the run's ranking") {
  for (const Scenario& scenario : Scenarios()) {
    CAPTURE(scenario.name);
    const verdict::GroupRanking ranking = GroupOf(DocumentOf(scenario)).rankings.at(kAccepted);
    crossover::Point point;
    std::vector<std::string> names;
    for (const auto& [strategy, repeated] : scenario.arms) {
      std::vector<crossover::Sample> samples;
      for (std::size_t round = 0; round < repeated.size(); ++round) {
        const bool fails = strategy == scenario.failed && round + 1 == repeated.size();
        const Status status = fails                          ? Status::kFailed
                              : repeated[round].interference ? Status::kInterference
                                                             : Status::kOk;
        samples.push_back({round, status, fails ? "wrong" : "", {}});
        if (!fails)
          samples.back().ns = {repeated[round].ns, repeated[round].ns, repeated[round].ns};
      }
      if (strategy == "read-write#2") {
        point.again = {"read-write", "", samples};
      } else {
        names.push_back(strategy);
        point.arms.push_back({strategy, "", samples});
      }
      point.rounds = std::max<std::uint64_t>(point.rounds, repeated.size());
    }
    const crossover::Judgement judgement = crossover::Judge(point, crossover::Figure::kAccepted);
    std::vector<std::string> winners;
    for (const std::size_t winner : judgement.winners) winners.push_back(names[winner]);
    std::vector<std::string> best;
    for (const std::string& name : ranking.best) {
      if (name != "read-write#2") best.push_back(name);
    }
    const bool told = std::none_of(ranking.inconclusive.begin(), ranking.inconclusive.end(),
                                   [](const std::string& name) { return name != "read-write#2"; });
    CHECK(Sorted(winners) == (told ? Sorted(best) : std::vector<std::string>{}));
  }
}

TEST_CASE("the peers' benchmark finds the interval that a run of the same two has") {
  for (const bool noisy : {false, true}) {
    const double spread = noisy ? 0.3 : 0.01;
    const Scenario scenario = {
        "two",
        {{"read-write", Around(1000, 8, spread, 0)}, {"mmap-view", Around(200, 8, spread, 2)}},
        ""};
    const verdict::Comparison in_run =
        *GroupOf(DocumentOf(scenario)).Find(kAccepted, "mmap-view", "read-write");
    peers::Finding finding{.name = "read-write / mmap-view",
                           .above = "read-write",
                           .below = "mmap-view",
                           .above_ns = {},
                           .below_ns = {},
                           .target = {}};
    for (const Repeated& one : scenario.arms[0].second) finding.above_ns.push_back(one.ns);
    for (const Repeated& one : scenario.arms[1].second) finding.below_ns.push_back(one.ns);
    const verdict::Comparison found = peers::JudgeAll({finding}).front();
    CHECK(found.verdict == in_run.verdict);
    CHECK(*found.ratio->low == Approx(*in_run.ratio->low));
    CHECK(*found.ratio->high == Approx(*in_run.ratio->high));
  }
}

}  // namespace
}  // namespace faultline::agreement
