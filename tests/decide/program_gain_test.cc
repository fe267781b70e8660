// What a program saves as a whole: of made-up runs in which everything is known.
#include "harness/decide/program_gain.h"

#include "harness/decide/advice_text.h"
#include "tests/catch.h"
#include "tests/decide/made_up_run.h"
#include "tests/support/unwrapped.h"

namespace faultline {
namespace {

const std::vector<double> kQuarter = {98, 99, 100, 100, 101, 102};
const std::vector<double> kWhole = Times(4, kQuarter);

// Of a program with a million accesses that ran for `seconds`: 0.4 s of I/O by "slow".
Advice AdviceFor(double seconds, const std::string& baseline, bool recorded = false) {
  Advice advice =
      Advise(MadeUpRun("r", {MadeUpTrialOf("fast", kQuarter), MadeUpTrialOf("slow", kWhole)}),
             baseline, "");
  AddProgramGain({.seconds = seconds, .recorded = recorded}, 1'000'000, advice);
  return advice;
}

std::string WordsFor(double seconds, const std::string& baseline, bool recorded = false) {
  return Unwrapped(AdviceText(AdviceFor(seconds, baseline, recorded)));
}

TEST_CASE("a program saves no more than its accesses take") {
  const Advice advice = AdviceFor(2, "slow");
  const Answer& answer = advice.workloads[0].answers[0];
  REQUIRE(answer.program);
  CHECK(answer.program->seconds == 2);
  CHECK(answer.program->io_seconds == Approx(0.4));
  CHECK(answer.program->saved_seconds.median == Approx(0.3));
  CHECK(answer.program->saved_seconds.low == Approx(0.3));
  CHECK_THAT(WordsFor(2, "slow"),
             ContainsSubstring("I/O is 20.0 % of the program's 2.0 s, by slow here: nothing saves "
                               "more than that. fast saves 15.0 % [15.0 15.0]."));
}

TEST_CASE("a program that does what is best already has the bound alone") {
  const std::string words = WordsFor(1, "fast");
  CHECK_THAT(words, ContainsSubstring("I/O is 10.0 % of the program's 1.0 s, by fast here: nothing "
                                      "saves more than that."));
  CHECK_THAT(words, !ContainsSubstring(" saves 0"));
}

TEST_CASE("a time that recording has a part in is said to be one") {
  CHECK_THAT(WordsFor(2, "slow", true),
             ContainsSubstring("of the 2.0 s that the program ran while it was recorded"));
}

TEST_CASE("a program that ran less than its accesses take here gains nobody knows what") {
  const std::string words = WordsFor(0.3, "slow");
  CHECK_THAT(words, ContainsSubstring("The program ran 300 ms, and its accesses take 400 ms here"));
  CHECK_THAT(words, !ContainsSubstring("nothing saves more"));
}

TEST_CASE("nothing is said of a program whose baseline has too few rounds") {
  Advice advice =
      Advise(MadeUpRun("r", {MadeUpTrialOf("fast", kQuarter), MadeUpTrialOf("slow", kWhole),
                             MadeUpTrialOf("few", {100, 100})}),
             "few", "");
  AddProgramGain({.seconds = 2}, 1'000'000, advice);
  CHECK_FALSE(advice.workloads[0].answers[0].program);
  CHECK(ProgramText(advice.workloads[0].answers[0]).empty());
}

}  // namespace
}  // namespace faultline
