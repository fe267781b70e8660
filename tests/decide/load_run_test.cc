// Run documents read back: what the writer wrote, and documents that were cut off, edited or made
// up.
#include "harness/decide/load_run.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "faultline/error.h"
#include "harness/decide/judged_anew.h"
#include "harness/report/run_document.h"
#include "tests/catch.h"
#include "tests/report/made_up.h"

namespace faultline {
namespace {

// Two strategies, one of them twice, and one that stores nothing; some rounds with interference.
RunDocument Document() {
  TrialSpec twin = MadeUpTrial("read-write");
  twin.copy = 2;
  RunDocument document(
      "a suite", {{"kernel", "Linux"}, {"swap_bytes", std::nullopt}},
      {MadeUpTrial("read-write"), twin, MadeUpTrial("null"), MadeUpTrial("mmap-view")});
  std::uint64_t round = 0;
  for (double ns : {100.0, 110.0, 120.0, 104.0, 98.0, 103.0, 107.0}) {
    document.Add(0, round, MadeUp(ns));
    document.Add(1, round, MadeUp(ns * 1.1));
    document.Add(3, round, MadeUp(ns * (round % 2 == 0 ? 0.4 : 0.5)));
    ++round;
  }
  document.Add(0, round, MadeUp(900, Status::kInterference));
  document.Add(1, round, MadeUp(800));
  document.SetComplete();
  return document;
}

std::string Write() {
  RunDocument document = Document();
  return document.Text();
}

const std::string& Written() {
  static const std::string kText = Write();
  return kText;
}

// As an older version wrote it.
std::string Older() {
  nlohmann::json document = nlohmann::json::parse(Written());
  document["schema"] = "faultline-run/1";
  document["noise_floor"] = nullptr;
  document.erase("groups");
  document.erase("comparisons");
  for (nlohmann::json& trial : document["trials"]) {
    trial.erase("group");
    trial["strategy"].erase("title");
    trial["strategy"].erase("flush_period");
    trial["summary"].erase("with_interference");
    trial["summary"]["disturbed"] = trial["summary"]["interference"];
    trial["summary"].erase("interference");
    for (nlohmann::json& repetition : trial["repetitions"]) {
      repetition.erase("round");
      if (repetition["status"] == "interference") repetition["status"] = "disturbed";
    }
  }
  return document.dump();
}

void CheckSame(const verdict::JudgedGroup& found, const verdict::JudgedGroup& expected) {
  CHECK(found.title == expected.title);
  CHECK(found.baseline == expected.baseline);
  CHECK(found.margin == expected.margin);
  REQUIRE(found.rankings.size() == expected.rankings.size());
  for (const auto& [figure, ranking] : expected.rankings) {
    CAPTURE(figure);
    const verdict::GroupRanking& other = found.rankings.at(figure);
    CHECK(other.order == ranking.order);
    CHECK(other.best == ranking.best);
    CHECK(other.inconclusive == ranking.inconclusive);
    CHECK(other.slower == ranking.slower);
  }
  REQUIRE(found.comparisons.size() == expected.comparisons.size());
  for (std::size_t i = 0; i < expected.comparisons.size(); ++i) {
    const verdict::GroupComparison& one = expected.comparisons[i];
    const verdict::GroupComparison& other = found.comparisons[i];
    CAPTURE(one.figure, one.strategy, one.baseline);
    CHECK(other.figure == one.figure);
    CHECK(other.strategy == one.strategy);
    CHECK(other.baseline == one.baseline);
    CHECK(other.comparison.verdict == one.comparison.verdict);
    CHECK(other.comparison.rounds == one.comparison.rounds);
    CHECK(other.comparison.with_interference == one.comparison.with_interference);
    CHECK(other.comparison.rounds_needed == one.comparison.rounds_needed);
    CHECK(other.comparison.reason == one.comparison.reason);
    REQUIRE(other.comparison.ratio.has_value() == one.comparison.ratio.has_value());
    if (!one.comparison.ratio) continue;
    CHECK(other.comparison.ratio->median == Approx(one.comparison.ratio->median));
    CHECK(other.comparison.ratio->low.value_or(-1) ==
          Approx(one.comparison.ratio->low.value_or(-1)));
    CHECK(other.comparison.ratio->high.value_or(-1) ==
          Approx(one.comparison.ratio->high.value_or(-1)));
  }
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
  const document::Run run = ParseRun("made/run.json", Written());
  CHECK_FALSE(run.trials[0].workload.needs_durability);
  CHECK(run.trials[0].replay().empty());
  CHECK(run.complete);
  CHECK(run.environment == os::Facts{{"kernel", "Linux"}, {"swap_bytes", std::nullopt}});
  CHECK(run.CountUnits().at("device_write_bytes") == "bytes");
  CHECK_FALSE(run.CountUnits().contains("resident_bytes"));
  REQUIRE(run.trials.size() == 4);
  CHECK(run.trials[1].strategy.title == "read-write#2");
  CHECK(run.trials[1].group == run.groups[0].title);
  const document::Trial& trial = run.trials[0];
  CHECK(trial.id == "read-write/random-update");
  CHECK(trial.strategy.spec == "read-write");
  CHECK(trial.workload.spec == "random-update");
  CHECK(trial.strategy.durability == Durability::kAfterFlush);
  CHECK(trial.parameters.records == 1000);
  CHECK(trial.parameters.cache == "paged");
  CHECK_FALSE(trial.parameters.memory_limit_bytes.has_value());
  CHECK(trial.parameters.Texts().at("memory_limit_bytes") == "null");
  CHECK(trial.parameters.Texts().at("seed") == "1");
  CHECK(trial.parameters.Texts().at("latency") == "off");
  CHECK(trial.Count(Status::kOk) == 7);
  CHECK(trial.Count(Status::kInterference) == 1);
  CHECK(trial.repetitions.back().round == 7);
  const std::vector<double> accepted = trial.RoundsOf(kAcceptedFigure).Costs();
  REQUIRE(accepted.size() == 7);
  CHECK(accepted[1] == Approx(110));
  CHECK(trial.RoundsOf(kDurableFigure).Costs()[1] == Approx(121));
  CHECK(trial.Usable().size() == 7);
  const document::Repetition& first = *trial.Usable().front();
  CHECK(first.Total("minor_faults") == 500u);
  CHECK(first.asked.changed_bytes == 500);
  CHECK_FALSE(first.Total("cycles").has_value());
  CHECK(first.PeakResidentBytes() == std::uint64_t{16} << 20);
  CHECK_FALSE(run.Find("null/random-update")->stores());
  CHECK(run.Find("elsewhere") == nullptr);
  CHECK(run.Find("read-write/random-update#2")->Problem().empty());
}

// Of the first trial, whose strategy is durable after every n-th change, with those members.
std::optional<std::uint64_t> FlushPeriodRead(const nlohmann::json& strategy) {
  nlohmann::json document = nlohmann::json::parse(Written());
  nlohmann::json& first = document["trials"][0]["strategy"];
  first["durability"] = "periodic";
  first.erase("flush_period");
  first.update(strategy);
  return ParseRun("made/run.json", document.dump()).trials[0].strategy.flush_period;
}

TEST_CASE("a strategy's flush period is read, and found out in a document that is older") {
  using Effective = std::map<std::string, std::string>;
  CHECK_FALSE(ParseRun("made/run.json", Written()).trials[0].strategy.flush_period.has_value());
  CHECK(FlushPeriodRead({{"flush_period", 7}}) == 7);
  CHECK(FlushPeriodRead({{"flush_period", 7}, {"effective", Effective{{"every", "5"}}}}) == 7);
  CHECK_FALSE(FlushPeriodRead({{"flush_period", nullptr}}).has_value());
  CHECK(FlushPeriodRead({{"effective", Effective{{"every", "5"}}}}) == 5);
  const Effective lazily{{"every", "5"}, {"sync", "off: lazily"}};
  CHECK_FALSE(FlushPeriodRead({{"effective", lazily}}).has_value());
  CHECK_FALSE(FlushPeriodRead({{"effective", Effective{}}}).has_value());
}

TEST_CASE("what the judge said of a run is what its document says when it is read back") {
  const RunDocument document = Document();
  const document::Run run = ParseRun("made/run.json", Written());
  CHECK_FALSE(run.judged_anew);
  REQUIRE(run.groups.size() == document.judged().size());
  for (std::size_t i = 0; i < run.groups.size(); ++i) {
    CheckSame(run.groups[i], document.judged()[i]);
  }
  const verdict::JudgedGroup& group = run.groups[0];
  CHECK(group.Find(kAcceptedFigure, "mmap-view", "read-write")->verdict ==
        verdict::Verdict::kFaster);
  CHECK(group.Find(kAcceptedFigure, "read-write#2", "read-write")->verdict ==
        verdict::Verdict::kSlower);
  CHECK_FALSE(group.Find(kAcceptedFigure, "null", "read-write").has_value());
}

TEST_CASE("an older document is judged anew as its repetitions would be today") {
  const RunDocument document = Document();
  const document::Run run = ParseRun("made/run.json", Older());
  CHECK(run.judged_anew);
  REQUIRE(run.groups.size() == document.judged().size());
  CheckSame(run.groups[0], document.judged()[0]);
  CHECK(run.trials[1].strategy.title == "read-write#2");
  CHECK(run.trials[0].Count(Status::kInterference) == 1);
}

TEST_CASE("an older document gets comparisons and any other is left as it is") {
  const std::optional<std::string> judged = JudgedDocument("made/run.json", Older());
  REQUIRE(judged.has_value());
  const nlohmann::json document = nlohmann::json::parse(*judged);
  const nlohmann::json newer = nlohmann::json::parse(Written());
  CHECK(document["judged_anew"] == true);
  CHECK(document["schema"] == newer["schema"]);
  CHECK(document["groups"] == newer["groups"]);
  CHECK(document["comparisons"] == newer["comparisons"]);
  for (std::size_t i = 0; i < newer["trials"].size(); ++i) {
    CHECK(document["trials"][i]["group"] == newer["trials"][i]["group"]);
    CHECK(document["trials"][i]["strategy"] == newer["trials"][i]["strategy"]);
    CHECK(document["trials"][i]["repetitions"] == newer["trials"][i]["repetitions"]);
    CHECK(document["trials"][i]["summary"] == newer["trials"][i]["summary"]);
  }
  CHECK_FALSE(document.contains("noise_floor"));
  CHECK(ParseRun("again", *judged).groups.size() == newer["groups"].size());
  CHECK_FALSE(JudgedDocument("made", Written()).has_value());
  CHECK_FALSE(JudgedDocument("made", "{\"schema\":\"faultline-claims/1\"}").has_value());
  CHECK_FALSE(JudgedDocument("made", "{\"schema\":").has_value());
  CHECK_THROWS_WITH(JudgedDocument("made", "{\"schema\":\"faultline-run/1\"}"),
                    ContainsSubstring("made: trials: expected an array"));
}

TEST_CASE("comparisons that contradict themselves or the trials are refused with their place") {
  const auto edited = [](const auto& edit) {
    nlohmann::json document = nlohmann::json::parse(Written());
    edit(document);
    return ErrorOf(document.dump());
  };
  const auto comparison = [&edited](const char* field, const nlohmann::json& value) {
    return edited([&](nlohmann::json& document) { document["comparisons"][0][field] = value; });
  };
  const auto group = [&edited](const char* field, const nlohmann::json& value) {
    return edited([&](nlohmann::json& document) { document["groups"][0][field] = value; });
  };
  CHECK_THAT(comparison("verdict", "best"),
             ContainsSubstring("comparisons[0].verdict: unknown 'best'; known are faster"));
  CHECK_THAT(comparison("verdict", "tied"), ContainsSubstring("comparisons[0].verdict: its ratio"));
  CHECK_THAT(comparison("verdict", nullptr), ContainsSubstring("verdict: expected a text"));
  CHECK_THAT(comparison("ratio", nullptr), ContainsSubstring("comparisons[0].verdict: its ratio"));
  CHECK_THAT(comparison("ratio", 2), ContainsSubstring("comparisons[0].ratio"));
  CHECK_THAT(comparison("ratio", {{"median", -2}}), ContainsSubstring("larger than 0"));
  CHECK_THAT(comparison("ratio", {{"low", 2}}), ContainsSubstring("ratio.median: expected"));
  CHECK_THAT(comparison("ratio", {{"median", 2}, {"low", 3}}), ContainsSubstring("lies outside"));
  CHECK_THAT(comparison("rounds", 5), ContainsSubstring("verdict: its ratio"));
  CHECK_THAT(comparison("rounds", -1), ContainsSubstring("comparisons[0].rounds"));
  CHECK_THAT(comparison("with_interference", nullptr), ContainsSubstring("true or false"));
  CHECK_THAT(comparison("group", "other"), ContainsSubstring("the document has no such group"));
  CHECK_THAT(comparison("strategy", "null"),
             ContainsSubstring("comparisons[0].strategy: 'null' is no strategy of this group"));
  CHECK_THAT(edited([](nlohmann::json& document) {
               document["comparisons"][0]["strategy"] = document["comparisons"][0]["baseline"];
             }),
             ContainsSubstring("it is the strategy itself"));
  CHECK_THAT(edited([](nlohmann::json& document) {
               document["comparisons"][1] = document["comparisons"][0];
             }),
             ContainsSubstring("comparisons[1]: these two are compared twice"));
  CHECK(comparison("figure", "a figure of later") == "no error");
  CHECK_THAT(group("margin", 1), ContainsSubstring("groups[0].margin: a margin is"));
  CHECK_THAT(group("baseline", "stdio"), ContainsSubstring("groups[0].baseline: 'stdio' is no"));
  CHECK_THAT(group("title", "other"), ContainsSubstring("no trial is of this group"));
  CHECK_THAT(
      edited([](nlohmann::json& document) { document["groups"].push_back(document["groups"][0]); }),
      ContainsSubstring("groups[1].title: this group is there twice"));
  CHECK_THAT(edited([](nlohmann::json& document) { document["groups"].clear(); }),
             ContainsSubstring("the group of a trial, is missing"));
  CHECK_THAT(edited([](nlohmann::json& document) { document.erase("groups"); }),
             ContainsSubstring("groups: expected an array, found null"));
  CHECK_THAT(edited([](nlohmann::json& document) {
               document["groups"][0]["rankings"]["ns_per_operation"]["best"][0] = "stdio";
             }),
             ContainsSubstring("rankings.ns_per_operation.best[0]: 'stdio' is no strategy"));
}

TEST_CASE("a replayed trace is known with its facts and its flushes") {
  const document::Run run = ParseRun(
      "made", With("\"facts\":{},\"name\":\"random-update\",\"needs_durability\":false",
                   "\"facts\":{\"files\":\"2\"},\"name\":\"trace\",\"needs_durability\":true"));
  CHECK(run.trials[0].workload.needs_durability);
  CHECK(run.trials[0].replay() == std::map<std::string, std::string>{{"files", "2"}});
}

TEST_CASE("a counter that one phase lacks is absent and not less") {
  for (const char* other : {"\"minor_faults\":null", "\"minor\":100"}) {
    const document::Run run = ParseRun("made", With("\"minor_faults\":100", other));
    const std::vector<document::Repetition>& repetitions = run.trials[0].repetitions;
    CHECK_FALSE(repetitions[0].Total("minor_faults").has_value());
    CHECK(repetitions[1].Total("minor_faults") == 500u);
  }
}

TEST_CASE("a document that is cut off anywhere is refused with its place") {
  const std::string& text = Written();
  for (std::size_t length = 0; length + 2 < text.size(); length += 2997) {
    const std::string error = ErrorOf(text.substr(0, length));
    CHECK_THAT(error, ContainsSubstring("made/run.json: line ") &&
                          ContainsSubstring("was the file cut off or edited?"));
  }
  CHECK_THAT(ErrorOf("{\n \"schema\": ?}"), ContainsSubstring("line 2, column 12: malformed"));
}

TEST_CASE("a wrong or missing field is named") {
  CHECK_THAT(ErrorOf(With("\"faultline-run/2\"", "\"faultline-run/3\"")),
             ContainsSubstring("schema: expected \"faultline-run/2\", found \"faultline-run/3\""));
  CHECK_THAT(ErrorOf("[]"), ContainsSubstring("expected an object, found an array"));
  CHECK_THAT(ErrorOf("null"), ContainsSubstring("expected an object, found null"));
  CHECK_THAT(ErrorOf("{}"), ContainsSubstring("schema: expected a text, found null"));
  CHECK_THAT(ErrorOf(With("\"trials\":[\n", "\"trial\":[\n")),
             ContainsSubstring("trials: expected an array, found null"));
  CHECK_THAT(ErrorOf(With("\"records\":1000", "\"records\":-1000")),
             ContainsSubstring("trials[0].parameters.records: expected a whole number, "
                               "found the number -1000"));
  CHECK_THAT(ErrorOf(With("\"records\":1000", "\"records\":1e3")), ContainsSubstring("records"));
  CHECK_THAT(ErrorOf(With("\"seed\":1", "\"seed\":[[1]]")),
             ContainsSubstring("trials[0].parameters.seed"));
  CHECK_THAT(ErrorOf(With("\"status\":\"ok\"", "\"status\":\"good\"")),
             ContainsSubstring("trials[0].repetitions[0].status: unknown 'good'; known are ok"));
  CHECK_THAT(ErrorOf(With("\"verified\":true", "\"verified\":1")),
             ContainsSubstring("repetitions[0].verified: expected true or false"));
  CHECK_THAT(ErrorOf(With("\"minor_faults\":100", "\"minor_faults\":\"many\"")),
             ContainsSubstring("counters.minor_faults: expected a whole number"));
  CHECK_THAT(ErrorOf(With("\"ns_per_operation\":1", "\"ns_per_operation\":-1")),
             ContainsSubstring("repetitions[0].ns_per_operation: a time isn't negative"));
  CHECK_THAT(
      ErrorOf(With("\"id\":\"read-write/random-update#2\"", "\"id\":\"read-write/random-update\"")),
      ContainsSubstring("'read-write/random-update' is there twice"));
  CHECK_THAT(ErrorOf(With("\"records\":1000", "\"records\":1e999")),
             ContainsSubstring("a number is too large"));
}

TEST_CASE("nesting without end is refused or passed over") {
  std::string deep(100000, '[');
  CHECK_THAT(ErrorOf(deep), ContainsSubstring("malformed"));
  deep += std::string(100000, ']');
  CHECK(ErrorOf(With("\"warnings\":", fmt::format("\"added\":{},\"warnings\":", deep))) ==
        "no error");
  CHECK_THAT(ErrorOf(With("\"seed\":1", "\"seed\":" + deep)), ContainsSubstring("seed: expected"));
}

TEST_CASE("controls in texts reach no terminal") {
  const document::Run run =
      ParseRun("made", With("\"Linux\"", "\"a\\u001b[31m\\n\\u009bsuite\\u202e\\u00e4\""));
  CHECK(run.environment.at("kernel") == "a [31m  suite \u00e4");
}

TEST_CASE("an interrupted run is read as far as it came") {
  const document::Run run = ParseRun("made", With("\"complete\":true", "\"complete\":false"));
  CHECK_FALSE(run.complete);
  CHECK(run.trials.size() == 4);
}

TEST_CASE("a folder without a document is refused and so is what can't be read") {
  CHECK_THROWS_WITH(LoadRun("/proc/self/fd"), ContainsSubstring("holds no run.json"));
  CHECK_THROWS_AS(LoadRun("/nowhere/at/all.json"), UsageError);
}

}  // namespace
}  // namespace faultline
