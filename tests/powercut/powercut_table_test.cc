// The table, of results made up by hand.
#include "harness/powercut/powercut_table.h"

#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

TEST_CASE("the table says nothing and everything only of nothing and everything") {
  PowerCutSpec spec = SmallCut("read-write", Instant::kDuring);
  CutResult result = MadeUpResult();
  const auto table = [&] {
    return PowerCutTable(spec, {{StrategyChoice("read-write"), Instant::kDuring, result}});
  };
  CHECK_THAT(table(), ContainsSubstring("86.4 %"));
  result.tally.survived = 4999;
  CHECK_THAT(table(), ContainsSubstring(">99.9 %"));
  result.tally.survived = 1;
  CHECK_THAT(table(), ContainsSubstring("<0.1 %"));
  result.tally.survived = 5000;
  CHECK_THAT(table(), ContainsSubstring(" 100 %"));
  result.status = Status::kFailed;
  result.error = "it crashed";
  CHECK_THAT(table(), ContainsSubstring("FAILED: it crashed"));
}

TEST_CASE("the table has a block for each strategy and fits 80 columns, reasons too") {
  PowerCutSpec spec = SmallCut("read-write", Instant::kDuring);
  spec.trial.records = 1'000'000;
  CutResult large = MadeUpResult();
  large.tally.updates = 999'999;
  large.tally.acknowledged = 999'999;
  large.tally.survived = 999'998;
  large.tally.records = {876'543, 123'456, 0, 0, 0, 4000};
  large.tally.recovery_error = "in 'export': crashed: killed by SIGBUS while it read the journal";
  CutResult failed = MadeUpResult();
  failed.status = Status::kFailed;
  failed.error = "15 records hold what no power cut can have left; the first is record 17 of these";
  CutResult unsupported;
  unsupported.status = Status::kUnsupported;
  unsupported.error = "strategy null stores nothing that could survive";
  const std::string table = PowerCutTable(
      spec, {{StrategyChoice("read-write"), Instant::kDuring, large},
             {StrategyChoice("read-write"), Instant::kAfterUpdates, failed},
             {StrategyChoice("mmap-view-flushed:every=1000"), Instant::kDuring, large},
             {StrategyChoice("null"), Instant::kAfterFlush, unsupported}});
  for (const std::string& line : Split(table, '\n')) CHECK(line.size() <= 80);
  for (const char* part :
       {"\nread-write\n  during ", "\n  after-updates ",
        "\nmmap-view-flushed:every=1000\n  during ",
        "\nnull\n  after-flush\n    not possible: strategy null stores nothing",
        "\n    FAILED: 15 records hold what no power cut can have left; the first is",
        "\n    can't recover 4,000 records: in 'export': crashed"}) {
    CHECK_THAT(table, ContainsSubstring(part));
  }
}

}  // namespace
}  // namespace faultline
