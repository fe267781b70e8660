// What people read: the table with its answers, sentence by sentence from made-up documents, and
// comma-separated values.
#include "harness/report/table.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/text_table.h"
#include "harness/report/answer.h"
#include "harness/report/remarks.h"
#include "tests/catch.h"
#include "tests/report/made_up.h"
#include "tests/support/unwrapped.h"

namespace faultline {
namespace {

RunDocument DocumentOf(std::vector<TrialSpec> trials) {
  return RunDocument("a suite", {}, std::move(trials));
}

// The first line of the table that holds `part`, or "".
std::string LineWith(const std::string& text, const std::string& part) {
  for (const std::string& line : Split(text, '\n')) {
    if (line.find(part) != std::string::npos) return line;
  }
  return {};
}

// The table, of which no line may be longer than the terminal is wide.
std::string TableOf(const RunDocument& document, const RunCourse& course = {},
                    const TableStyle& style = {}) {
  const std::string table = ResultTable(document, course, style);
  if (!style.colours) {
    for (const std::string& line : Split(table, '\n')) {
      INFO(line);
      CHECK(line.size() <= std::max<std::size_t>(80, style.columns));
      CHECK(line == line.substr(0, line.find_last_not_of(' ') + 1));
    }
  }
  return table;
}

// A repetition in each of the rounds; deviations are small and differ from strategy to strategy.
void AddRounds(RunDocument& document, std::size_t trial, double ns, std::uint64_t rounds = 6,
               double deviation = 0.01) {
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const double sign = (round + trial) % 3 == 0 ? 1 : (round + trial) % 3 == 1 ? -1 : 0;
    document.Add(trial, round, MadeUp(ns * (1 + deviation * sign)));
  }
}

TrialSpec Twin(const std::string& strategy) {
  TrialSpec spec = MadeUpTrial(strategy);
  spec.copy = 2;
  return spec;
}

Measurement Interfered(double ns, const std::string& reason) {
  Measurement measurement = MadeUp(ns, Status::kInterference);
  measurement.error = reason;
  return measurement;
}

TEST_CASE("an estimate in a table shows interference, and a dash for nothing") {
  CHECK(FormatEstimate(std::nullopt, false) == "-");
  CHECK(FormatEstimate(Estimate{1.234, 1.2, 1.3}, false) == "1.23 [1.20 1.30]");
  CHECK(FormatEstimate(Estimate{1.234, 1.2, 1.3}, true) == "~1.23 [1.20 1.30]");
}

TEST_CASE("a time has three digits and the unit that fits") {
  CHECK(FormatNs(0.25) == "0.250 ns");
  CHECK(FormatNs(362.4) == "362 ns");
  CHECK(FormatNs(999.4) == "999 ns");
  CHECK(FormatNs(999.6) == "1.00 us");
  CHECK(FormatNs(1870) == "1.87 us");
  CHECK(FormatNs(4.2e6) == "4.20 ms");
  CHECK(FormatNs(1.5e9) == "1.50 s");
}

TEST_CASE("the table is the best first with how many times the best's cost each is") {
  RunDocument document = DocumentOf(
      {MadeUpTrial("read-write"), MadeUpTrial("mmap-private"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 1870);
  AddRounds(document, 1, 364);
  AddRounds(document, 2, 362);
  const std::string table = TableOf(document, {.group_seconds = {41}, .output = "runs/quick"});
  const std::vector<std::string> lines = Split(table, '\n');
  CHECK(lines[0] ==
        "random-update, 1,000 x 125 B, paged, 1 thread                     6 rounds, 41 s");
  CHECK(lines[1] == "  strategy        accepted  relative     durable  relative  faults    memory");
  CHECK(lines[2] == "  mmap-view      362 ns/op    1.0x     398 ns/op    1.0x       500  16.0 MiB");
  CHECK(lines[3] == "  mmap-private   364 ns/op    1.0x =   400 ns/op    1.0x =     500  16.0 MiB");
  CHECK(lines[4] == "  read-write    1.87 us/op    5.2x    2.06 us/op    5.2x       500  16.0 MiB");
  CHECK(lines[5].starts_with("Answer: mmap-view and mmap-private are tied, 5.2x ["));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("] faster than read-write (accepted);"));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("durable, mmap-view and mmap-private are tied"));
  CHECK_THAT(table, ContainsSubstring("Next: faultline report runs/quick   "
                                      "faultline advise runs/quick\n"));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("=: tied with it (within 5 %)"));
  CHECK_THAT(table, !ContainsSubstring("inconclusive"));
  CHECK_THAT(table, !ContainsSubstring("~"));
}

TEST_CASE("a small difference that is known is no 1.0") {
  RunDocument document =
      RunDocument("a suite", {}, {MadeUpTrial("mmap-view"), MadeUpTrial("stdio")}, kUsualBaseline,
                  {.margin = 1.01});
  AddRounds(document, 0, 100, 30, 0.001);
  AddRounds(document, 1, 104, 30, 0.001);
  CHECK_THAT(LineWith(TableOf(document), "  stdio "), ContainsSubstring(" 1.04x "));
}

TEST_CASE("the lead is told against the baseline else against the best of the others") {
  RunDocument document =
      DocumentOf({MadeUpTrial("stdio"), MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 100);
  AddRounds(document, 2, 200);
  const std::string text = Unwrapped(TableOf(document));
  CHECK_THAT(text, ContainsSubstring("Answer: read-write is 2.00x ["));
  CHECK_THAT(text, ContainsSubstring("] faster than mmap-view (accepted); durable, read-write is"));
}

TEST_CASE("strategies that are all tied are said to be and within what") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 100, 8);
  AddRounds(document, 1, 100, 8);
  CHECK_THAT(Unwrapped(TableOf(document)),
             ContainsSubstring("are tied: they differ by less than 5 % (accepted); durable, "));
}

TEST_CASE("what is inconclusive says how many rounds and what to ask for would settle it") {
  RunDocument document =
      DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view"), MadeUpTrial("stdio")});
  AddRounds(document, 0, 1000);
  AddRounds(document, 1, 100, 6, 0.2);
  AddRounds(document, 2, 104, 6, 0.2);
  const std::string fixed = TableOf(document);
  CHECK_THAT(Unwrapped(fixed),
             ContainsSubstring("; whether stdio is as fast as mmap-view is inconclusive (1.0"));
  CHECK_THAT(Unwrapped(fixed), ContainsSubstring(" rounds would settle it: --repetitions "));
  CHECK_THAT(LineWith(fixed, "  stdio "), ContainsSubstring("x ?"));
  CHECK_THAT(Unwrapped(fixed), ContainsSubstring("?: inconclusive."));
  const std::string budgeted = TableOf(document, {.end = RunEnd::kBudget,
                                                  .group_seconds = {12},
                                                  .budget_seconds = 60,
                                                  .precision = 1.05,
                                                  .open_comparisons = 3});
  CHECK_THAT(Unwrapped(budgeted), ContainsSubstring(" rounds would settle it: --budget "));
  CHECK_THAT(Unwrapped(budgeted),
             ContainsSubstring("Stopped after the budget of 60 s: 3 comparisons are not known to "
                               "5 % yet (--budget, --precision)."));
}

TEST_CASE("two strategies of which neither is known to be faster are named together") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 100, 6, 0.3);
  AddRounds(document, 1, 104, 6, 0.3);
  const std::string text = Unwrapped(TableOf(document));
  CHECK_THAT(text, ContainsSubstring("Answer: which of "));
  CHECK_THAT(text, ContainsSubstring(" is faster is inconclusive ("));
  CHECK_THAT(text, !ContainsSubstring("faster than"));
}

TEST_CASE("below six rounds nothing is compared and the answer says how many are needed") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 300, 1);
  AddRounds(document, 1, 10, 1);
  const std::string table = TableOf(document);
  CHECK_THAT(Unwrapped(table),
             ContainsSubstring("Answer: Not enough data to compare mmap-view with read-write: 1 "
                               "usable round, 6 needed (--repetitions 6 or more). "));
  CHECK_THAT(table, ContainsSubstring("1 round\n"));
  CHECK_THAT(table, !ContainsSubstring("relative"));
  CHECK_THAT(table, !ContainsSubstring("faster"));
  CHECK_THAT(table, !ContainsSubstring("durable, "));
  RunDocument three =
      DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view"), MadeUpTrial("stdio")});
  for (std::size_t trial = 0; trial < 3; ++trial) AddRounds(three, trial, 100, 5);
  CHECK_THAT(Unwrapped(TableOf(three)),
             ContainsSubstring("to compare the 3 strategies: 5 usable rounds, 6 needed"));
}

TEST_CASE("a strategy with too few rounds beside others with enough is named") {
  RunDocument document =
      DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view"), MadeUpTrial("stdio")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 100);
  AddRounds(document, 2, 200, 2);
  const std::string table = TableOf(document);
  CHECK_THAT(Unwrapped(table), ContainsSubstring("stdio: only 2 usable rounds, 6 needed"));
  CHECK_THAT(LineWith(table, "  stdio "), ContainsSubstring(" ? "));
}

TEST_CASE("a strategy alone has nothing to be compared with") {
  RunDocument document = DocumentOf({MadeUpTrial("stdio")});
  AddRounds(document, 0, 100);
  const std::string table = TableOf(document);
  CHECK_THAT(Unwrapped(table), ContainsSubstring("Answer: stdio was measured alone; there is "
                                                 "nothing to compare it with."));
  CHECK_THAT(table, !ContainsSubstring("relative"));
}

TEST_CASE("a strategy that failed is a row and a line and in no comparison") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 100);
  AddRounds(document, 1, 10, 4);
  document.Add(1, 4, MadeUpFailure("crashed in 'first'"));
  document.Add(1, 5, MadeUpFailure("crashed in 'first'"));
  const std::string table = TableOf(document);
  CHECK_THAT(table, ContainsSubstring("  mmap-view FAILED in 2 of 6 repetitions: crashed in "
                                      "'first'\n"));
  CHECK_THAT(Unwrapped(table),
             ContainsSubstring("Answer: read-write is the only one with a usable measurement."));
  CHECK_THAT(table, !ContainsSubstring("faster"));
  RunDocument broken = DocumentOf({MadeUpTrial("read-write")});
  broken.Add(0, 0, MadeUpFailure("hung"));
  CHECK_THAT(LineWith(TableOf(broken), "  read-write  "), ContainsSubstring("FAILED"));
  CHECK_THAT(TableOf(broken), ContainsSubstring("Answer: no strategy has a usable measurement."));
}

TEST_CASE("what this machine can't do and what was cut off say so") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  document.Add(0, 0, MadeUpFailure("no such call", Status::kUnsupported));
  document.Add(1, 0, MadeUpFailure("too slow", Status::kCutOff));
  const std::string table = TableOf(document);
  CHECK_THAT(table, ContainsSubstring("not possible"));
  CHECK_THAT(table,
             ContainsSubstring("read-write is not possible in 1 of 1 repetition: no such call"));
  CHECK_THAT(table, ContainsSubstring("mmap-view was cut off in 1 of 1 repetition: too slow"));
}

TEST_CASE("a trial that did not run is a row of dashes without an answer") {
  const std::string table = TableOf(DocumentOf({MadeUpTrial("stdio")}));
  const std::string row = LineWith(table, "  stdio");
  CHECK_THAT(row, ContainsSubstring("not run"));
  CHECK(std::count(row.begin(), row.end(), '-') == 3);
  CHECK_THAT(table, !ContainsSubstring("Answer"));
}

TEST_CASE("a missing counter is a dash and never 0") {
  RunDocument document = DocumentOf({MadeUpTrial("stdio")});
  Measurement measurement = MadeUp(100);
  for (auto& [phase, result] : measurement.phases) {
    result.counters["major_faults"] = std::nullopt;
    result.counters["peak_resident_bytes"] = std::nullopt;
  }
  document.Add(0, 0, measurement);
  const std::string row = LineWith(TableOf(document), "  stdio");
  CHECK(std::count(row.begin(), row.end(), '-') == 2);
}

TEST_CASE("the harness's own cost and the second of a pair are explained and in no answer") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), Twin("read-write"),
                                     MadeUpTrial("mmap-view"), MadeUpTrial("null")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 300);
  AddRounds(document, 2, 100);
  AddRounds(document, 3, 1);
  const std::string table = TableOf(document);
  const std::string text = Unwrapped(table);
  CHECK_THAT(text, ContainsSubstring("null: the harness itself, which stores nothing."));
  CHECK_THAT(text, ContainsSubstring("read-write#2: the same strategy once more, which shows the "
                                     "noise."));
  CHECK_THAT(text, ContainsSubstring("Answer: mmap-view is 3.0x ["));
  CHECK(Split(table, '\n')[5].starts_with("  null "));
  CHECK_THAT(table, ContainsSubstring("Noise: identical runs differed by up to 1.0"));
  CHECK_THAT(table, !ContainsSubstring("Warning"));
}

TEST_CASE("a pair of the same strategy that is found different is a warning") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), Twin("read-write")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 200);
  const std::string text = Unwrapped(TableOf(document));
  CHECK_THAT(text, ContainsSubstring("Warning: read-write and read-write#2 are the same strategy "
                                     "and were found different: identical runs differed by up to "
                                     "1.5"));
  CHECK_THAT(text, ContainsSubstring("Distrust differences smaller than that."));
  CHECK_THAT(text, !ContainsSubstring("Noise:"));
}

TEST_CASE("interference is one line and its reasons stand there when asked for") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 100);
  document.Add(1, 6, Interfered(900, "waited 9 ms of 10 ms for a processor"));
  document.Add(1, 6, MadeUp(100));
  const std::string table = TableOf(document, {.made_again = 1});
  CHECK_THAT(Unwrapped(table),
             ContainsSubstring("1 of 14 repetitions had interference (other processes used the "
                               "processors) and was made again. --verbose and run.json say more."));
  CHECK_THAT(table, !ContainsSubstring("waited 9 ms"));
  CHECK_THAT(table, !ContainsSubstring("~"));
  const std::string verbose = TableOf(document, {}, {.verbose = true});
  CHECK_THAT(verbose, ContainsSubstring("  mmap-view: waited 9 ms of 10 ms for a processor\n"));
  CHECK_THAT(verbose, ContainsSubstring("7 ok, 1 interference"));
  CHECK_THAT(LineWith(verbose, "accepted ns/op"),
             ContainsSubstring("accepted ns/op") && ContainsSubstring("dev. read") &&
                 ContainsSubstring("dev. written") && ContainsSubstring("major faults"));
  CHECK_THAT(verbose, ContainsSubstring("(other processes used the processors).\n"));
}

TEST_CASE("waiting that the times lack is told where it was more than the margin") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  REQUIRE(document.trials().front().net_of_waiting);
  const auto add = [&document](std::size_t trial, double share) {
    Measurement measurement = MadeUp(100);
    measurement.net_of_waiting = true;
    for (auto& [phase, result] : measurement.phases) {
      result.counters["run_delay_ns"] = static_cast<std::uint64_t>(share * result.seconds * 1e9);
    }
    document.Add(trial, 0, measurement);
  };
  add(0, 0.04);
  CHECK_THAT(TableOf(document), !ContainsSubstring("waited for"));
  add(1, 0.5);
  CHECK_THAT(Unwrapped(TableOf(document)),
             ContainsSubstring("Others kept the processors busy: workers waited for 27 % of the "
                               "time. The times are without this waiting."));
}

TEST_CASE("figures with interference in them are marked and the mark is explained") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write")});
  document.Add(0, 0, Interfered(100, "the machine swapped 7 pages"));
  const std::string table = TableOf(document);
  CHECK_THAT(LineWith(table, "  read-write"), ContainsSubstring("~100 ns"));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("~: with interference in it."));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("(the machine swapped). Figures with ~ include "
                                                 "some: fewer than six rounds had none."));
}

TEST_CASE("each reason of interference has its kind") {
  using Kinds = std::vector<std::string>;
  CHECK(InterferenceKinds("waited 3 ms of 4 ms for a processor; the hypervisor took 1 s of 2 s") ==
        Kinds{"other processes used the processors", "the hypervisor ran other machines"});
  CHECK(InterferenceKinds("others wrote 3 MiB to the device while the trial wrote 1 MiB") ==
        Kinds{"others used the device"});
  CHECK(InterferenceKinds("a control group's limit held it back for 1 s of 2 s") ==
        Kinds{"a control group's limit held it back"});
  CHECK(InterferenceKinds("?") == Kinds{"other activity"});
}

TEST_CASE("a cache state that is not proved is told once") {
  const auto unproved = [](CacheState state, const std::string& why) {
    Measurement measurement = MadeUp(100);
    measurement.cache.emplace();
    measurement.cache->before.state = state;
    measurement.cache->before.proved = why.empty();
    measurement.cache->before.why_not = why;
    return measurement;
  };
  CacheWarnings warnings;
  CHECK(warnings.Next(MadeUp(100)).empty());
  CHECK(warnings.Next(unproved(CacheState::kCold, "")).empty());
  CHECK(warnings.Next(unproved(CacheState::kCold, "3 of 9 pages are there")) ==
        "page cache state 'cold' could not be proved: 3 of 9 pages are there");
  CHECK(warnings.Next(unproved(CacheState::kCold, "4 of 9 pages are there")).empty());
  CHECK_THAT(warnings.Next(unproved(CacheState::kPaged, "no pages")), ContainsSubstring("'paged'"));
}

TEST_CASE("why no further round came is said") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 100);
  CHECK_THAT(Unwrapped(TableOf(document, {.end = RunEnd::kSettled, .precision = 1.05})),
             ContainsSubstring("Finished: each comparison is known to 5 %, or to a quarter of "
                               "its difference (--precision)."));
  CHECK_THAT(TableOf(document, {.end = RunEnd::kInterrupted}),
             ContainsSubstring("Interrupted: only what was finished is here.\n"));
  CHECK_THAT(Unwrapped(TableOf(document, {.end = RunEnd::kBudget,
                                          .budget_seconds = 20,
                                          .precision = 1.05,
                                          .open_comparisons = 1})),
             ContainsSubstring("budget of 20 s: 1 comparison is not known to 5 % yet"));
  CHECK_THAT(TableOf(document), !ContainsSubstring("Finished"));
}

TEST_CASE("percentiles are shown with their verdicts where they were asked for") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  for (std::uint64_t round = 0; round < 6; ++round) {
    for (std::size_t trial = 0; trial < 2; ++trial) {
      Measurement measurement = MadeUp(100);
      measurement.latency.emplace();
      const std::uint64_t factor = trial == 0 ? 64 : 1;
      for (std::uint64_t ns = 1; ns <= 60; ++ns) {
        measurement.latency->histogram.Record(ns * factor);
      }
      document.Add(trial, round, measurement);
    }
  }
  const std::string table = TableOf(document);
  CHECK_THAT(LineWith(table, "  latency"), ContainsSubstring("p99.9"));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("latency p99, mmap-view is 64x [64 64] faster "
                                                 "than read-write."));
}

TEST_CASE("long names stand above their rows and no line is wider than 80 columns") {
  const std::string longest = "mmap-window:size=64KiB,count=16,advice=random,populate=on";
  RunDocument document =
      DocumentOf({MadeUpTrial("read-write"), MadeUpTrial(longest), MadeUpTrial("mmap-view")});
  for (std::size_t trial = 0; trial < 3; ++trial) AddRounds(document, trial, 1e5 * (1 + trial));
  const std::string table = TableOf(document);
  CHECK_THAT(table, ContainsSubstring("  " + longest + "\n    "));
  const std::string wide = TableOf(document, {}, {.columns = 160});
  CHECK_THAT(wide, ContainsSubstring("  " + longest + " "));
  CHECK_THAT(TableOf(document, {}, {.columns = 20}), ContainsSubstring("  " + longest + "\n    "));
}

TEST_CASE("trials that differ in more than their strategy get tables of their own") {
  TrialSpec limited = MadeUpTrial("mmap-view");
  limited.memory_limit_bytes = std::uint64_t{64} << 20;
  limited.section = "tight";
  limited.cache = CacheState::kStreamed;
  limited.record_size = 64 << 10;
  TrialSpec shared = MadeUpTrial("mmap-view");
  shared.threads = 2;
  shared.processes = 3;
  shared.passes = 1;
  shared.operations = 20000;
  const std::string table = TableOf(DocumentOf({MadeUpTrial("mmap-view"), limited, shared}));
  const std::string text = Unwrapped(table);
  CHECK_THAT(text, ContainsSubstring("tight: random-update, 1,000 x 64 KiB, streamed, 1 thread, "
                                     "memory limit 64 MiB"));
  CHECK_THAT(text, ContainsSubstring("20,000 ops, 1 pass, paged, 2 threads x 3 processes"));
  CHECK_THAT(text, ContainsSubstring("streamed: the file is in memory, read in pieces of 1 MiB"));
  CHECK_THAT(text, ContainsSubstring("paged: the file is in memory, read page by page"));
}

TEST_CASE("only a terminal that wants colours gets them and they mark the best") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddRounds(document, 0, 300);
  AddRounds(document, 1, 100);
  CHECK(TableOf(document).find('\033') == std::string::npos);
  const std::string coloured = TableOf(document, {}, {.colours = true});
  CHECK_THAT(coloured, ContainsSubstring("\033[1mmmap-view\033[0m"));
  CHECK_THAT(coloured, !ContainsSubstring("\033[1mread-write"));
  CHECK_THAT(coloured, !ContainsSubstring("\033[37m"));
  std::string plain;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\033') {
      i = coloured.find('m', i);
    } else {
      plain += coloured[i];
    }
  }
  CHECK(plain == TableOf(document));
}

Measurement MadeUpOpen(double achieved_rate, Status status = Status::kOk) {
  Measurement measurement = MadeUp(100, status);
  measurement.open_loop = true;
  measurement.latency.emplace();
  for (std::uint64_t ns = 1; ns <= 60; ++ns) measurement.latency->histogram.Record(ns);
  OpenLoopReport load;
  load.late_operations = 250;
  load.intended_rate = 2000;
  load.achieved_rate = achieved_rate;
  load.harness_late.Record(50);
  measurement.open_load = load;
  return measurement;
}

TEST_CASE("an open load has a table of latencies and of its rate, and no ranking by its time") {
  TrialSpec plain = MadeUpTrial("read-write");
  plain.load = LoadMode::kOpen;
  plain.rate = 2000;
  TrialSpec mapped = plain;
  mapped.strategy = StrategyChoice("mmap-view");
  TrialSpec silent = plain;
  silent.strategy = StrategyChoice("stdio");
  RunDocument document = DocumentOf({plain, mapped, silent});
  document.Add(0, 0, MadeUpOpen(1999));
  document.Add(0, 1, MadeUpOpen(1500));
  document.Add(1, 0, MadeUpOpen(2000, Status::kInterference));
  document.Add(2, 0, MadeUpFailure("broke"));
  const std::string table = TableOf(document);
  CHECK_THAT(table, ContainsSubstring("open load of 2,000/s"));
  CHECK_THAT(table, ContainsSubstring("25.0 %"));
  CHECK_THAT(table, ContainsSubstring("~2,000"));
  CHECK_THAT(Unwrapped(table),
             ContainsSubstring("read-write: the rate was not kept in 1 of 2 repetitions"));
  CHECK_THAT(table, !ContainsSubstring("mmap-view: the rate"));
  CHECK_THAT(table, ContainsSubstring("stdio FAILED in 1 of 1 repetition: broke"));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("p99 50.0 ns, at most 50.0 ns"));
  CHECK_THAT(Unwrapped(table), ContainsSubstring("Not enough data to compare"));
  CHECK_THAT(table, !ContainsSubstring("accepted"));
  CHECK_THAT(LineWith(table, "  read-write "), ContainsSubstring(" 30.0 ns "));
  CHECK_THAT(LineWith(table, "  read-write "), ContainsSubstring(" 60.0 ns"));
  CHECK_THAT(document.Text(), ContainsSubstring("\"rate_kept\":false"));
  CHECK_THAT(document.Text(), ContainsSubstring("\"load\":\"open\",\"memory_limit"));
  CHECK_THAT(document.Text(), !ContainsSubstring("\"ns_per_operation\":1"));
  CHECK_THAT(ResultCsv(document), ContainsSubstring(",open,2000.000,even,false\n"));
}

TEST_CASE("warnings are printed") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write")});
  document.AddWarning("the limit did not hold");
  CHECK_THAT(TableOf(document), ContainsSubstring("Warning: the limit did not hold"));
}

TEST_CASE("a folder with a long name keeps its commands whole") {
  const std::string folder = "faultline-runs/" + std::string(30, 'x');
  const std::string table = TableOf(DocumentOf({MadeUpTrial("read-write")}), {.output = folder});
  CHECK_THAT(table, ContainsSubstring("Next: faultline report " + folder +
                                      "\n      faultline advise " + folder + "\n"));
  CHECK_THAT(TableOf(DocumentOf({MadeUpTrial("read-write")})), !ContainsSubstring("Next:"));
}

TEST_CASE("a line of values has as many fields as the head and the verdicts") {
  TrialSpec quoted = MadeUpTrial("mmap-window:size=64KiB,count=16");
  quoted.section = "says \"so\"";
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), quoted, MadeUpTrial("mmap-view")});
  const double values[] = {100, 200, 400, 200, 300, 100};
  for (std::uint64_t round = 0; round < 6; ++round) document.Add(0, round, MadeUp(values[round]));
  for (std::uint64_t round = 0; round < 6; ++round) {
    document.Add(2, round, MadeUp(values[round] / 4));
  }
  const std::vector<std::string> lines = Split(ResultCsv(document), '\n');
  REQUIRE(lines.size() == 5);
  CHECK(lines[4].empty());
  CHECK_THAT(lines[0], ContainsSubstring(",ok,interference,failed,"));
  CHECK_THAT(lines[0], ContainsSubstring(",baseline,ns_per_operation.verdict,"));
  const auto commas = std::count(lines[0].begin(), lines[0].end(), ',');
  CHECK(std::count(lines[1].begin(), lines[1].end(), ',') == commas);
  CHECK(std::count(lines[2].begin(), lines[2].end(), ',') == commas + 2);  // in two names
  CHECK(std::count(lines[3].begin(), lines[3].end(), ',') == commas);
  CHECK_THAT(lines[1], ContainsSubstring(",200.000,100.000,400.000,"));
  CHECK_THAT(lines[2], ContainsSubstring("\"says \"\"so\"\"\","));
  CHECK_THAT(lines[2], ContainsSubstring(",\"mmap-window:size=64KiB,count=16\","));
  CHECK_THAT(lines[2], ContainsSubstring(",,,"));
  CHECK_THAT(lines[3], ContainsSubstring(",read-write,faster,4.0000,4.0000,4.0000,faster,"));
}

}  // namespace
}  // namespace faultline
