// Advice on made-up runs: every outcome, and the words for it.
#include "harness/decide/advice.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/decide/advice_text.h"
#include "tests/catch.h"
#include "tests/decide/made_up_run.h"
#include "tests/support/unwrapped.h"

namespace faultline {
namespace {

// Rounds whose noise all strategies share, so that ratios are exact.
const std::vector<double> kFast = {98, 99, 100, 100, 101, 102};
const std::vector<double> kSlow = Times(4, kFast);
const std::vector<double> kAlike = Times(1.02, kFast);
// Noise of its own, so that nothing can be said of it.
const std::vector<double> kNoisy = {66, 176, 68, 177, 72, 169};

document::Trial Periodic(const std::string& every, const std::vector<double>& ns,
                         const std::string& strategy = "flushed") {
  document::Trial trial = MadeUpTrialOf(strategy + ":every=" + every, ns);
  trial.strategy.durability = Durability::kPeriodic;
  trial.strategy.flush_period = std::stoull(every);
  return trial;
}

document::Trial InCache(const std::string& state, document::Trial trial) {
  trial.parameters.cache = state;
  trial.id = state + "/" + trial.id;
  return trial;
}

// The answers of a run with one workload.
WorkloadAdvice AdviceOf(std::vector<document::Trial> trials, const std::string& baseline = "") {
  const Advice advice = Advise(MadeUpRun("r", std::move(trials)), baseline, "");
  REQUIRE(advice.workloads.size() == 1);
  return advice.workloads.front();
}

Answer FirstAnswer(std::vector<document::Trial> trials, const std::string& baseline = "") {
  return AdviceOf(std::move(trials), baseline).answers.front();
}

std::string WordsOf(const Advice& advice) { return Unwrapped(AdviceText(advice)); }

std::string WordsOf(std::vector<document::Trial> trials, const std::string& baseline = "") {
  return WordsOf(Advise(MadeUpRun("r", std::move(trials)), baseline, ""));
}

TEST_CASE("the leader is said with its gain over the baseline") {
  const std::vector<document::Trial> trials = {MadeUpTrialOf("read-write", kSlow),
                                               MadeUpTrialOf("mmap-view", kFast)};
  const Answer answer = FirstAnswer(trials);
  CHECK(answer.need == Need{Need::Kind::kReturned, 0});
  CHECK(answer.baseline == "read-write");
  CHECK(answer.best().strategy == "mmap-view");
  CHECK(answer.tied.empty());
  CHECK(answer.standing == Answer::Standing::kSlower);
  CHECK(answer.gain->verdict == verdict::Verdict::kFaster);
  CHECK(answer.gain->ratio->median == Approx(4));
  CHECK_THAT(WordsOf(trials),
             ContainsSubstring("If the calls need only return: mmap-view, 4.0x [4.0 4.0] faster "
                               "than read-write (100 against 400 ns per operation)."));
}

TEST_CASE("tied and inconclusive strategies are said and what is missing") {
  const std::vector<document::Trial> trials = {
      MadeUpTrialOf("a", kAlike), MadeUpTrialOf("b", kFast), MadeUpTrialOf("c", kNoisy),
      MadeUpTrialOf("d", kSlow), MadeUpTrialOf("e", {99, 100, 101})};
  const Answer answer = FirstAnswer(trials, "a");
  CHECK(answer.best().strategy == "b");
  CHECK(answer.tied == std::vector<std::string>{"a"});
  REQUIRE(answer.inconclusive.size() == 2);
  CHECK(answer.inconclusive[0].first == "e");
  CHECK(answer.inconclusive[0].second == "not enough data: 3 usable rounds, 6 needed");
  CHECK(answer.inconclusive[1].first == "c");
  CHECK_THAT(answer.inconclusive[1].second, ContainsSubstring("rounds would settle it"));
  CHECK(answer.runner_up == "d");
  CHECK(answer.standing == Answer::Standing::kTied);
  const std::string words = WordsOf(trials, "a");
  CHECK_THAT(words, ContainsSubstring("b (100 ns per operation), tied with the baseline a (102). "
                                      "It is 4.0x [4.0 4.0] faster than the next slower one, "
                                      "d. Inconclusive: e (not enough data: 3 usable rounds, "
                                      "6 needed); c (the interval contains 1 and reaches"));
  CHECK_THAT(WordsOf(trials, "d"), ContainsSubstring(" Tied: a."));
  CHECK_THAT(WordsOf(trials, "c"), ContainsSubstring("Inconclusive against the baseline c (12"));
}

TEST_CASE("the baseline may lead or be of another promise or without figures") {
  const std::vector<document::Trial> trials = {MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
                                               Periodic("1", kSlow)};
  CHECK(FirstAnswer(trials, "a").standing == Answer::Standing::kLeads);
  CHECK(FirstAnswer(trials, "flushed:every=1").standing == Answer::Standing::kOtherPromise);
  CHECK(FirstAnswer(trials, "a").runner_up == "b");
  CHECK(FirstAnswer(trials, "a").lead->ratio->median == Approx(4));
  CHECK_THAT(
      WordsOf(trials, "a"),
      ContainsSubstring("a (100 ns per operation), the baseline itself. It is 4.0x [4.0 4.0] "
                        "faster than the next slower one, b."));
  CHECK_THAT(WordsOf(trials, "flushed:every=1"), ContainsSubstring("promises something else"));
  // Unless told otherwise, it is what the run compares with.
  CHECK(FirstAnswer(trials).baseline == "a");
  CHECK_THROWS_WITH(Advise(MadeUpRun("r", trials), "flushed:every=2", ""),
                    ContainsSubstring("did you mean 'flushed:every=1'?"));
  CHECK_THROWS_AS(Advise(MadeUpRun("r", trials), "", "sorting"), UsageError);
}

TEST_CASE("a baseline with too few usable repetitions is said with the number needed") {
  std::vector<document::Trial> trials = {MadeUpTrialOf("read-write", {400, 401}),
                                         MadeUpTrialOf("b", kFast), MadeUpTrialOf("c", kSlow)};
  CHECK(FirstAnswer(trials).standing == Answer::Standing::kInconclusive);
  CHECK_THAT(WordsOf(trials), ContainsSubstring("b (100 ns per operation). No usable measurement "
                                                "of read-write (2 of the 6 needed)."));
  trials[0].repetitions.clear();
  CHECK(FirstAnswer(trials).standing == Answer::Standing::kNotMeasured);
  CHECK_THAT(WordsOf(trials), ContainsSubstring("of read-write (0 of the 6 needed)."));
}

TEST_CASE("nothing is advised where nothing is settled") {
  const std::vector<document::Trial> trials = {MadeUpTrialOf("read-write", {400, 401, 402}),
                                               MadeUpTrialOf("b", {100, 101, 102}),
                                               MadeUpTrialOf("c", {110, 111, 112})};
  const Answer answer = FirstAnswer(trials);
  CHECK(answer.ranked.size() == 3);
  CHECK_FALSE(answer.advised());
  CHECK(answer.elsewhere.empty());
  CHECK_THAT(WordsOf(trials),
             ContainsSubstring("nothing is settled; the least was taken by b (101 ns per "
                               "operation). No usable measurement of read-write (3 of the 6 "
                               "needed). Inconclusive: c (not enough data: 3 usable rounds, 6 "
                               "needed)."));
}

TEST_CASE("an A/A pair is two strategies and is never pooled") {
  const std::vector<document::Trial> trials = {MadeUpTrialOf("a", kFast), MadeUpTwinOf("a", kAlike),
                                               MadeUpTrialOf("b", kSlow)};
  const Answer answer = FirstAnswer(trials);
  REQUIRE(answer.ranked.size() == 3);
  CHECK(answer.best().ns.median == 100);
  CHECK(answer.tied == std::vector<std::string>{"a#2"});
  CHECK_THAT(WordsOf(trials), ContainsSubstring("#2 marks the second of an A/A pair"));
  const std::vector<document::Trial> apart = {MadeUpTrialOf("a", kSlow), MadeUpTwinOf("a", kFast)};
  CHECK(FirstAnswer(apart).best().strategy == "a#2");
  CHECK_THAT(WordsOf({MadeUpTrialOf("a", kFast)}), !ContainsSubstring("A/A"));
}

TEST_CASE("what the run's document says is what is advised") {
  document::Run run =
      MadeUpRun("r", {MadeUpTrialOf("read-write", kSlow), MadeUpTrialOf("mmap-view", kFast)});
  for (verdict::GroupComparison& one : run.groups[0].comparisons) {
    one.comparison.verdict = verdict::Verdict::kTied;
    one.comparison.ratio = {.median = 1.01, .low = 0.99, .high = 1.03};
  }
  const Answer answer = Advise(run, "", "").workloads[0].answers[0];
  CHECK(answer.standing == Answer::Standing::kTied);
  CHECK(answer.tied == std::vector<std::string>{"read-write"});
  CHECK_THAT(WordsOf(Advise(run, "", "")), ContainsSubstring("tied with the baseline"));
}

TEST_CASE("a run that was judged anew and rounds with interference are said") {
  document::Trial interfered = MadeUpTrialOf("a", kFast);
  interfered.repetitions[2].status = Status::kInterference;
  document::Run run = MadeUpRun("r", {interfered, MadeUpTrialOf("b", kSlow)});
  run.complete = false;
  run.judged_anew = true;
  const Advice advice = Advise(run, "", "");
  CHECK(advice.workloads[0].answers[0].best().strategy == "a");
  REQUIRE(advice.warnings.size() == 2);
  CHECK_THAT(advice.warnings[0], ContainsSubstring("is incomplete"));
  CHECK_THAT(advice.warnings[1], ContainsSubstring("rounds with interference"));
  CHECK_THAT(WordsOf(advice), ContainsSubstring(kJudgedAnew));
  run = MadeUpRun("r", {MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow)});
  CHECK(Advise(run, "", "").warnings.empty());
  CHECK_THAT(AdviceText(Advise(run, "", "")), !ContainsSubstring("judged anew"));
}

TEST_CASE("strategies are compared only with those that promise the same") {
  document::Trial idle = MadeUpTrialOf("null", {1, 1, 1, 1, 1, 1});
  idle.strategy.durability = Durability::kNever;
  document::Trial lazy = Periodic("1", Times(0.5, kFast), "lazy");
  lazy.strategy.flush_period.reset();  // its flushes aren't waited for
  const WorkloadAdvice advice = AdviceOf({MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
                                          idle, lazy, Periodic("10", {9, 9, 9, 9, 9, 9}),
                                          Periodic("1", kSlow), Periodic("1", kFast, "direct")});
  REQUIRE(advice.answers.size() == 4);
  CHECK(advice.answers[0].best().strategy == "lazy:every=1");
  CHECK(advice.answers[0].ranked.size() == 3);
  CHECK(advice.answers[1].need.kind == Need::Kind::kFlushedAtEnd);
  CHECK(advice.answers[1].best().ns.median == Approx(1.1 * 50));
  CHECK(advice.answers[2].need == Need{Need::Kind::kEvery, 1});
  CHECK(advice.answers[2].best().strategy == "direct:every=1");
  CHECK(advice.answers[2].ranked.size() == 2);
  CHECK(advice.answers[3].need == Need{Need::Kind::kEvery, 10});
  CHECK_FALSE(advice.answers[3].advised());
}

TEST_CASE("the answer for a flush at the end is by the durable time") {
  document::Trial first = MadeUpTrialOf("a", kFast);
  for (document::Repetition& repetition : first.repetitions) *repetition.durable_ns += 5000;
  const WorkloadAdvice advice = AdviceOf({first, MadeUpTrialOf("b", kSlow)});
  CHECK(advice.answers[0].best().strategy == "a");
  CHECK(advice.answers[1].best().strategy == "b");
}

TEST_CASE("what was not measured is not advised") {
  const std::string words = WordsOf({MadeUpTrialOf("a", kFast)});
  CHECK_THAT(words,
             ContainsSubstring("If the calls need only return: only a has usable figures "
                               "(100 ns per operation), so there is nothing to choose from."));
  CHECK_THAT(words,
             ContainsSubstring("If every update must be durable: not measured, so not advised."));
  CHECK_THAT(words,
             ContainsSubstring("Not tested: numbers of threads other than 1; memory limits; "
                               "records of other sizes than 125 bytes; the cache states cold, "
                               "streamed, written."));
}

TEST_CASE("a workload that only reads has one answer and durability is no matter") {
  std::vector<document::Trial> trials = {MadeUpTrialOf("a", kSlow), Periodic("1", kFast)};
  for (document::Trial& trial : trials) {
    for (document::Repetition& repetition : trial.repetitions) repetition.asked.changed_bytes = 0;
  }
  const WorkloadAdvice advice = AdviceOf(trials);
  REQUIRE(advice.answers.size() == 1);
  CHECK(advice.answers[0].need.kind == Need::Kind::kReads);
  CHECK(advice.answers[0].best().strategy == "flushed:every=1");
  CHECK_FALSE(advice.answers[0].best().written_per_byte.has_value());
}

TEST_CASE("trials whose figures count for nothing are left out and said") {
  std::vector<document::Trial> trials = {
      MadeUpTrialOf("a", kSlow),        MadeUpTrialOf("b", kSlow),
      MadeUpTrialOf("wrong", kFast),    MadeUpTrialOf("crash", kFast),
      MadeUpTrialOf("unproved", kFast), MadeUpTrialOf("empty", {}),
      MadeUpTrialOf("absent", {1})};
  trials[2].repetitions[0].verified = false;
  trials[3].repetitions[1].status = Status::kFailed;
  trials[3].repetitions[1].error = "it hung";
  trials[4].repetitions[2].verified.reset();
  trials[6].repetitions[0].status = Status::kUnsupported;
  trials[6].repetitions[0].error = "no such library";
  const WorkloadAdvice advice = AdviceOf(trials);
  CHECK(advice.answers[0].ranked.size() == 2);
  REQUIRE(advice.left_out.size() == 5);
  CHECK(advice.left_out[0].second == "left a wrong file");
  CHECK(advice.left_out[1].second == "failed: it hung");
  CHECK(advice.left_out[2].second == "was not verified");
  CHECK(advice.left_out[3].second == "no usable measurement");
  CHECK(advice.left_out[4].second == "unsupported: no such library");
  CHECK_THAT(WordsOf(trials),
             ContainsSubstring("Left out: wrong (left a wrong file); crash (failed: "
                               "it hung); unproved (was not verified); and 2 more"));
}

TEST_CASE("the regime with most strategies is chosen of those where something is settled") {
  const std::vector<document::Trial> trials = {
      // Three strategies; two of four settled; none of five.
      InCache("cold", MadeUpTrialOf("a", kFast)),
      InCache("cold", MadeUpTrialOf("b", kSlow)),
      InCache("cold", MadeUpTrialOf("c", kSlow)),
      MadeUpTrialOf("a", kFast),
      MadeUpTrialOf("b", kSlow),
      MadeUpTrialOf("c", {900}),
      MadeUpTrialOf("d", {900}),
      InCache("written", MadeUpTrialOf("a", {900})),
      InCache("written", MadeUpTrialOf("b", {900})),
      InCache("written", MadeUpTrialOf("c", {900})),
      InCache("written", MadeUpTrialOf("d", {900})),
      InCache("written", MadeUpTrialOf("e", kSlow))};
  CHECK_THAT(FirstAnswer(trials).regime, ContainsSubstring("cache paged"));
}

TEST_CASE("it flips where the leader here is slower than another") {
  const std::vector<document::Trial> trials = {
      MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
      InCache("cold", MadeUpTrialOf("a", kSlow)), InCache("cold", MadeUpTrialOf("b", kFast)),
      InCache("written", MadeUpTrialOf("a", kAlike)), InCache("written", MadeUpTrialOf("b", kFast)),
      InCache("noisy", MadeUpTrialOf("a", kNoisy)), InCache("noisy", MadeUpTrialOf("b", kFast)),
      // The leader was not measured here, so nothing is known.
      InCache("streamed", MadeUpTrialOf("b", kFast)),
      InCache("streamed", MadeUpTrialOf("c", kSlow))};
  const Answer answer = FirstAnswer(trials, "a");
  REQUIRE(answer.elsewhere.size() == 3);
  CHECK(answer.elsewhere[0].where == "cache cold");
  CHECK(answer.elsewhere[0].outcome == Elsewhere::Outcome::kFlips);
  CHECK(answer.elsewhere[0].best == "b");
  CHECK(answer.elsewhere[0].ahead->ratio->median == Approx(4));
  CHECK(answer.elsewhere[1].outcome == Elsewhere::Outcome::kHolds);
  CHECK(answer.elsewhere[2].outcome == Elsewhere::Outcome::kInconclusive);
  CHECK_THAT(WordsOf(trials), ContainsSubstring("It flips with cache cold, to b, 4.0x [4.0 4.0] "
                                                "faster than a there. It holds with cache "
                                                "written. Inconclusive with cache noisy."));
}

TEST_CASE("each need is answered where most strategies were measured for it") {
  const WorkloadAdvice advice = AdviceOf({MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
                                          InCache("cold", Periodic("1", kFast)),
                                          InCache("cold", Periodic("1", kSlow, "direct"))});
  CHECK(advice.answers[0].unlike_the_first.empty());
  CHECK(advice.answers[2].unlike_the_first == "cache cold");
  CHECK(advice.answers[2].best().strategy == "flushed:every=1");
}

TEST_CASE("memory and wear are said beside the baseline's") {
  document::Trial fast = MadeUpTrialOf("mmap-view", kFast);
  for (document::Repetition& repetition : fast.repetitions) {
    CountersOf(repetition)["peak_resident_bytes"] = 64 << 20;
    repetition.memory = document::Memory{.peak_bytes = 16 << 20};
    CountersOf(repetition)["device_write_bytes"] = 2500;
  }
  const std::string words = WordsOf({MadeUpTrialOf("read-write", kSlow), fast});
  CHECK_THAT(words,
             ContainsSubstring(
                 "Cost of mmap-view: 64.0 MiB resident at most (read-write 10.0 MiB), 16.0 MiB "
                 "charged to its memory limit, cache included and 2.50 bytes written to the "
                 "device for each byte changed (read-write 4.00)."));
  CHECK(words.find("Cost of") == words.rfind("Cost of"));
}

TEST_CASE("advice fits a page and names the workloads that don't") {
  std::vector<document::Trial> trials;
  for (int i = 0; i < 12; ++i) {
    const std::string workload = fmt::format("workload-{}", i);
    trials.push_back(MadeUpTrialOf("a", kFast, workload));
    trials.push_back(MadeUpTrialOf("b", kSlow, workload));
  }
  const document::Run run = MadeUpRun("r", trials);
  const std::string text = AdviceText(Advise(run, "", ""));
  const std::vector<std::string> lines = Split(text, '\n');
  CHECK(lines.size() <= kPageLines + 1);
  CHECK(lines.size() > kPageLines / 2);
  for (const std::string& line : lines) CHECK(line.size() <= 80);
  CHECK_THAT(text, ContainsSubstring("--workload asks for one"));
  CHECK_THAT(AdviceText(Advise(run, "", "workload-11")), ContainsSubstring("workload-11: 1,000"));
  CHECK(Advise(run, "", "workload-11").workloads.size() == 1);
}

TEST_CASE("one workload fits a page however much there is to say") {
  std::vector<document::Trial> trials;
  for (int i = 1; i <= 12; ++i) {
    const std::string name = fmt::format("a-strategy-with-a-long-name-{}", i);
    trials.push_back(MadeUpTrialOf(name, Times(1 + i * 0.001, kFast)));
    trials.push_back(MadeUpTrialOf("left-out-" + name, {1}));
    trials.push_back(Periodic(std::to_string(i), kFast, name));
    trials.push_back(Periodic(std::to_string(i), kSlow, "direct"));
    for (const std::string& state : {fmt::format("c{}", i), fmt::format("d{}", i)}) {
      trials.push_back(InCache(state, MadeUpTrialOf(name, kSlow)));
      trials.push_back(InCache(state, MadeUpTrialOf("other", kFast)));
      trials.push_back(InCache(state, Periodic("1", kFast, name)));
      trials.push_back(InCache(state, Periodic("1", kSlow, "direct")));
    }
  }
  const std::string text = AdviceText(Advise(MadeUpRun("r", trials), "", ""));
  CHECK(Split(text, '\n').size() <= kPageLines + 1);
  CHECK_THAT(text, ContainsSubstring("more answers") || ContainsSubstring("has the rest"));
}

TEST_CASE("an open load is not advised by and not compared by its time") {
  document::Trial fast = MadeUpTrialOf("mmap-view", {10, 10, 10, 10, 10});
  fast.parameters.others["load"] = "open";
  document::Trial slow = MadeUpTrialOf("read-write", {90, 90, 90, 90, 90});
  slow.parameters.others["load"] = "open";
  const document::Run run = MadeUpRun("run", {fast, slow});
  for (const WorkloadAdvice& advice : Advise(run, "", "").workloads) {
    for (const Answer& answer : advice.answers) CHECK(answer.ranked.empty());
    REQUIRE(advice.left_out.size() == 2);
    CHECK(advice.left_out.front().second == kOpenLoadIsNoCost);
  }
  CHECK(Advise(run, "", "").not_measured.empty());
}

document::Trial Replayed(const std::string& strategy, const std::vector<double>& ns) {
  document::Trial trial = MadeUpTrialOf(strategy, ns, "trace:it");
  trial.workload.needs_durability = true;
  trial.workload.facts = {{"command", "a program"},
                          {"files", "2"},
                          {"largest files", "my.db (1 MiB)"},
                          {"block", "4KiB"},
                          {"accesses", "9 by calls"},
                          {"split", "2 of 9 accesses"},
                          {"growth", "none"},
                          {"flushes", "of everything"}};
  return trial;
}

TEST_CASE("a trace with flushes has one answer by the time that they are part of") {
  document::Trial nothing = Replayed("nothing", {});
  nothing.strategy.durability = Durability::kNever;
  nothing.repetitions = {MadeUpRepetition(1)};
  nothing.repetitions[0].status = Status::kUnsupported;
  nothing.repetitions[0].error = "keeps no flush";
  document::Trial fast = Replayed("fast", kFast);
  for (document::Repetition& repetition : fast.repetitions) repetition.durable_ns = 1000;
  const std::vector<document::Trial> trials = {fast, Replayed("slow", kSlow), nothing};
  const WorkloadAdvice advice = AdviceOf(trials, "slow");
  REQUIRE(advice.answers.size() == 1);
  CHECK(advice.answers[0].need == Need{Need::Kind::kOwnFlushes, 0});
  CHECK(advice.answers[0].best().strategy == "fast");
  CHECK(advice.replay.at("files") == "2");
  const std::string words = WordsOf(trials, "slow");
  CHECK_THAT(words, ContainsSubstring("With the flushes of the program itself: fast, 4.0x [4.0"));
  CHECK_THAT(words, ContainsSubstring("Left out: nothing (unsupported: keeps no flush)."));
  CHECK_THAT(words, ContainsSubstring("1,000 blocks of 125 bytes"));
  CHECK_THAT(words, ContainsSubstring("as fast as possible, not at the recorded pace"));
  CHECK_THAT(words, ContainsSubstring("2 files, my.db (1 MiB); accesses 9 by calls"));
  CHECK_THAT(words, ContainsSubstring("2 of 9 accesses"));
  CHECK_THAT(words, !ContainsSubstring("records of other sizes"));
}

TEST_CASE("who keeps what a replay discards is named, where it discards and they are ranked") {
  document::Trial keeps = Replayed("keeps", kFast);
  keeps.strategy.gives_back = false;
  document::Trial gives = Replayed("gives", kSlow);
  gives.strategy.gives_back = true;
  document::Trial untold = Replayed("untold", kSlow);
  document::Trial alone = Replayed("alone", {});
  alone.strategy.gives_back = false;
  std::vector<document::Trial> trials = {keeps, gives, untold, alone};
  CHECK(AdviceOf(trials, "gives").keeps_storage.empty());
  CHECK_THAT(WordsOf(trials, "gives"), !ContainsSubstring("Zeros are stored"));
  // A first pass finds the same, whichever strategy plays it.
  for (document::Trial& trial : trials) {
    trial.workload.facts["setup"] = "1 MiB discarded before each pass";
    trial.parameters.passes = 1;
  }
  CHECK(AdviceOf(trials, "gives").keeps_storage.empty());
  for (document::Trial& trial : trials) trial.parameters.passes = 2;
  CHECK(AdviceOf(trials, "gives").keeps_storage == std::vector<std::string>{"keeps"});
  CHECK_THAT(WordsOf(trials, "gives"), ContainsSubstring("(before each pass but the first)"));
  for (document::Trial& trial : trials) trial.workload.facts["discards"] = "437";
  CHECK(AdviceOf(trials, "gives").keeps_storage == std::vector<std::string>{"keeps"});
  CHECK_THAT(WordsOf(trials, "gives"), ContainsSubstring("Zeros are stored instead by keeps"));
  CHECK_THAT(WordsOf(trials, "gives"), ContainsSubstring("437 of the operations discard"));
}

TEST_CASE("a workload with flushes of its own is advised by them") {
  std::vector<document::Trial> trials = {MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow)};
  for (document::Trial& trial : trials) trial.workload.needs_durability = true;
  REQUIRE(AdviceOf(trials).answers.size() == 1);
  CHECK_THAT(WordsOf(trials), ContainsSubstring("With the flushes of the workload itself: a (100"));
}

TEST_CASE("strategies that flush more than a trace does are answers of their own") {
  document::Trial periodic = Periodic("1", kFast);
  periodic.workload = {.name = "trace", .spec = "trace:it", .needs_durability = true, .facts = {}};
  const WorkloadAdvice advice = AdviceOf({Replayed("a", kSlow), periodic});
  REQUIRE(advice.answers.size() == 2);
  CHECK(advice.answers[0].ranked.size() == 1);
  CHECK(advice.answers[1].need == Need{Need::Kind::kEvery, 1});
}

TEST_CASE("how a run was chosen is said where it is known") {
  Advice advice = Advise(MadeUpRun("r", {Replayed("a", kSlow), Replayed("b", kFast)}), "a", "");
  CHECK_THAT(AdviceText(advice), !ContainsSubstring("Baseline: "));
  advice.baseline_why = "9 of its 9 accesses are calls";
  advice.not_candidates = {{"c", "slow"}, {"d", "slow"}};
  advice.choices = {"cache written"};
  const std::string text = AdviceText(advice);
  CHECK_THAT(text, ContainsSubstring("Baseline: a, 9 of its 9 accesses are calls.\n"));
  CHECK_THAT(text, ContainsSubstring("No candidates: c and d (slow).\n"));
  CHECK_THAT(text, ContainsSubstring("Chosen: cache written.\n"));
}

TEST_CASE("a run without repetitions is no advice") {
  document::Trial trial = MadeUpTrialOf("a", {});
  CHECK_THAT(WordsOf({trial}), ContainsSubstring("not measured, so not advised."));
  trial.repetitions = {MadeUpRepetition(1)};
  trial.repetitions[0].status = Status::kCutOff;
  CHECK_THAT(WordsOf({trial}), ContainsSubstring("no usable measurement, so nothing is advised"));
  CHECK(Advise(MadeUpRun("r", {}), "", "").workloads.empty());
}

}  // namespace
}  // namespace faultline
