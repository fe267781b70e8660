// What may be said of two runs: verdicts, counts, and what can't be compared.
#include "harness/decide/run_comparison.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/decide/comparison_text.h"
#include "tests/catch.h"
#include "tests/decide/made_up_run.h"

namespace faultline {
namespace {

const std::vector<double> kBefore = {98, 99, 100, 100, 101, 102};

document::Run RunOf(const std::string& name, const std::vector<double>& ns) {
  return MadeUpRun(name, {MadeUpTrialOf("read-write", ns)});
}

RunComparison Compared(const document::Run& before, const document::Run& after,
                       const CompareOptions& options = {}) {
  return CompareRuns(before, after, options);
}

// Of accepted alone.
TimeChange ChangeTo(const std::vector<double>& after, double tolerance = 0.05,
                    const std::vector<double>& before = kBefore) {
  return Compared(RunOf("a", before), RunOf("b", after),
                  {.metrics = {"accepted"}, .tolerance = tolerance})
      .trials.at(0)
      .times.at(0);
}

verdict::Verdict VerdictOf(const std::vector<double>& after, double tolerance = 0.05) {
  return ChangeTo(after, tolerance).comparison.verdict;
}

std::string WarningsOf(const RunComparison& comparison) {
  std::string text;
  for (const std::string& warning : comparison.warnings) text += warning + "\n";
  return text;
}

TEST_CASE("a verdict needs the whole interval on one side of 1, and a tie within the tolerance") {
  CHECK(VerdictOf(Times(1.2, kBefore)) == verdict::Verdict::kSlower);
  CHECK(VerdictOf(Times(0.8, kBefore)) == verdict::Verdict::kFaster);
  CHECK(VerdictOf(Times(1.01, kBefore)) == verdict::Verdict::kTied);
  CHECK(VerdictOf({70, 140, 75, 135, 80, 130}) == verdict::Verdict::kInconclusive);
  CHECK(VerdictOf(Times(1.2, kBefore), 0.3) == verdict::Verdict::kTied);
  CHECK(VerdictOf(Times(1.01, kBefore), 0) == verdict::Verdict::kInconclusive);
  CHECK(VerdictOf(Times(1.1, kBefore), 0) == verdict::Verdict::kSlower);
}

TEST_CASE("a run with times net of waiting is held against one without by the clock") {
  document::Trial net = MadeUpTrialOf("read-write", kBefore);
  net.net_of_waiting = true;
  for (document::Repetition& repetition : net.repetitions) {
    repetition.operations = 1000;
    const double seconds = 2 * *repetition.accepted_ns * 1000 / 1e9;  // it waited for half of it
    repetition.phases[Phase::kOpen] = {};
    repetition.phases[Phase::kFirst].seconds = seconds / 2;
    repetition.phases[Phase::kSteady].seconds = seconds / 2;
    repetition.phases[Phase::kFlush] = {};
  }
  const document::Run after = MadeUpRun("b", {net});
  const RunComparison mixed =
      Compared(RunOf("a", kBefore), after, {.metrics = {"accepted", "steady"}});
  CHECK(mixed.trials.at(0).times.at(0).comparison.verdict == verdict::Verdict::kSlower);
  CHECK(mixed.trials.at(0).times.at(0).after->median == Approx(200));
  const RunComparison both = Compared(after, after);
  CHECK(both.trials.at(0).times.at(0).comparison.verdict == verdict::Verdict::kTied);
  CHECK(both.trials.at(0).times.at(0).after->median == Approx(100));
}

TEST_CASE("the ratio is how many times as fast it became and symmetric") {
  const verdict::Comparison slower = ChangeTo(Times(2, kBefore)).comparison;
  const verdict::Comparison faster = ChangeTo(kBefore, 0.05, Times(2, kBefore)).comparison;
  CHECK(slower.ratio->median == Approx(0.5));
  CHECK(faster.ratio->median == Approx(2));
  CHECK(*faster.ratio->low == Approx(1 / *slower.ratio->high));
  CHECK(slower.rounds == 6);
}

TEST_CASE("order means nothing, as the runs have no rounds in common") {
  CHECK(ChangeTo({102, 101, 100, 100, 99, 98}).comparison.ratio->low ==
        ChangeTo(kBefore).comparison.ratio->low);
}

TEST_CASE("too few repetitions decide nothing and say what is needed") {
  const TimeChange five = ChangeTo({200, 201, 202, 203, 204});
  CHECK(five.comparison.verdict == verdict::Verdict::kInconclusive);
  CHECK(five.comparison.reason ==
        "not enough data: 6 usable before and 5 after, 6 repetitions needed on each side");
  CHECK(five.comparison.ratio->median == Approx(100. / 202).margin(0.001));
  const TimeChange none = ChangeTo({});
  CHECK(none.comparison.verdict == verdict::Verdict::kInconclusive);
  CHECK_FALSE(none.comparison.ratio.has_value());
  CHECK_FALSE(none.after.has_value());
  CHECK(ChangeTo({0, 0, 0, 0, 0, 0}).comparison.reason == "a value of 0 has no ratio");
  CHECK_THAT(ChangeTo({85, 115, 90, 110, 95, 105}).comparison.reason,
             ContainsSubstring("contains 1 and reaches beyond the tolerance of 5 %; about ") &&
                 ContainsSubstring(" repetitions on each side would settle it"));
  CHECK(ChangeTo({70, 140, 75, 135, 80, 130}, 0).comparison.reason == "the interval contains 1");
}

TEST_CASE("the more is compared the surer each verdict has to be") {
  const std::vector<double> a_little = Times(1.026, kBefore);
  CHECK(VerdictOf(a_little, 0.01) == verdict::Verdict::kSlower);
  std::vector<document::Trial> before = {MadeUpTrialOf("read-write", kBefore)};
  std::vector<document::Trial> after = {MadeUpTrialOf("read-write", a_little)};
  for (int i = 0; i < 20; ++i) {
    before.push_back(MadeUpTrialOf(fmt::format("s{}", i), kBefore));
    after.push_back(MadeUpTrialOf(fmt::format("s{}", i), kBefore));
  }
  const RunComparison both = Compared(MadeUpRun("a", before), MadeUpRun("b", after),
                                      {.metrics = {"accepted"}, .tolerance = 0.01});
  CHECK(both.trials[0].times[0].comparison.verdict == verdict::Verdict::kInconclusive);
}

TEST_CASE("an interrupted run is warned of and so is interference") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", kBefore);
  CHECK(WarningsOf(Compared(before, after)).empty());
  after.complete = false;
  CHECK_THAT(WarningsOf(Compared(before, after)), ContainsSubstring("b is incomplete"));
  after.complete = true;
  after.trials[0].repetitions[0].status = Status::kInterference;
  CHECK_THAT(WarningsOf(Compared(before, after)), ContainsSubstring("2 times include repetitions "
                                                                    "with interference"));
}

TEST_CASE("only the metrics asked for are judged") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", kBefore);
  for (document::Repetition& repetition : after.trials[0].repetitions) {
    repetition.durable_ns = 5 * *repetition.durable_ns;
    CountersOf(repetition)["minor_faults"] = 150;
  }
  CHECK(Compared(before, after).GotWorse());
  CHECK_FALSE(Compared(before, after, {.metrics = {"accepted"}}).GotWorse());
  CHECK(Compared(before, after, {.metrics = {"minor_faults"}}).GotWorse());
  CHECK(Compared(before, after, {.metrics = {"minor_faults"}, .tolerance = 0.6}).GotWorse());
  const CompareOptions wide{.metrics = {"minor_faults"}, .count_tolerance = 0.6};
  CHECK_FALSE(Compared(before, after, wide).GotWorse());
  CHECK(Compared(before, after, wide).Count(verdict::Verdict::kTied) == 1);
  CHECK(Compared(after, before, {.metrics = {"minor_faults"}}).Count(verdict::Verdict::kFaster) ==
        1);
  CHECK_THROWS_WITH(Compared(before, after, {.metrics = {"minor_fault"}}),
                    "unknown metric 'minor_fault'; did you mean 'minor_faults'?");
  CountersOf(after.trials[0].repetitions[0]).erase("minor_faults");
  CHECK_THAT(WarningsOf(Compared(before, after, {.metrics = {"minor_faults"}})),
             ContainsSubstring("minor_faults is not judged in 1 of 1 trials"));
}

CountChange FaultsOf(const std::vector<std::uint64_t>& before,
                     const std::vector<std::uint64_t>& after) {
  document::Run runs[] = {RunOf("a", kBefore), RunOf("b", kBefore)};
  for (std::size_t i = 0; i < kBefore.size(); ++i) {
    CountersOf(runs[0].trials[0].repetitions[i])["minor_faults"] = before[i % before.size()];
    CountersOf(runs[1].trials[0].repetitions[i])["minor_faults"] = after[i % after.size()];
  }
  return Compared(runs[0], runs[1]).trials[0].counts.at(0);
}

TEST_CASE("counts are compared exactly and as ranges where they vary by themselves") {
  CHECK(FaultsOf({5, 5, 5}, {5, 5, 5}).kind == CountChange::Kind::kSame);
  CHECK(FaultsOf({5, 5, 5}, {6, 6, 6}).kind == CountChange::Kind::kMore);
  CHECK(FaultsOf({5, 5, 5}, {4, 4, 4}).kind == CountChange::Kind::kFewer);
  CHECK(FaultsOf({5, 5, 5}, {5, 7, 9}).kind == CountChange::Kind::kVaries);
  CHECK(FaultsOf({5, 7, 9}, {5, 7, 9}).kind == CountChange::Kind::kVaries);
  const CountChange more = FaultsOf({5, 7, 9}, {12, 10, 11});
  CHECK(more.kind == CountChange::Kind::kMore);
  CHECK(more.before.least == 5);
  CHECK(more.before.most == 9);
  CHECK(more.after.least == 10);
  CHECK(more.after.most == 12);
  CHECK_FALSE(more.verdict.has_value());
}

TEST_CASE("one repetition decides nothing of a count") {
  document::Run before = RunOf("a", {100});
  document::Run after = RunOf("b", {100});
  CountersOf(after.trials[0].repetitions[0])["minor_faults"] = 101;
  const CompareOptions faults{.metrics = {"minor_faults"}};
  const RunComparison one = Compared(before, after, faults);
  CHECK_FALSE(one.GotWorse());
  CHECK(one.Count(verdict::Verdict::kInconclusive) == 1);
  CHECK_THAT(ComparisonTable(one),
             ContainsSubstring("minor_faults  100 → 101 (more, inconclusive)\n    not enough data: "
                               "1 before and 1 after, 2 repetitions needed on each side\n"));
  for (document::Run* run : {&before, &after}) {
    run->trials[0].repetitions.push_back(run->trials[0].repetitions[0]);
    run->trials[0].repetitions[1].round = 1;
  }
  CHECK(Compared(before, after, faults).GotWorse());
}

TEST_CASE("repetitions with interference count only for want of others") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", {98, 99, 100, 100, 101, 102, 900, 901});
  for (int i : {6, 7}) {
    after.trials[0].repetitions[i].status = Status::kInterference;
    CountersOf(after.trials[0].repetitions[i])["minor_faults"] = 7000;
  }
  const RunComparison comparison = Compared(before, after);
  CHECK(comparison.Count(verdict::Verdict::kTied) == 2);
  CHECK(comparison.trials[0].counts.at(0).kind == CountChange::Kind::kSame);
  for (document::Repetition& repetition : after.trials[0].repetitions) {
    repetition.status = Status::kInterference;
  }
  CHECK(Compared(before, after).trials[0].counts.at(0).kind == CountChange::Kind::kVaries);
  CHECK(Compared(before, after).trials[0].times[0].repetitions_after == 8);
}

TEST_CASE("a trial that failed or was not verified after is said and is worse") {
  const document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", kBefore);
  document::Repetition& bad = after.trials[0].repetitions[1];
  bad.status = Status::kFailed;
  bad.error = "record 7 is torn";
  CHECK(Compared(before, after).GotWorse());
  CHECK(Compared(before, after).trials[0].times.empty());
  CHECK_THAT(ComparisonTable(Compared(before, after)),
             ContainsSubstring("1 trial FAILED") && ContainsSubstring("record 7 is torn"));
  // A failure that is gone is no reason to complain.
  CHECK_FALSE(Compared(after, before).GotWorse());
  CHECK_THAT(ComparisonTable(Compared(after, before)),
             ContainsSubstring("not compared before: failed"));
  bad.status = Status::kOk;
  bad.verified = false;
  CHECK(Compared(before, after).trials[0].problem_after == "left a wrong file");
  bad.verified.reset();
  CHECK(Compared(before, after).trials[0].problem_after == "was not verified");
  after.trials[0].strategy.durability = Durability::kNever;
  CHECK(Compared(before, after).trials[0].problem_after.empty());
}

TEST_CASE("trials of one run only are listed and none in common is an error") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", kBefore);
  before.trials.push_back(MadeUpTrialOf("stdio", kBefore));
  after.trials.insert(after.trials.begin(), MadeUpTrialOf("mmap-view", kBefore));
  const RunComparison comparison = Compared(before, after);
  CHECK(comparison.trials.size() == 1);
  CHECK(comparison.only_before == std::vector<std::string>{"stdio/random-update"});
  CHECK(comparison.only_after == std::vector<std::string>{"mmap-view/random-update"});
  after.trials.pop_back();
  CHECK_THROWS_AS(Compared(before, after), UsageError);
}

TEST_CASE("another machine or other parameters are differences and another kernel is a note") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", kBefore);
  after.environment["free_bytes"] = "7";
  after.environment["memory_bytes"] = "8001000000";
  CHECK(Compared(before, after).comparability.notes.empty());
  CHECK(Compared(before, after).comparability.differences.empty());
  after.environment["kernel"] = "Linux 2";
  CHECK(Compared(before, after).comparability.differences.empty());
  CHECK(Compared(before, after).comparability.notes ==
        std::vector<std::string>{"kernel 'Linux 1' against 'Linux 2'"});
  after.environment["processor"] = "Made-up 2";
  after.environment["memory_bytes"] = "16000000000";
  CHECK(Compared(before, after).comparability.differences ==
        std::vector<std::string>{"memory_bytes '8000000000' against '16000000000'",
                                 "processor 'Made-up 1' against 'Made-up 2'"});
  after = RunOf("b", kBefore);
  after.environment.erase("processor");
  CHECK(Compared(before, after).comparability.differences.empty());
  CHECK(Compared(before, after).comparability.notes ==
        std::vector<std::string>{"processor is known only before: 'Made-up 1'"});
}

TEST_CASE("a parameter that differs is named once for all trials it differs in") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", kBefore);
  before.trials.push_back(MadeUpTrialOf("stdio", kBefore));
  after.trials.push_back(MadeUpTrialOf("stdio", kBefore));
  for (document::Trial& trial : after.trials) {
    trial.parameters.others["seed"] = std::uint64_t{2};
  }
  after.trials[1].strategy.effective["buffer"] = "8KiB";
  before.trials[1].strategy.effective["buffer"] = "4KiB";
  after.trials[1].parameters.others["added_later"] = std::uint64_t{5};
  const RunComparison comparison = Compared(before, after);
  CHECK(comparison.comparability.differences ==
        std::vector<std::string>{"seed 1 against 2 (read-write/random-update and 1 other)"});
  CHECK(comparison.comparability.notes ==
        std::vector<std::string>{
            "stdio/random-update: other settings in effect: buffer 4KiB against 8KiB"});
  CHECK(comparison.trials[1].differences == std::vector<std::string>{"seed 1 against 2"});
}

TEST_CASE("a change of the strategy that does nothing is warned of") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", Times(2, kBefore));
  CHECK(WarningsOf(Compared(before, after)).empty());
  before.trials[0].strategy.durability = after.trials[0].strategy.durability = Durability::kNever;
  CHECK_THAT(WarningsOf(Compared(before, after)), ContainsSubstring("the harness itself"));
}

TEST_CASE("a table and a comment say verdict and figures and nothing in them is markup") {
  document::Run before = RunOf("a", kBefore);
  document::Run after = RunOf("b", Times(1.2, kBefore));
  for (document::Run* run : {&before, &after}) run->trials[0].id = "x|`y`/z";
  for (document::Repetition& repetition : after.trials[0].repetitions) {
    CountersOf(repetition)["minor_faults"] = 1234;
  }
  const std::string table = ComparisonTable(Compared(before, after));
  CHECK_THAT(table, ContainsSubstring("2 worse, 0 better, 0 tied, 0 inconclusive, of 1 trial"));
  CHECK_THAT(table, ContainsSubstring("  accepted  worse         1.20x [1.1") &&
                        ContainsSubstring("100 → 120 ns\n"));
  CHECK_THAT(table, ContainsSubstring("minor_faults  100 → 1,234\n"));
  CHECK_THAT(table, !ContainsSubstring("device_write_bytes"));
  const std::string comment = ComparisonMarkdown(Compared(before, after));
  CHECK_THAT(comment, ContainsSubstring("| `x\\|'y'/z` | accepted | **worse** | 1.20x [1.1") &&
                          ContainsSubstring("] | 100 ns | 120 ns |\n"));
  CHECK_THAT(comment, ContainsSubstring("| `minor_faults` | more |  | 100 | 1,234 |\n"));
}

TEST_CASE("the last line says what came out and what is open") {
  const auto last = [](const std::vector<double>& after) {
    const RunComparison comparison = Compared(RunOf("a", kBefore), RunOf("b", after));
    const std::string comment = ComparisonMarkdown(comparison);
    const std::string table = ComparisonTable(comparison);
    for (const std::string& line : Split(table, '\n')) CHECK(line.size() <= 82);  // with an arrow
    const std::string line = Split(table, '\n').end()[-2];
    CHECK(comment.ends_with("\n" + line + "\n"));
    return line;
  };
  CHECK(last(kBefore) == "Nothing got worse.");
  CHECK(last(Times(2, kBefore)) ==
        "Got worse: 2 worse, 0 better, 0 tied, 0 inconclusive, of 1 trial.");
  CHECK(last({1, 2}) == "0 worse, but 2 inconclusive; with --strict that is an exit code of 1.");
}

}  // namespace
}  // namespace faultline
