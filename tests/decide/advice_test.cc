// Advice on made-up runs: every outcome, and the words for it.
#include "harness/decide/advice.h"

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/decide/advice_text.h"
#include "tests/catch.h"
#include "tests/decide/made_up_run.h"

namespace faultline {
namespace {

const std::vector<double> kFast = {99, 100, 101};
const std::vector<double> kSlow = {396, 400, 404};

LoadedTrial Periodic(const std::string& every, const std::vector<double>& ns,
                     const std::string& strategy = "flushed") {
  LoadedTrial trial = MadeUpTrialOf(strategy + ":every=" + every, ns);
  trial.durability = Durability::kPeriodic;
  trial.effective["every"] = every;
  return trial;
}

LoadedTrial InCache(const std::string& state, LoadedTrial trial) {
  trial.parameters.cache = state;
  trial.all_parameters["cache"] = state;
  trial.id = state + "/" + trial.id;
  return trial;
}

// The answers of a run with one workload.
WorkloadAdvice AdviceOf(std::vector<LoadedTrial> trials, const std::string& today = "") {
  const Advice advice = Advise(MadeUpRun("r", std::move(trials)), today, "");
  REQUIRE(advice.workloads.size() == 1);
  return advice.workloads.front();
}

Answer FirstAnswer(std::vector<LoadedTrial> trials, const std::string& today = "") {
  return AdviceOf(std::move(trials), today).answers.front();
}

// Without line breaks.
std::string WordsOf(std::vector<LoadedTrial> trials, const std::string& today = "") {
  std::string words;
  for (const std::string& line :
       Split(AdviceText(Advise(MadeUpRun("r", std::move(trials)), today, "")), '\n')) {
    words += Concat(Trim(line), " ");
  }
  return words;
}

TEST_CASE("the best is said with its gain over what the program does today") {
  const Answer answer =
      FirstAnswer({MadeUpTrialOf("read-write", kSlow), MadeUpTrialOf("mmap-view", kFast)});
  CHECK(answer.need == Need{Need::Kind::kReturned, 0});
  CHECK(answer.best().strategy == "mmap-view");
  CHECK(answer.tied.empty());
  CHECK(answer.today == Answer::Today::kSlower);
  CHECK(answer.gain->median == Approx(4));
  CHECK(answer.gain->low < 4);
  CHECK(answer.gain->high > 4);
  CHECK_THAT(
      WordsOf({MadeUpTrialOf("read-write", kSlow), MadeUpTrialOf("mmap-view", kFast)}),
      ContainsSubstring("If the calls need only return: mmap-view, 4.00 [3.92 4.08] times as "
                        "fast as read-write (100 against 400 ns per operation)."));
}

TEST_CASE("what can't be told from the best is a set with it") {
  const Answer answer = FirstAnswer({MadeUpTrialOf("a", {101, 102, 103}), MadeUpTrialOf("b", kFast),
                                     MadeUpTrialOf("c", {90, 104, 300}), MadeUpTrialOf("d", kSlow)},
                                    "a");
  CHECK(answer.best().strategy == "b");
  CHECK(answer.tied == std::vector<std::string>{"a", "c"});
  CHECK(answer.today == Answer::Today::kWithinNoise);
  CHECK_THAT(WordsOf({MadeUpTrialOf("a", {101, 102, 103}), MadeUpTrialOf("b", kFast)}, "a"),
             ContainsSubstring("b (100 ns per operation); today's a (102) can't be told from it."));
}

TEST_CASE("today's strategy may be the best or absent or of another promise or unnamed") {
  const std::vector<LoadedTrial> trials = {MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
                                           Periodic("1", kSlow)};
  CHECK(FirstAnswer(trials, "a").today == Answer::Today::kBest);
  CHECK(FirstAnswer(trials, "flushed:every=1").today == Answer::Today::kOtherPromise);
  CHECK(FirstAnswer(trials, "a").runner_up == "b");
  CHECK(FirstAnswer(trials, "a").lead->median == Approx(4));
  CHECK_THAT(
      WordsOf(trials, "a"),
      ContainsSubstring("a (100 ns per operation), as the program does today. It is 4.00 [3.92 "
                        "4.08] times as fast as the next that can be told from it, b."));
  CHECK(FirstAnswer(trials).today == Answer::Today::kUnnamed);
  std::vector<LoadedTrial> few = trials;
  few[1].repetitions.pop_back();
  few.push_back(MadeUpTrialOf("c", kSlow));
  CHECK(FirstAnswer(few, "b").today == Answer::Today::kNotJudged);
  CHECK_THAT(WordsOf(trials), ContainsSubstring("--today names the strategy"));
  CHECK_THROWS_WITH(Advise(MadeUpRun("r", trials), "flushed:every=2", ""),
                    ContainsSubstring("did you mean 'flushed:every=1'?"));
  CHECK_THROWS_AS(Advise(MadeUpRun("r", trials), "", "sorting"), UsageError);
}

TEST_CASE("strategies are compared only with those that promise the same") {
  LoadedTrial idle = MadeUpTrialOf("null", {1, 1, 1});
  idle.durability = Durability::kNever;
  LoadedTrial lazy = Periodic("1", {50, 51, 52}, "lazy");
  lazy.effective["sync"] = "off: durable only after the final flush";
  const WorkloadAdvice advice =
      AdviceOf({MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow), idle, lazy,
                Periodic("10", {9, 9, 9}), Periodic("1", kSlow), Periodic("1", kFast, "direct")});
  REQUIRE(advice.answers.size() == 4);
  CHECK(advice.answers[0].best().strategy == "lazy:every=1");
  CHECK(advice.answers[0].ranked.size() == 3);
  CHECK(advice.answers[1].need.kind == Need::Kind::kFlushedAtEnd);
  CHECK(advice.answers[1].best().ns.median == Approx(1.1 * 51));
  CHECK(advice.answers[2].need == Need{Need::Kind::kEvery, 1});
  CHECK(advice.answers[2].best().strategy == "direct:every=1");
  CHECK(advice.answers[2].ranked.size() == 2);
  CHECK(advice.answers[3].need == Need{Need::Kind::kEvery, 10});
  CHECK_FALSE(advice.answers[3].advised());
}

TEST_CASE("the answer for a flush at the end is by the durable time") {
  LoadedTrial first = MadeUpTrialOf("a", kFast);
  for (LoadedRepetition& repetition : first.repetitions) *repetition.durable_ns += 5000;
  const WorkloadAdvice advice = AdviceOf({first, MadeUpTrialOf("b", kSlow)});
  CHECK(advice.answers[0].best().strategy == "a");
  CHECK(advice.answers[1].best().strategy == "b");
}

TEST_CASE("what was not measured is not advised") {
  const std::string words = WordsOf({MadeUpTrialOf("a", kFast)});
  CHECK_THAT(words, ContainsSubstring("If the calls need only return: only a could be judged (100 "
                                      "ns per operation), so there is nothing to choose from."));
  CHECK_THAT(words,
             ContainsSubstring("If every update must be durable: not measured, so not advised."));
  CHECK_THAT(words, ContainsSubstring(
                        "nothing is said of: numbers of threads other than 1; memory limits; "
                        "records of other sizes than 125 bytes; the cache states cold, "
                        "streamed, written."));
}

TEST_CASE("a workload that only reads has one answer and durability is no matter") {
  std::vector<LoadedTrial> trials = {MadeUpTrialOf("a", kSlow), Periodic("1", kFast)};
  for (LoadedTrial& trial : trials) {
    for (LoadedRepetition& repetition : trial.repetitions) repetition.changed_bytes = 0;
  }
  const WorkloadAdvice advice = AdviceOf(trials);
  REQUIRE(advice.answers.size() == 1);
  CHECK(advice.answers[0].need.kind == Need::Kind::kReads);
  CHECK(advice.answers[0].best().strategy == "flushed:every=1");
  CHECK_FALSE(advice.answers[0].best().written_per_byte.has_value());
}

TEST_CASE("trials whose figures count for nothing are left out and said") {
  std::vector<LoadedTrial> trials = {
      MadeUpTrialOf("a", kSlow),        MadeUpTrialOf("b", kSlow),
      MadeUpTrialOf("wrong", kFast),    MadeUpTrialOf("crash", kFast),
      MadeUpTrialOf("unproved", kFast), MadeUpTrialOf("busy", kFast),
      MadeUpTrialOf("absent", {1})};
  trials[2].repetitions[0].verified = false;
  trials[3].repetitions[1].status = Status::kFailed;
  trials[3].repetitions[1].error = "it hung";
  trials[4].repetitions[2].verified.reset();
  trials[5].repetitions[0].status = Status::kDisturbed;
  trials[6].repetitions[0].status = Status::kUnsupported;
  trials[6].repetitions[0].error = "no such library";
  const WorkloadAdvice advice = AdviceOf(trials);
  CHECK(advice.answers[0].ranked.size() == 2);
  REQUIRE(advice.left_out.size() == 5);
  CHECK(advice.left_out[0].second == "left a wrong file");
  CHECK(advice.left_out[1].second == "failed: it hung");
  CHECK(advice.left_out[2].second == "was not verified");
  CHECK_THAT(advice.left_out[3].second, ContainsSubstring("only 2 of 3 repetitions undisturbed"));
  CHECK(advice.left_out[4].second == "unsupported: no such library");
  CHECK_THAT(WordsOf(trials),
             ContainsSubstring("Left out: wrong (left a wrong file); crash (failed: "
                               "it hung); unproved (was not verified); and 2 more"));
}

TEST_CASE("an A/A pair is one contender with the repetitions of both") {
  LoadedTrial twin = MadeUpTrialOf("a", {101, 200});
  twin.id += "#2";
  twin.repetitions[1].status = Status::kDisturbed;
  const WorkloadAdvice advice =
      AdviceOf({MadeUpTrialOf("a", {99, 100}), twin, MadeUpTrialOf("b", kSlow)});
  REQUIRE(advice.answers[0].ranked.size() == 2);
  CHECK(advice.answers[0].best().ns.median == 100);
  CHECK(advice.left_out.empty());
  twin.repetitions[0].verified = false;
  CHECK(AdviceOf({MadeUpTrialOf("a", {99, 100}), twin}).left_out.size() == 1);
}

TEST_CASE("a trial with too few repetitions that is faster than the best one is pointed out") {
  const WorkloadAdvice advice = AdviceOf({MadeUpTrialOf("a", kSlow), MadeUpTrialOf("b", kSlow),
                                          MadeUpTrialOf("c", {50, 51}), MadeUpTrialOf("d", {900})});
  REQUIRE(advice.left_out.size() == 2);
  CHECK(advice.left_out[0].second ==
        "only 2 of 2 repetitions undisturbed, 3 needed; what it has is faster than a");
  CHECK(advice.left_out[1].second == "only 1 of 1 repetitions undisturbed, 3 needed");
}

TEST_CASE("the regime with most strategies is chosen of those with something to choose from") {
  const std::vector<LoadedTrial> trials = {// Three that can be judged; two of four; one of five.
                                           InCache("cold", MadeUpTrialOf("a", kFast)),
                                           InCache("cold", MadeUpTrialOf("b", kSlow)),
                                           InCache("cold", MadeUpTrialOf("c", kSlow)),
                                           MadeUpTrialOf("a", kFast),
                                           MadeUpTrialOf("b", kSlow),
                                           MadeUpTrialOf("c", {1}),
                                           MadeUpTrialOf("d", {1}),
                                           InCache("written", MadeUpTrialOf("a", {1})),
                                           InCache("written", MadeUpTrialOf("b", {1})),
                                           InCache("written", MadeUpTrialOf("c", {1})),
                                           InCache("written", MadeUpTrialOf("d", {1})),
                                           InCache("written", MadeUpTrialOf("e", kSlow))};
  CHECK_THAT(FirstAnswer(trials).regime, ContainsSubstring("cache paged"));
}

TEST_CASE("it flips where the best one here is beyond the noise slower than another") {
  const std::vector<LoadedTrial> trials = {
      MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
      InCache("cold", MadeUpTrialOf("a", kSlow)), InCache("cold", MadeUpTrialOf("b", kFast)),
      InCache("written", MadeUpTrialOf("a", {101, 102, 103})),
      InCache("written", MadeUpTrialOf("b", kFast)),
      // The best one was not measured here, so nothing is known.
      InCache("streamed", MadeUpTrialOf("b", kFast)),
      InCache("streamed", MadeUpTrialOf("c", kSlow))};
  const Answer answer = FirstAnswer(trials, "a");
  REQUIRE(answer.elsewhere.size() == 2);
  CHECK(answer.elsewhere[0].where == "cache cold");
  CHECK(answer.elsewhere[0].flips);
  CHECK(answer.elsewhere[0].best == "b");
  CHECK(answer.elsewhere[0].ratio->median == Approx(4));
  CHECK_FALSE(answer.elsewhere[1].flips);
  CHECK_THAT(WordsOf(trials), ContainsSubstring("It flips with cache cold, to b, 4.00 [3.92 4.08] "
                                                "times as fast as a there. It holds, or stays "
                                                "within noise of the best, with cache written."));
}

TEST_CASE("each need is answered where most strategies were measured for it") {
  const WorkloadAdvice advice = AdviceOf({MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", kSlow),
                                          InCache("cold", Periodic("1", kFast)),
                                          InCache("cold", Periodic("1", kSlow, "direct"))});
  CHECK(advice.answers[0].unlike_the_first.empty());
  CHECK(advice.answers[2].unlike_the_first == "cache cold");
  CHECK(advice.answers[2].best().strategy == "flushed:every=1");
}

TEST_CASE("memory and wear are said beside today's") {
  LoadedTrial fast = MadeUpTrialOf("mmap-view", kFast);
  for (LoadedRepetition& repetition : fast.repetitions) {
    repetition.peak_bytes = 64 << 20;
    repetition.limited_peak_bytes = 16 << 20;
    repetition.counts["device_write_bytes"] = 2500;
  }
  const std::string words = WordsOf({MadeUpTrialOf("read-write", kSlow), fast});
  CHECK_THAT(words,
             ContainsSubstring(
                 "Cost of mmap-view: 64.0 MiB resident at most (read-write 10.0 MiB), 16.0 MiB "
                 "charged to its memory limit, cache included and 2.50 bytes written to the "
                 "device for each byte changed (read-write 4.00)."));
  CHECK(words.find("Cost of") == words.rfind("Cost of"));
}

TEST_CASE("without a noise floor the intervals decide and that is said") {
  LoadedRun run = MadeUpRun("r", {MadeUpTrialOf("a", kFast), MadeUpTrialOf("b", {102, 103, 104})});
  CHECK(Advise(run, "", "").workloads[0].answers[0].tied == std::vector<std::string>{"b"});
  CHECK(Advise(run, "", "").warnings.empty());
  run.noise_factor.reset();
  run.complete = false;
  CHECK(Advise(run, "", "").workloads[0].answers[0].tied.empty());
  CHECK(Advise(run, "", "").warnings.size() == 2);
  CHECK_THAT(AdviceText(Advise(run, "", "")), ContainsSubstring("is incomplete"));
}

TEST_CASE("an A/A pair that was disturbed is told from one that is missing") {
  LoadedTrial twin = MadeUpTrialOf("a", {});
  twin.id += "#2";
  LoadedRun run = MadeUpRun("r", {MadeUpTrialOf("a", kFast), twin});
  run.noise_factor.reset();
  const Advice advice = Advise(run, "", "");
  REQUIRE(advice.warnings.size() == 1);
  CHECK_THAT(advice.warnings[0], ContainsSubstring("too few undisturbed repetitions"));
}

TEST_CASE("advice fits a page and names the workloads that don't") {
  std::vector<LoadedTrial> trials;
  for (int i = 0; i < 12; ++i) {
    const std::string workload = Concat("workload-", i);
    trials.push_back(MadeUpTrialOf("a", kFast, workload));
    trials.push_back(MadeUpTrialOf("b", kSlow, workload));
  }
  const LoadedRun run = MadeUpRun("r", trials);
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
  std::vector<LoadedTrial> trials;
  for (int i = 1; i <= 12; ++i) {
    const std::string name = Concat("a-strategy-with-a-long-name-", i);
    trials.push_back(MadeUpTrialOf(name, {99 + i * 0.01, 100, 101}));
    trials.push_back(MadeUpTrialOf("left-out-" + name, {1}));
    trials.push_back(Periodic(Concat(i), kFast, name));
    trials.push_back(Periodic(Concat(i), kSlow, "direct"));
    for (const std::string& state : {Concat("c", i), Concat("d", i)}) {
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
  LoadedTrial fast = MadeUpTrialOf("mmap-view", {10, 10, 10, 10, 10});
  fast.all_parameters["load"] = "open";
  LoadedTrial slow = MadeUpTrialOf("read-write", {90, 90, 90, 90, 90});
  slow.all_parameters["load"] = "open";
  const LoadedRun run = MadeUpRun("run", {fast, slow});
  for (const WorkloadAdvice& advice : Advise(run, "", "").workloads) {
    for (const Answer& answer : advice.answers) CHECK(answer.ranked.empty());
    REQUIRE(advice.left_out.size() == 2);
    CHECK(advice.left_out.front().second == kOpenLoadIsNoCost);
  }
  CHECK(Advise(run, "", "").not_measured.empty());
}

LoadedTrial Replayed(const std::string& strategy, const std::vector<double>& ns) {
  LoadedTrial trial = MadeUpTrialOf(strategy, ns, "trace:it");
  trial.own_flushes = true;
  trial.replay = {{"command", "a program"},
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
  LoadedTrial nothing = Replayed("nothing", {});
  nothing.durability = Durability::kNever;
  nothing.repetitions = {MadeUpRepetition(1)};
  nothing.repetitions[0].status = Status::kUnsupported;
  nothing.repetitions[0].error = "keeps no flush";
  LoadedTrial fast = Replayed("fast", kFast);
  for (LoadedRepetition& repetition : fast.repetitions) repetition.durable_ns = 1000;
  const std::vector<LoadedTrial> trials = {fast, Replayed("slow", kSlow), nothing};
  const WorkloadAdvice advice = AdviceOf(trials, "slow");
  REQUIRE(advice.answers.size() == 1);
  CHECK(advice.answers[0].need == Need{Need::Kind::kOwnFlushes, 0});
  CHECK(advice.answers[0].best().strategy == "fast");
  CHECK(advice.replay.at("files") == "2");
  const std::string words = WordsOf(trials, "slow");
  CHECK_THAT(words, ContainsSubstring("With the flushes of the program itself: fast, 4.00"));
  CHECK_THAT(words, ContainsSubstring("Left out: nothing (unsupported: keeps no flush)."));
  CHECK_THAT(words, ContainsSubstring("1,000 blocks of 125 bytes"));
  CHECK_THAT(words, ContainsSubstring("as fast as possible, not at the recorded pace"));
  CHECK_THAT(words, ContainsSubstring("2 files, my.db (1 MiB); accesses 9 by calls"));
  CHECK_THAT(words, ContainsSubstring("2 of 9 accesses"));
  CHECK_THAT(words, !ContainsSubstring("records of other sizes"));
}

TEST_CASE("who keeps what a replay discards is named, where it discards and they are ranked") {
  LoadedTrial keeps = Replayed("keeps", kFast);
  keeps.gives_back = false;
  LoadedTrial gives = Replayed("gives", kSlow);
  gives.gives_back = true;
  LoadedTrial untold = Replayed("untold", kSlow);
  LoadedTrial alone = Replayed("alone", {});
  alone.gives_back = false;
  std::vector<LoadedTrial> trials = {keeps, gives, untold, alone};
  CHECK(AdviceOf(trials, "gives").keeps_storage.empty());
  CHECK_THAT(WordsOf(trials, "gives"), !ContainsSubstring("Zeros are stored"));
  // A first pass finds the same, whoever plays it.
  for (LoadedTrial& trial : trials) {
    trial.replay["setup"] = "1 MiB discarded before each pass";
    trial.parameters.passes = 1;
  }
  CHECK(AdviceOf(trials, "gives").keeps_storage.empty());
  for (LoadedTrial& trial : trials) trial.parameters.passes = 2;
  CHECK(AdviceOf(trials, "gives").keeps_storage == std::vector<std::string>{"keeps"});
  CHECK_THAT(WordsOf(trials, "gives"), ContainsSubstring("(before each pass but the first)"));
  for (LoadedTrial& trial : trials) trial.replay["discards"] = "437";
  CHECK(AdviceOf(trials, "gives").keeps_storage == std::vector<std::string>{"keeps"});
  CHECK_THAT(WordsOf(trials, "gives"), ContainsSubstring("Zeros are stored instead by keeps"));
  CHECK_THAT(WordsOf(trials, "gives"), ContainsSubstring("437 of the operations discard"));
}

TEST_CASE("strategies that flush more than a trace does are answers of their own") {
  LoadedTrial periodic = Periodic("1", kFast);
  periodic.workload = "trace:it";
  periodic.own_flushes = true;
  const WorkloadAdvice advice = AdviceOf({Replayed("a", kSlow), periodic});
  REQUIRE(advice.answers.size() == 2);
  CHECK(advice.answers[0].ranked.size() == 1);
  CHECK(advice.answers[1].need == Need{Need::Kind::kEvery, 1});
}

TEST_CASE("how a run was chosen is said where it is known") {
  Advice advice = Advise(MadeUpRun("r", {Replayed("a", kSlow), Replayed("b", kFast)}), "a", "");
  CHECK_THAT(AdviceText(advice), !ContainsSubstring("Today: "));
  advice.today_why = "9 of its 9 accesses are calls";
  advice.not_candidates = {{"c", "slow"}, {"d", "slow"}};
  advice.choices = {"cache written"};
  const std::string text = AdviceText(advice);
  CHECK_THAT(text, ContainsSubstring("Today: a, 9 of its 9 accesses are calls.\n"));
  CHECK_THAT(text, ContainsSubstring("No candidates: c and d (slow).\n"));
  CHECK_THAT(text, ContainsSubstring("Chosen: cache written.\n"));
}

TEST_CASE("a run without repetitions is no advice") {
  LoadedTrial trial = MadeUpTrialOf("a", {});
  CHECK_THAT(WordsOf({trial}), ContainsSubstring("not measured, so not advised."));
  trial.repetitions = {MadeUpRepetition(1)};
  trial.repetitions[0].status = Status::kDisturbed;
  CHECK_THAT(WordsOf({trial}), ContainsSubstring("nothing that was measured may be judged"));
  CHECK(Advise(MadeUpRun("r", {}), "", "").workloads.empty());
}

}  // namespace
}  // namespace faultline
