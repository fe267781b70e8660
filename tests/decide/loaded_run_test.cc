// Run documents read back: what the writer wrote, and what somebody cut off, edited or made up.
#include "harness/decide/loaded_run.h"

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/report/run_document.h"
#include "tests/catch.h"
#include "tests/report/made_up.h"

namespace faultline {
namespace {

std::string Write() {
  TrialSpec twin = MadeUpTrial("read-write");
  twin.copy = 2;
  RunDocument document("a suite", {{"kernel", "Linux"}, {"swap_bytes", std::nullopt}},
                       {MadeUpTrial("read-write"), twin, MadeUpTrial("null")});
  for (double ns : {100.0, 110.0, 120.0}) {
    document.Add(0, MadeUp(ns));
    document.Add(1, MadeUp(ns * 1.1));
  }
  document.Add(0, MadeUp(900, Status::kDisturbed));
  document.Add(0, MadeUpFailure("it crashed"));
  document.SetComplete();
  return document.Text();
}

// Summaries take time to make.
const std::string& Written() {
  static const std::string kText = Write();
  return kText;
}

// The document with the first `from` replaced by `to`.
std::string With(const std::string& from, const std::string& to) {
  std::string text = Written();
  const std::size_t at = text.find(from);
  INFO(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string ErrorOf(const std::string& text) {
  try {
    ParseRun("made/run.json", text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("what was written is read back") {
  const LoadedRun run = ParseRun("made/run.json", Written());
  CHECK_FALSE(run.trials[0].own_flushes);
  CHECK(run.trials[0].replay.empty());
  CHECK(run.complete);
  CHECK(run.environment == std::map<std::string, std::string>{{"kernel", "Linux"}});
  CHECK(run.count_units.at("device_write_bytes") == "bytes");
  CHECK_FALSE(run.count_units.contains("resident_bytes"));
  // Twins whose medians differ by a tenth, and that overlap.
  CHECK(run.noise_factor.value() > 1.1);
  REQUIRE(run.trials.size() == 3);
  const LoadedTrial& trial = run.trials[0];
  CHECK(trial.id == "read-write/random-update");
  CHECK(trial.strategy == "read-write");
  CHECK(trial.workload == "random-update");
  CHECK(trial.durability == Durability::kAfterFlush);
  CHECK(trial.parameters.records == 1000);
  CHECK(trial.parameters.cache == "streamed");
  CHECK_FALSE(trial.parameters.memory_limit_bytes.has_value());
  CHECK(trial.all_parameters.at("memory_limit_bytes") == "null");
  CHECK(trial.all_parameters.at("seed") == "1");
  CHECK(trial.Count(Status::kOk) == 3);
  CHECK(trial.Count(Status::kDisturbed) == 1);
  CHECK(trial.Problem() == "failed: it crashed");
  const std::vector<double> accepted = trial.Values(&LoadedRepetition::accepted_ns);
  REQUIRE(accepted.size() == 3);
  CHECK(accepted[1] == Approx(110));
  CHECK(trial.Values(&LoadedRepetition::durable_ns)[1] == Approx(121));
  const LoadedRepetition& first = *trial.Good().front();
  CHECK(first.counts.at("minor_faults") == 500);
  CHECK(first.changed_bytes == 500.0);
  CHECK_FALSE(first.counts.contains("cycles"));
  CHECK_FALSE(run.Find("null/random-update")->stores());
  CHECK(run.Find("elsewhere") == nullptr);
  CHECK(run.Find("read-write/random-update#2")->Problem().empty());
}

TEST_CASE("a replayed trace is known with its facts and its flushes") {
  const LoadedRun run = ParseRun(
      "made", With("\"facts\":{},\"name\":\"random-update\",\"needs_durability\":false",
                   "\"facts\":{\"files\":\"2\"},\"name\":\"trace\",\"needs_durability\":true"));
  CHECK(run.trials[0].own_flushes);
  CHECK(run.trials[0].replay == std::map<std::string, std::string>{{"files", "2"}});
}

TEST_CASE("a counter that one phase lacks is absent and not less") {
  for (const char* other : {"\"minor_faults\":null", "\"minor\":100"}) {
    const LoadedRun run = ParseRun("made", With("\"minor_faults\":100", other));
    const std::vector<LoadedRepetition>& repetitions = run.trials[0].repetitions;
    CHECK_FALSE(repetitions[0].counts.contains("minor_faults"));
    CHECK(repetitions[1].counts.at("minor_faults") == 500);
  }
}

TEST_CASE("the noise is the farther end of the interval either way") {
  const auto factor = [](const std::string& ends) {
    return ParseRun("made",
                    With("\"noise_floor\":", Concat("\"noise_floor\":{", ends, "},\"was\":")))
        .noise_factor;
  };
  CHECK(factor("\"low\":0.5,\"high\":1.1") == 2.0);
  CHECK(factor("\"low\":0.9,\"high\":4") == 4.0);
  CHECK(factor("\"low\":1,\"high\":1") == 1.0);
}

TEST_CASE("a document that is cut off anywhere is refused with its place") {
  const std::string text = Written();
  for (std::size_t length = 0; length + 2 < text.size(); length += 2997) {
    const std::string error = ErrorOf(text.substr(0, length));
    CHECK_THAT(error, ContainsSubstring("made/run.json: line ") &&
                          ContainsSubstring("was the file cut off or edited?"));
  }
  CHECK_THAT(ErrorOf("{\n \"schema\": ?}"), ContainsSubstring("line 2, column 12: malformed"));
}

TEST_CASE("a wrong or missing field is named") {
  CHECK_THAT(ErrorOf(With("\"faultline-run/1\"", "\"faultline-run/2\"")),
             ContainsSubstring("schema: expected \"faultline-run/1\", found \"faultline-run/2\""));
  CHECK_THAT(ErrorOf("[]"), ContainsSubstring("expected an object, found an array"));
  CHECK_THAT(ErrorOf("null"), ContainsSubstring("expected an object, found null"));
  CHECK_THAT(ErrorOf("{}"), ContainsSubstring("schema: expected a text, found null"));
  CHECK_THAT(ErrorOf(With("\"trials\":[\n", "\"trial\":[\n")),
             ContainsSubstring("trials: expected an array, found null"));
  CHECK_THAT(ErrorOf(With("\"records\":1000", "\"records\":-1000")),
             ContainsSubstring("trials[0].parameters.records: expected a whole number or null, "
                               "found the number -1000"));
  CHECK_THAT(ErrorOf(With("\"records\":1000", "\"records\":1e3")), ContainsSubstring("records"));
  CHECK_THAT(ErrorOf(With("\"seed\":1", "\"seed\":[[1]]")),
             ContainsSubstring("trials[0].parameters.seed"));
  CHECK_THAT(ErrorOf(With("\"status\":\"ok\"", "\"status\":\"good\"")),
             ContainsSubstring("trials[0].repetitions[0].status: unknown 'good'; known are ok"));
  CHECK_THAT(ErrorOf(With("\"verified\":true", "\"verified\":1")),
             ContainsSubstring("repetitions[0].verified: expected true, false or null"));
  CHECK_THAT(ErrorOf(With("\"minor_faults\":100", "\"minor_faults\":\"many\"")),
             ContainsSubstring("counters.minor_faults: expected a whole number"));
  CHECK_THAT(ErrorOf(With("\"ns_per_operation\":", "\"ns_per_operation\":-")),
             ContainsSubstring("repetitions[0].ns_per_operation: a time isn't negative"));
  CHECK_THAT(
      ErrorOf(With("\"id\":\"read-write/random-update#2\"", "\"id\":\"read-write/random-update\"")),
      ContainsSubstring("'read-write/random-update' is there twice"));
  CHECK_THAT(ErrorOf(With("\"low\":", "\"low\":0, \"was\":")),
             ContainsSubstring("noise_floor.low: a ratio is larger than 0"));
  CHECK_THAT(ErrorOf(With("\"records\":1000", "\"records\":1e999")),
             ContainsSubstring("a number is too large"));
}

TEST_CASE("nesting without end is refused or passed over") {
  std::string deep(100000, '[');
  CHECK_THAT(ErrorOf(deep), ContainsSubstring("malformed"));
  deep += std::string(100000, ']');
  CHECK(ErrorOf(With("\"warnings\":", Concat("\"added\":", deep, ",\"warnings\":"))) == "no error");
  CHECK_THAT(ErrorOf(With("\"seed\":1", "\"seed\":" + deep)), ContainsSubstring("seed: expected"));
}

TEST_CASE("controls in texts reach nobody's terminal") {
  const LoadedRun run =
      ParseRun("made", With("\"Linux\"", "\"a\\u001b[31m\\n\\u009bsuite\\u202e\\u00e4\""));
  CHECK(run.environment.at("kernel") == "a [31m  suite \u00e4");
}

TEST_CASE("an interrupted run is read as far as it came") {
  const LoadedRun run = ParseRun("made", With("\"complete\":true", "\"complete\":false"));
  CHECK_FALSE(run.complete);
  CHECK(run.trials.size() == 3);
}

TEST_CASE("a folder without a document is refused and so is what can't be read") {
  CHECK_THROWS_WITH(LoadRun("/proc/self/fd"), ContainsSubstring("holds no run.json"));
  CHECK_THROWS_AS(LoadRun("/nowhere/at/all.json"), UsageError);
}

}  // namespace
}  // namespace faultline
