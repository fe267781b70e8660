// The run document: every field there and back, and what is said of one that isn't as it should be.
#include "harness/document/run.h"

#include "tests/catch.h"
#include "tests/document/each_field.h"
#include "tests/document/filled_run.h"

namespace faultline::document {
namespace {

TEST_CASE("a run document with every field is read back as it was written") {
  const std::string text = ToText(FilledRun());
  const Run run = ParseRun("made", text);
  CHECK(ToText(run) == text);
  CHECK(run.has_comparisons);
  CHECK(run.groups.front().comparisons.size() == 2);
  CHECK(run.groups.front().comparisons[0].comparison.verdict == verdict::Verdict::kFaster);
  CHECK(run.groups.front().comparisons[1].comparison.verdict == verdict::Verdict::kInconclusive);
  const Repetition& repetition = run.trials.front().repetitions.front();
  CHECK(repetition.timeline.back().operations == 2000);
  CHECK(repetition.timeline.back().counters.at("memory_bytes") == std::uint64_t{1} << 40);
  CHECK_FALSE(repetition.timeline.back().counters.at("dirty_pages").has_value());
  CHECK(repetition.phases.size() == kPhases.size());
  CHECK(run.trials.front().summary.Figure(kAcceptedFigure)->high == 101);
  CHECK_FALSE(run.trials.front().summary.figures.at("first.cycles").has_value());
  CHECK(run.counters.at("resident_bytes").name == "resident_bytes");
  CHECK(run.trials.front().parameters.Texts().at("rate") == "1000.0");
}

TEST_CASE("a trial's text stands in the document as it is") {
  const Run run = FilledRun();
  const std::vector<std::string> trials = {ToText(run.trials[0]), ToText(run.trials[1])};
  CHECK(ToText(run, trials) == ToText(run));
}

TEST_CASE("a run without repetitions is read back too") {
  Run run = FilledRun();
  for (Trial& trial : run.trials) {
    trial.repetitions.clear();
    trial.summary = {};
  }
  run.groups.front().comparisons.clear();
  run.groups.front().rankings.clear();
  run.complete = false;
  const std::string text = ToText(run);
  CHECK(ToText(ParseRun("made", text)) == text);
}

TEST_CASE("each field of a run document that is missing or something else is named") {
  CheckEachField(ToText(FilledRun()),
                 {
                     // Stand for none.
                     "cache.cached_pages_after",
                     "cache.why_not",
                     "strategy.flush_period",
                     "comparisons.ratio",
                     "comparisons.reason",
                     "comparisons.rounds_needed",
                     "first.cycles.high",
                     "first.cycles.low",
                     "first.cycles.median",
                     "groups.baseline",
                     "memory.anonymous_bytes",
                     "memory.file_bytes",
                     "memory.kills",
                     "memory.limit_hits",
                     "ns_per_operation.high",
                     "ns_per_operation.low",
                     "ns_per_operation.median",
                     "open_loop.achieved_operations_per_second",
                     "open_loop.harness_late_ns",
                     "open_loop.intended_operations_per_second",
                     "open_loop.rate_kept",
                     "parameters.memory_limit_bytes",
                     "ratio.high",
                     "ratio.low",
                     "repetitions.cache",
                     "repetitions.durable_ns_per_operation",
                     "repetitions.error",
                     "repetitions.latency",
                     "repetitions.memory",
                     "repetitions.ns_per_operation",
                     "repetitions.open_loop",
                     "repetitions.stages",
                     "repetitions.steady_ns_per_operation",
                     "repetitions.timeline",
                     "repetitions.verified",
                     "stages.filling",
                     "stages.stall",
                     "stages.steady",
                     "strategy.copies",
                     "strategy.discards",
                     "strategy.plugin",
                     // Came later, or are no names that this version asks for.
                     ".comparisons",
                     "cycles.column",
                     "minor_faults.column",
                     "resident_bytes.column",
                     "trials.net_of_waiting",
                     "parameters.arrivals",
                     "parameters.latency",
                     "parameters.load",
                     "parameters.rate",
                     "parameters.seed",
                     "parameters.timeline",
                     "strategy.gives_back",
                     "summary.cut_off",
                     "workload.facts",
                     "workload.needs_durability",
                 },
                 {"absent", "counters", "effective", "environment", "facts", "figures", "phases",
                  "rankings", "totals"},
                 [](const std::string& text) { ParseRun("made", text); });
}

TEST_CASE("names that this version doesn't know are said with those that it knows") {
  const auto error_with = [](const char* pointer, const char* name) -> std::string {
    nlohmann::json document = nlohmann::json::parse(ToText(FilledRun()));
    document[nlohmann::json::json_pointer(pointer)] = name;
    try {
      ParseRun("made", document.dump());
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  CHECK(error_with("/trials/0/repetitions/0/status", "good") ==
        "made: trials[0].repetitions[0].status: unknown 'good'; known are ok, failed, "
        "interference, unsupported, cut off");
  CHECK_THAT(error_with("/trials/0/strategy/durability", "always"),
             ContainsSubstring("known are never, after-flush, periodic"));
  CHECK_THAT(error_with("/trials/0/repetitions/0/cache/state", "hot"),
             ContainsSubstring("known are cold, streamed, paged, written"));
  CHECK_THAT(
      error_with("/counters/cycles/kind", "wave"),
      ContainsSubstring("counters.cycles.kind: unknown 'wave'; known are total, level, peak"));
  CHECK_THAT(error_with("/counters/cycles/scope", "world"),
             ContainsSubstring("known are process, file, device, machine"));
  CHECK_THAT(error_with("/comparisons/1/verdict", "fewest"),
             ContainsSubstring("known are fewer, more, tied, inconclusive"));
}

TEST_CASE("a timeline of other columns is refused") {
  nlohmann::json document = nlohmann::json::parse(ToText(FilledRun()));
  nlohmann::json& timeline = document["trials"][0]["repetitions"][0]["timeline"];
  timeline["columns"][1] = "updates";
  CHECK_THROWS_WITH(ParseRun("made", document.dump()),
                    ContainsSubstring("timeline.columns: the first are no seconds and operations"));
  timeline["columns"] = {"seconds", "operations"};
  CHECK_THROWS_WITH(ParseRun("made", document.dump()),
                    ContainsSubstring("timeline.rows[0]: expected 2 elements, found 10"));
}

}  // namespace
}  // namespace faultline::document
