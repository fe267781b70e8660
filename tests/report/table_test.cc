// What people read: the table and its conclusions, and comma-separated values.
#include "harness/report/table.h"

#include <algorithm>

#include "harness/base/text.h"
#include "tests/catch.h"
#include "tests/report/made_up.h"

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

void AddAll(RunDocument& document, std::size_t trial, const std::vector<double>& ns) {
  for (double value : ns) document.Add(trial, MadeUp(value));
}

TEST_CASE("an estimate shows its interval unless it has no width") {
  CHECK(FormatEstimate(std::nullopt, false) == "-");
  CHECK(FormatEstimate(Estimate{1.234, 1.2, 1.3}, false) == "1.23 [1.20 1.30]");
  CHECK(FormatEstimate(Estimate{1.234, 1.2, 1.3}, true) == "~1.23 [1.20 1.30]");
  CHECK(FormatEstimate(Estimate{12345, 12345, 12345}, false) == "12,300");
}

TEST_CASE("a trial's row has its figures and its state") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddAll(document, 0, {100, 100});
  document.Add(0, MadeUp(300, Status::kDisturbed));
  document.Add(1, MadeUpFailure("crashed in 'first'"));
  const std::string table = ResultTable(document);
  CHECK_THAT(table, ContainsSubstring("random-update, 1,000 x 125, 1,000 operations x 2 passes"));
  const std::string row = LineWith(table, "read-write");
  CHECK_THAT(row, ContainsSubstring(" 100 "));
  CHECK_THAT(row, ContainsSubstring(" 110 "));
  CHECK_THAT(row, ContainsSubstring(" 500 "));
  CHECK_THAT(row, ContainsSubstring("2 ok, 1 disturbed"));
  CHECK_THAT(row, !ContainsSubstring("~"));
  const std::string failed = LineWith(table, "mmap-view");
  CHECK_THAT(failed, ContainsSubstring(" - "));
  CHECK_THAT(failed, ContainsSubstring("1 FAILED"));
  CHECK_THAT(table, ContainsSubstring("  mmap-view: failed: crashed in 'first'"));
}

TEST_CASE("figures stand below their titles") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddAll(document, 0, {12345678, 22345678, 12345678});
  AddAll(document, 1, {1.5});
  const std::string table = ResultTable(document);
  const std::string head = LineWith(table, "accepted ns/op");
  const std::string first = LineWith(table, " ok");
  CHECK(head.find("repetitions") == first.find("3 ok"));
  CHECK(head.find("repetitions") == LineWith(table, "1 ok").find("1 ok"));
}

TEST_CASE("disturbed figures are marked and the mark is explained") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write")});
  document.Add(0, MadeUp(100, Status::kDisturbed));
  const std::string table = ResultTable(document);
  CHECK_THAT(LineWith(table, "read-write"), ContainsSubstring("~100"));
  CHECK_THAT(table, ContainsSubstring("~ only disturbed repetitions"));
  CHECK_THAT(table, ContainsSubstring("read-write: disturbed: somebody computed"));
  RunDocument quiet = DocumentOf({MadeUpTrial("read-write")});
  quiet.Add(0, MadeUp(100));
  CHECK_THAT(ResultTable(quiet), !ContainsSubstring("~"));
}

TEST_CASE("a trial that did not run is a row of dashes") {
  const std::string row = LineWith(ResultTable(DocumentOf({MadeUpTrial("stdio")})), "stdio");
  CHECK(std::count(row.begin(), row.end(), '-') == 6);
  CHECK_THAT(row, ContainsSubstring("not run"));
}

TEST_CASE("a missing counter is a dash and never 0") {
  RunDocument document = DocumentOf({MadeUpTrial("stdio")});
  Measurement measurement = MadeUp(100);
  for (auto& [phase, result] : measurement.phases) {
    result.counters["major_faults"] = std::nullopt;
    result.counters["device_read_bytes"] = std::nullopt;
  }
  document.Add(0, measurement);
  const std::string row = LineWith(ResultTable(document), "stdio");
  CHECK(std::count(row.begin(), row.end(), '-') == 2);
}

TEST_CASE("the fastest is compared with plain calls and the harness's own cost is shown") {
  RunDocument document =
      DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view"), MadeUpTrial("null")});
  AddAll(document, 0, {300, 301, 302});
  AddAll(document, 1, {10, 10.1, 10.2});
  AddAll(document, 2, {1, 1, 1});
  const std::string table = ResultTable(document);
  CHECK_THAT(LineWith(table, "accepted:"),
             ContainsSubstring("mmap-view ran 29.8 [29.4 30.2] times as fast as read-write"));
  CHECK_THAT(LineWith(table, "durable:"), ContainsSubstring("mmap-view ran 29.8"));
  CHECK_THAT(table, ContainsSubstring("the harness itself (null): 1.00 ns per operation"));
}

TEST_CASE("no conclusion is drawn below the noise floor") {
  TrialSpec copy = MadeUpTrial("read-write");
  copy.copy = 2;
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), copy, MadeUpTrial("mmap-view")});
  AddAll(document, 0, {300, 300, 300});
  AddAll(document, 1, {200, 200, 200});
  AddAll(document, 2, {190, 190, 190});
  // 300 : 190 is 1.58, and the same strategy twice differed by 1.5.
  CHECK_THAT(ResultTable(document), ContainsSubstring("mmap-view ran 1.58 times as fast"));
  CHECK_THAT(ResultTable(document), ContainsSubstring("Noise floor: the same strategy twice"));
  AddAll(document, 1, {100, 100, 100, 100});
  const std::string table = ResultTable(document);
  CHECK_THAT(table, !ContainsSubstring("times as fast"));
}

TEST_CASE("intervals that reach 1 are no difference") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddAll(document, 0, {100, 140, 90});
  AddAll(document, 1, {95, 99, 130});
  const std::string table = ResultTable(document);
  CHECK_THAT(table, ContainsSubstring("mmap-view and read-write differ by no more than the noise"));
  CHECK_THAT(table, !ContainsSubstring("times as fast"));
}

TEST_CASE("disturbed repetitions carry no conclusion") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  AddAll(document, 0, {300});
  document.Add(1, MadeUp(10, Status::kDisturbed));
  CHECK_THAT(ResultTable(document), !ContainsSubstring("times as fast"));
}

TEST_CASE("trials that differ in more than their strategy get tables of their own") {
  TrialSpec limited = MadeUpTrial("mmap-view");
  limited.memory_limit_bytes = std::uint64_t{64} << 20;
  limited.section = "tight";
  TrialSpec shared = MadeUpTrial("mmap-view");
  shared.threads = 2;
  shared.processes = 3;
  shared.passes = 1;
  const std::string table = ResultTable(DocumentOf({MadeUpTrial("mmap-view"), limited, shared}));
  CHECK_THAT(table, ContainsSubstring("tight: random-update"));
  CHECK_THAT(table, ContainsSubstring("memory limit 64MiB"));
  CHECK_THAT(table, ContainsSubstring("1 pass, 2 threads x 3 processes"));
  CHECK(Split(table, '\n').size() > 12);
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

TEST_CASE("an open load has a table of latencies and of its rate, and no ranking") {
  TrialSpec plain = MadeUpTrial("read-write");
  plain.load = LoadMode::kOpen;
  plain.rate = 2000;
  TrialSpec mapped = plain;
  mapped.strategy = "mmap-view";
  TrialSpec silent = plain;
  silent.strategy = "stdio";
  RunDocument document = DocumentOf({plain, mapped, silent});
  document.Add(0, MadeUpOpen(1999));
  document.Add(0, MadeUpOpen(1500));
  document.Add(1, MadeUpOpen(2000, Status::kDisturbed));
  document.Add(2, MadeUpFailure("broke"));
  const std::string table = ResultTable(document);
  CHECK_THAT(table, ContainsSubstring("open load of 2,000/s"));
  CHECK_THAT(table, ContainsSubstring("25.0"));
  CHECK_THAT(table, ContainsSubstring("~2,000"));
  CHECK_THAT(table, ContainsSubstring("read-write: the rate was not kept in 1 of 2 repetitions"));
  CHECK_THAT(table, !ContainsSubstring("mmap-view: the rate"));
  CHECK_THAT(table, ContainsSubstring("stdio: failed: broke"));
  CHECK_THAT(table, ContainsSubstring("p99 50 ns, at most 50 ns"));
  CHECK_THAT(table, !ContainsSubstring("times as fast"));
  CHECK_THAT(table, !ContainsSubstring("accepted"));
  CHECK_THAT(table, ContainsSubstring("~ only disturbed repetitions"));
  for (const std::string& line : Split(table, '\n')) {
    if (line.find("read-write  ") != std::string::npos) {
      CHECK_THAT(line, ContainsSubstring(" 30 "));
      CHECK_THAT(line, ContainsSubstring(" 60 "));
    }
  }
  CHECK_THAT(document.Text(), ContainsSubstring("\"rate_kept\":false"));
  CHECK_THAT(document.Text(), ContainsSubstring("\"load\":\"open\",\"memory_limit"));
  CHECK_THAT(document.Text(), !ContainsSubstring("\"ns_per_operation\":1"));
  CHECK_THAT(ResultCsv(document), ContainsSubstring(",open,2000.000,even\n"));
}

TEST_CASE("warnings are printed") {
  RunDocument document = DocumentOf({MadeUpTrial("read-write")});
  document.AddWarning("the limit did not hold");
  CHECK_THAT(ResultTable(document), ContainsSubstring("Warning: the limit did not hold"));
}

TEST_CASE("a line of values has as many fields as the head") {
  TrialSpec quoted = MadeUpTrial("mmap-window:size=64KiB,count=16");
  quoted.section = "says \"so\"";
  RunDocument document = DocumentOf({MadeUpTrial("read-write"), quoted});
  AddAll(document, 0, {100, 200, 400});
  const std::vector<std::string> lines = Split(ResultCsv(document), '\n');
  REQUIRE(lines.size() == 4);
  CHECK(lines[3].empty());
  const auto commas = std::count(lines[0].begin(), lines[0].end(), ',');
  CHECK(std::count(lines[1].begin(), lines[1].end(), ',') == commas);
  CHECK(std::count(lines[2].begin(), lines[2].end(), ',') == commas + 1);
  CHECK_THAT(lines[1], ContainsSubstring(",200.000,100.000,400.000,"));
  CHECK_THAT(lines[2], ContainsSubstring("\"says \"\"so\"\"\","));
  CHECK_THAT(lines[2], ContainsSubstring(",\"mmap-window:size=64KiB,count=16\","));
  CHECK_THAT(lines[2], ContainsSubstring(",,,"));
}

}  // namespace
}  // namespace faultline
