// What may be said of two runs: verdicts, counts, and what can't be compared.
#include "harness/decide/run_comparison.h"

#include "harness/base/error.h"
#include "harness/decide/comparison_text.h"
#include "tests/catch.h"
#include "tests/decide/made_up_run.h"

namespace faultline {
namespace {

const std::vector<double> kBefore = {99, 100, 101};

Change ChangeTo(const std::vector<double>& after, double allowed = 1.05) {
  return CompareTimes(kBefore, after, allowed).change;
}

LoadedRun RunOf(const std::string& name, const std::vector<double>& ns) {
  return MadeUpRun(name, {MadeUpTrialOf("read-write", ns)});
}

RunComparison Compared(const LoadedRun& before, const LoadedRun& after,
                       const CompareOptions& options = {}) {
  return CompareRuns(before, after, options);
}

std::string WarningsOf(const RunComparison& comparison) {
  std::string text;
  for (const std::string& warning : comparison.warnings) text += warning + "\n";
  return text;
}

TEST_CASE("a verdict needs the whole interval on one side of the noise") {
  CHECK(ChangeTo({120, 121, 122}) == Change::kWorse);
  CHECK(ChangeTo({80, 81, 82}) == Change::kBetter);
  CHECK(ChangeTo({100, 101, 102}) == Change::kWithinNoise);
  CHECK(ChangeTo({104, 107, 110}) == Change::kUndecided);
  CHECK(ChangeTo({80, 100, 125}) == Change::kUndecided);
  CHECK(ChangeTo({90, 94, 99}) == Change::kUndecided);
  // The same figures, and more noise.
  CHECK(ChangeTo({120, 121, 122}, 1.3) == Change::kWithinNoise);
  CHECK(ChangeTo({80, 81, 82}, 1.3) == Change::kWithinNoise);
}

TEST_CASE("without a known noise floor nothing is within it") {
  CHECK(ChangeTo({100, 101, 102}, 1) == Change::kUndecided);
  CHECK(ChangeTo({102, 103, 104}, 1) == Change::kWorse);
  CHECK(CompareTimes(kBefore, kBefore, 1).why ==
        "the interval contains 1, and the noise floor is unknown");
}

TEST_CASE("too few repetitions decide nothing and say so") {
  const TimeChange two = CompareTimes(kBefore, std::vector<double>{200, 201}, 1.05);
  CHECK(two.change == Change::kUndecided);
  CHECK(two.why == "2 undisturbed repetitions after, 3 are needed");
  CHECK(two.ratio->median == Approx(2.005));
  const TimeChange none = CompareTimes({}, kBefore, 1.05);
  CHECK(none.change == Change::kUndecided);
  CHECK(none.why == "no undisturbed figure before");
  CHECK_FALSE(none.ratio.has_value());
  CHECK(CompareTimes(std::vector<double>{0, 0, 0}, kBefore, 1.05).change == Change::kUndecided);
}

TEST_CASE("the larger noise floor of two runs counts and the tolerance where it is larger") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", {120, 121, 122});
  CHECK(Compared(before, after).Count(Change::kWorse) == 2);
  before.noise_factor = 1.3;
  CHECK(Compared(before, after).Count(Change::kWithinNoise) == 2);
  std::swap(before.noise_factor, after.noise_factor);
  CHECK(Compared(before, after).allowed == 1.3);
  after.noise_factor = 1.05;
  CHECK(Compared(before, after, {.tolerance = 0.25}).Count(Change::kWithinNoise) == 2);
  CHECK(Compared(before, after, {.tolerance = 0.01}).GotWorse());
}

TEST_CASE("an unknown noise floor and an interrupted run are warned of") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", kBefore);
  CHECK(WarningsOf(Compared(before, after)).empty());
  after.noise_factor.reset();
  CHECK_THAT(WarningsOf(Compared(before, after)),
             ContainsSubstring("of b is unknown") && ContainsSubstring("stands for both"));
  before.noise_factor.reset();
  CHECK_THAT(WarningsOf(Compared(before, after)),
             ContainsSubstring("of a and of b") && ContainsSubstring("intervals alone"));
  CHECK_THAT(WarningsOf(Compared(before, after, {.tolerance = 0.1})),
             ContainsSubstring("only the tolerance"));
  after.complete = false;
  CHECK_THAT(WarningsOf(Compared(before, after)), ContainsSubstring("b is incomplete"));
}

TEST_CASE("only the metrics asked for are judged") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", kBefore);
  for (LoadedRepetition& repetition : after.trials[0].repetitions) {
    repetition.durable_ns = 500;
    repetition.counts["minor_faults"] = 150;
  }
  CHECK(Compared(before, after).GotWorse());
  CHECK_FALSE(Compared(before, after, {.metrics = {"accepted"}}).GotWorse());
  CHECK(Compared(before, after, {.metrics = {"minor_faults"}}).GotWorse());
  CHECK_FALSE(Compared(before, after, {.metrics = {"minor_faults"}, .tolerance = 0.6}).GotWorse());
  CHECK(Compared(after, before, {.metrics = {"minor_faults"}}).Count(Change::kBetter) == 1);
  CHECK_THROWS_WITH(Compared(before, after, {.metrics = {"minor_fault"}}),
                    "unknown metric 'minor_fault'; did you mean 'minor_faults'?");
  after.trials[0].repetitions[0].counts.erase("minor_faults");
  CHECK_THAT(WarningsOf(Compared(before, after, {.metrics = {"minor_faults"}})),
             ContainsSubstring("minor_faults is not judged in 1 of 1 trials"));
}

CountChange FaultsOf(const std::vector<std::uint64_t>& before,
                     const std::vector<std::uint64_t>& after) {
  LoadedRun runs[] = {RunOf("a", kBefore), RunOf("b", kBefore)};
  for (int i = 0; i < 3; ++i) {
    runs[0].trials[0].repetitions[i].counts["minor_faults"] = before[i];
    runs[1].trials[0].repetitions[i].counts["minor_faults"] = after[i];
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
  CHECK_FALSE(more.change.has_value());
}

TEST_CASE("disturbed repetitions don't count") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", {100, 100, 101, 900, 901});
  for (int i : {3, 4}) {
    after.trials[0].repetitions[i].status = Status::kDisturbed;
    after.trials[0].repetitions[i].counts["minor_faults"] = 7000;
  }
  const RunComparison comparison = Compared(before, after);
  CHECK(comparison.Count(Change::kWithinNoise) == 2);
  CHECK(comparison.trials[0].counts.at(0).kind == CountChange::Kind::kSame);
}

TEST_CASE("a trial that failed or was not verified after is said and is worse") {
  const LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", kBefore);
  LoadedRepetition& bad = after.trials[0].repetitions[1];
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
  after.trials[0].durability = Durability::kNever;
  CHECK(Compared(before, after).trials[0].problem_after.empty());
}

TEST_CASE("trials of one run only are listed and none in common is an error") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", kBefore);
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
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", kBefore);
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
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", kBefore);
  before.trials.push_back(MadeUpTrialOf("stdio", kBefore));
  after.trials.push_back(MadeUpTrialOf("stdio", kBefore));
  for (LoadedTrial& trial : after.trials) trial.all_parameters["seed"] = "2";
  after.trials[1].effective["buffer"] = "8KiB";
  before.trials[1].effective["buffer"] = "4KiB";
  after.trials[1].all_parameters["added_later"] = "5";
  const RunComparison comparison = Compared(before, after);
  CHECK(comparison.comparability.differences ==
        std::vector<std::string>{"seed 1 against 2 (read-write/random-update and 1 other)"});
  CHECK(comparison.comparability.notes ==
        std::vector<std::string>{
            "stdio/random-update: other settings in effect: buffer 4KiB against 8KiB"});
  CHECK(comparison.trials[1].differences == std::vector<std::string>{"seed 1 against 2"});
}

TEST_CASE("a change of the strategy that does nothing is warned of") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", {200, 201, 202});
  CHECK(WarningsOf(Compared(before, after)).empty());
  before.trials[0].durability = after.trials[0].durability = Durability::kNever;
  CHECK_THAT(WarningsOf(Compared(before, after)), ContainsSubstring("the harness itself"));
}

TEST_CASE("a table and a comment say verdict and figures and nothing in them is markup") {
  LoadedRun before = RunOf("a", kBefore);
  LoadedRun after = RunOf("b", {120, 121, 122});
  for (LoadedRun* run : {&before, &after}) run->trials[0].id = "x|`y`/z";
  for (LoadedRepetition& repetition : after.trials[0].repetitions) {
    repetition.counts["minor_faults"] = 1234;
  }
  const std::string table = ComparisonTable(Compared(before, after));
  CHECK_THAT(table,
             ContainsSubstring("2 worse, 0 better, 0 within noise, 0 undecided, of 1 trial"));
  CHECK_THAT(table,
             ContainsSubstring("  accepted  worse        1.210 [1.188 1.232]   100 → 121 ns"));
  CHECK_THAT(table, ContainsSubstring("minor_faults  100 → 1,234\n"));
  CHECK_THAT(table, !ContainsSubstring("device_write_bytes"));
  const std::string comment = ComparisonMarkdown(Compared(before, after));
  CHECK_THAT(comment,
             ContainsSubstring("| `x\\|'y'/z` | accepted | **worse** | 1.210 [1.188 1.232] "
                               "| 100 | 121 |\n"));
  CHECK_THAT(comment, ContainsSubstring("| `minor_faults` | more |  | 100 | 1,234 |\n"));
}

}  // namespace
}  // namespace faultline
