// All documents but the run's and the trace's: every field there and back, and what is said of one
// that isn't as it should be.
#include "tests/catch.h"
#include "tests/document/each_field.h"
#include "tests/document/filled_crossover.h"
#include "tests/document/filled_decisions.h"
#include "tests/document/filled_findings.h"

namespace faultline::document {
namespace {

template <class Document>
void CheckThereAndBack(const Document& document,
                       Document (*parse)(const std::string& name, const std::string& text),
                       const std::set<std::string>& may_be_missing,
                       const std::set<std::string>& maps) {
  const std::string text = ToText(document);
  CHECK(ToText(parse("made", text)) == text);
  CheckEachField(text, may_be_missing, maps,
                 [parse](const std::string& other) { static_cast<void>(parse("made", other)); });
}

TEST_CASE("a crossover is read back and each field is named") {
  CheckThereAndBack(
      FilledCrossover(), ParseCrossover,
      {".ended", ".y", "comparisons.ratio", "comparisons.reason", "points.inconclusive",
       "points.net_of_waiting", "points.parameters", "again.durable_ns_per_operation",
       "again.error", "again.ns_per_operation", "again.steady_ns_per_operation", "ratio.high",
       "ratio.low", "repetitions.durable_ns_per_operation", "repetitions.error",
       "repetitions.ns_per_operation", "repetitions.steady_ns_per_operation", "results.error",
       "rows.y"},
      {"environment", "figures", "parameters"});
}

TEST_CASE("a policy is read back and each field is named") {
  CheckThereAndBack(FilledPolicy(), ParsePolicy,
                    {".y", "ranges.boundary", "rows.high", "rows.low", "rows.y"}, {});
}

TEST_CASE("a comparison of runs is read back and each field is named") {
  CheckThereAndBack(FilledComparedRuns(), ParseComparison,
                    {"comparison.ratio", "comparison.reason", "comparison.rounds_needed",
                     "counts.reason", "counts.verdict", "ratio.high", "ratio.low", "times.after_ns",
                     "times.before_ns", "trials.problem_after", "trials.problem_before"},
                    {});
}

TEST_CASE("an advice is read back and each field is named") {
  CheckThereAndBack(FilledAdvice(), ParseAdvice,
                    {".baseline",
                     ".baseline_why",
                     "answers.baseline",
                     "answers.best",
                     "answers.every",
                     "answers.gain",
                     "answers.lead",
                     "answers.program",
                     "answers.runner_up",
                     "elsewhere.ratio",
                     "gain.ratio",
                     "gain.reason",
                     "gain.rounds_needed",
                     "lead.ratio",
                     "lead.reason",
                     "lead.rounds_needed",
                     "ranked.device_bytes_written_per_byte_changed",
                     "ranked.limited_peak_bytes",
                     "ranked.peak_resident_bytes",
                     "ratio.high",
                     "ratio.low",
                     "workloads.replay"},
                    {"replay"});
}

TEST_CASE("power cuts are read back and each field is named") {
  CheckThereAndBack(
      FilledPowerCuts(), ParsePowerCuts,
      {"rows.acknowledged", "rows.acknowledged_missing", "rows.error", "rows.promise",
       "rows.records", "rows.recovery_error", "rows.straddling", "rows.survived", "rows.updates"},
      {"environment"});
}

TEST_CASE("a ledger of claims is read back and each field is named") {
  CheckThereAndBack(FilledClaims(), ParseClaims,
                    {"claims.error", "claims.published", "points.high", "points.low"},
                    {"environment", "figures", "words"});
}

TEST_CASE("evidence crosses the pipe as it is") {
  Evidence evidence = FilledClaims().claims.front().evidence;
  evidence.words["answer"] = "two\nlines";
  const Evidence back = EvidenceFromJson(ToJson(evidence));
  CHECK(back.Words("answer") == "two\nlines");
  CHECK(back.Figure("pages") == 1);
  CHECK_THROWS_WITH(back.Figure("page"), ContainsSubstring("the evidence has no 'page'"));
  CHECK(back.charts.front().curves.front().points.front().high == 2.75);
}

TEST_CASE("walks are read back and each field is named") {
  CheckThereAndBack(FilledWalks(), ParseWalks, {"cost.read_bytes", "views.address"},
                    {"after", "before"});
}

TEST_CASE("words of a document that aren't known are said with those that are") {
  const auto error_with = [](std::string text, const std::string& from, const std::string& to,
                             const auto& parse) -> std::string {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    try {
      parse("made", text.replace(at, from.size(), to));
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  CHECK(error_with(ToText(FilledPowerCuts()), R"("status":"failed")", R"("status":"broke")",
                   ParsePowerCuts) ==
        "made: rows[0].status: unknown 'broke'; known are ok, failed, interference, unsupported, "
        "cut off");
  CHECK(error_with(ToText(FilledCrossover()), R"("scale":"log")", R"("scale":"square")",
                   ParseCrossover) == "made: x.scale: unknown 'square'; known are log, linear");
  CHECK(error_with(ToText(FilledComparedRuns()), R"("change":"worse")", R"("change":"bad")",
                   ParseComparison) ==
        "made: trials[0].times[0].change: unknown 'bad'; known are better, worse, tied, "
        "inconclusive");
  CHECK(
      error_with(ToText(FilledClaims()), "faultline-claims/1", "faultline-claims/9", ParseClaims) ==
      "made: schema: expected \"faultline-claims/1\", found \"faultline-claims/9\"");
}

}  // namespace
}  // namespace faultline::document
