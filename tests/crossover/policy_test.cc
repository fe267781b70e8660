// What is made of a study: the policy as JSON and as a header that a compiler takes, the document
// and the table.
#include "harness/crossover/policy.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/crossover/crossover_document.h"
#include "harness/crossover/crossover_table.h"
#include "harness/os/program.h"
#include "harness/os/whole_file.h"
#include "tests/catch.h"
#include "tests/crossover/made_up.h"
#include "tests/trial/trial_fixture.h"

namespace faultline::crossover {
namespace {

using nlohmann::json;

// With data : memory as rows; in the upper one read-write is best everywhere.
Study TwoAxes() {
  Study study = MadeUpStudy();
  study.y = Axis{"data-to-memory", ValueKind::kReal, 0.25, 4, true, 0};
  study.rows.front().y = 0.25;
  StudyRow row;
  row.y = 4;
  row.points = {Measured(MadeUpPoint(16, 100, 900)), Measured(MadeUpPoint(65536, 100, 900))};
  StudyRow empty;
  empty.y = 1;
  study.rows.push_back(std::move(empty));
  study.rows.push_back(std::move(row));
  return study;
}

// Compiles the header with `checks` behind it.
int Compile(const Study& study, const std::string& checks, bool quiet = false) {
  const TemporaryDirectory directory;
  os::ReplaceFile(directory.path() / "policy.h", PolicyHeader(*PolicyOf(study)));
  os::ReplaceFile(directory.path() / "check.cc",
                  "#include \"policy.h\"\n#include \"policy.h\"\n"
                  "using namespace faultline_policy;\n" +
                      checks);
  return os::RunProgram({FAULTLINE_COMPILER, "-std=c++17", "-Wall", "-Wextra", "-Wpedantic",
                         "-Werror", "-fsyntax-only", (directory.path() / "check.cc").string()},
                        quiet);
}

TEST_CASE("the header of one axis compiles and chooses by the boundary") {
  const Study study = MadeUpStudy();
  const double boundary = PolicyOf(study)->rows[0].found.crossovers[0].value;
  CHECK(boundary > 1024);
  CHECK(boundary <= 2048);
  CHECK(Compile(study, fmt::format("static_assert(Choose(16) == Strategy::kMmapView);\n"
                                   "static_assert(Choose({}) == Strategy::kMmapView);\n"
                                   "static_assert(Choose({}) == Strategy::kReadWrite);\n"
                                   "static_assert(IsSure(1024) && IsSure(8192) && IsSure(16));\n"
                                   "static_assert(!IsSure(1025) && !IsSure(8191));\n"
                                   "static_assert(!IsSure(15) && !IsSure(65537));\n"
                                   "static_assert(SpecOf(Strategy::kReadWrite)[0] == 'r');\n",
                                   static_cast<std::uint64_t>(boundary) - 1,
                                   static_cast<std::uint64_t>(boundary))) == 0);
  CHECK(Compile(study, "static_assert(Choose(16) == Strategy::kReadWrite);\n", true) != 0);
}

TEST_CASE("what was not measured is not sure") {
  Study study = MadeUpStudy();
  study.rows[0].points.pop_back();
  CHECK(Compile(study, "static_assert(IsSure(8192) && !IsSure(8193) && !IsSure(65536));\n") == 0);
}

TEST_CASE("the header of two axes compiles and takes the nearest row that tells something") {
  CHECK(Compile(TwoAxes(),
                "static_assert(Choose(16, 0.9) == Strategy::kMmapView);\n"
                "static_assert(Choose(16, 1.1) == Strategy::kReadWrite);\n"
                "static_assert(Choose(65536, 0) == Strategy::kReadWrite);\n"
                "static_assert(!IsSure(16, 0.2) && IsSure(16, 4) && !IsSure(2048, 0.3));\n") == 0);
}

TEST_CASE("strategies of one name, and ranges from 0 on, have a header too") {
  Study study = MadeUpStudy();
  study.strategies = {StrategyChoice("mmap-window:size=4KiB"),
                      StrategyChoice("mmap-window:size=1MiB")};
  study.x = {"strategy:3d-ahead", ValueKind::kCount, 0, 65536, true, 1};
  study.rows[0].points[0].planned.point.x = 0;
  CHECK(Compile(study,
                "static_assert(Choose(0) == Strategy::kMmapWindow_2);\n"
                "static_assert(IsSure(0));\n") == 0);
}

TEST_CASE("the policy as JSON has each range with its boundary") {
  const json policy = json::parse(document::ToText(DocumentOf(*PolicyOf(MadeUpStudy()))));
  CHECK(policy["schema"] == "faultline-policy/1");
  CHECK(policy["complete"] == true);
  CHECK(policy["y"].is_null());
  const json& ranges = policy["rows"][0]["ranges"];
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0]["strategy"] == 1);
  CHECK(ranges[0]["low"] == 16);
  CHECK(ranges[0]["high"] == ranges[1]["low"]);
  CHECK(ranges[0]["boundary"]["low"] == 1024);
  CHECK(ranges[0]["boundary"]["high"] == 8192);
  CHECK(ranges[1]["boundary"].is_null());
  const json map = json::parse(document::ToText(DocumentOf(*PolicyOf(TwoAxes()))));
  REQUIRE(map["rows"].size() == 2);
  CHECK(map["rows"][0]["high"] == 1);
  CHECK(map["rows"][1]["low"] == 1);
}

TEST_CASE("a study that tells nothing has no policy") {
  Study study = MadeUpStudy();
  study.rows.front().points.clear();
  CHECK_FALSE(PolicyOf(study).has_value());
  CHECK_THAT(CrossoverTable(study), ContainsSubstring("no point tells"));
}

TEST_CASE("the document has every figure of every point") {
  Study study = MadeUpStudy();
  study.rows[0].points[4].planned.point.arms[1].samples.push_back(
      MadeUpSample(6, 1, Status::kFailed));
  study.rows[0].points[4].JudgeAgain(Figure::kAccepted);
  const json document = json::parse(document::ToText(DocumentOf(study)));
  CHECK(document["schema"] == "faultline-crossover/2");
  CHECK(document["complete"] == true);
  CHECK(document["ended"] == "narrow");
  CHECK(document["figure"] == "ns_per_operation");
  CHECK(document["environment"]["kernel"].is_null());
  CHECK(document["x"]["parameter"] == "record-size");
  CHECK(document["strategies"][1]["name"] == "mmap-view");
  const json& row = document["rows"][0];
  CHECK(row["crossovers"][0]["low"] == 1024);
  const json& point = row["points"][0];
  CHECK(point["winners"] == json::array({1}));
  CHECK(point["results"][1]["figures"]["durable_ns_per_operation"]["median"] == 200.0);
  CHECK(point["results"][1]["repetitions"].size() == 6);
  CHECK(point["results"][1]["repetitions"][3]["round"] == 3);
  CHECK(point["inconclusive"].is_null());
  CHECK(point["ranking"]["order"] == json::array({1, 0}));
  CHECK(point["ranking"]["slower"] == json::array({0}));
  // Both others against the first strategy, and against the best.
  const json& comparisons = point["comparisons"];
  REQUIRE(comparisons.size() == 4);
  CHECK(comparisons[0]["figure"] == "ns_per_operation");
  CHECK(comparisons[0]["strategy"] == 1);
  CHECK(comparisons[0]["baseline"] == 0);
  CHECK(comparisons[0]["verdict"] == "faster");
  CHECK(comparisons[0]["rounds"] == 6);
  CHECK(comparisons[0]["reason"].is_null());
  CHECK(comparisons[0]["ratio"]["median"].get<double>() == Approx(9));
  CHECK(comparisons[0]["ratio"]["low"] > 8);
  CHECK(comparisons[1]["strategy"] == 2);
  CHECK(comparisons[3]["baseline"] == 1);
  CHECK(comparisons[3]["verdict"] == "slower");
  const json& failed = row["points"][4]["results"][1];
  CHECK(failed["status"] == "failed");
  CHECK(failed["error"] == "planted fault");
  CHECK(row["points"][4]["comparisons"][0]["ratio"].is_null());
  CHECK(row["points"][4]["comparisons"][0]["reason"] == "mmap-view FAILED: planted fault");
  study.ended = "";
  CHECK(json::parse(document::ToText(DocumentOf(study)))["complete"] == false);
}

TEST_CASE("the table says points, ranges, boundaries and what went wrong") {
  Study study = MadeUpStudy();
  Arm& arm = study.rows[0].points[4].planned.point.arms[1];
  arm.samples.push_back(MadeUpSample(6, 1, Status::kFailed));
  study.rows[0].points[4].JudgeAgain(Figure::kAccepted);
  const std::string table = CrossoverTable(study);
  for (const char* part :
       {"random-update, made up\nbest by accepted ns per operation; speed: ",
        "speed: times as fast as read-write\n", "2KiB         all tied ", "   speed of\n",
        "at 64KiB: mmap-view FAILED: planted fault", "record-size 16 to ",
        "boundary mmap-view | read-write at record-size ", " [1KiB 8KiB]",
        "Search finished: this noise level allows no narrower boundary."}) {
    CHECK_THAT(table, ContainsSubstring(part));
  }
  for (const std::string& line : Split(table, '\n')) CHECK(line.size() <= 80);
  CHECK_THAT(CrossoverTable(TwoAxes()), ContainsSubstring("data-to-memory 0.25\n"));
}

TEST_CASE("an inconclusive point says why in table and document, and has no winner") {
  Study study = MadeUpStudy();
  study.rows[0].points[2] = Measured(MadeUpPoint(2048, 100, 110, 0.1));
  const std::string table = CrossoverTable(study);
  for (const char* part : {"2KiB         inconclusive ", "at 2KiB inconclusive: mmap-view against ",
                           "1 of 5 points are inconclusive; more --repetitions"}) {
    CHECK_THAT(table, ContainsSubstring(part));
  }
  const json point = json::parse(document::ToText(DocumentOf(study)))["rows"][0]["points"][2];
  CHECK(point["winners"].empty());
  CHECK(point["ranking"]["inconclusive"] == json::array({1}));
  CHECK_THAT(point["inconclusive"].get<std::string>(),
             ContainsSubstring("mmap-view against read-write: "));
}

TEST_CASE("a table that would be too wide is without intervals, or with letters for strategies") {
  Study study = MadeUpStudy();
  CHECK_THAT(CrossoverTable(study), ContainsSubstring(" 9.0x ["));
  study.x.parameter = "strategy:size";
  study.strategies[1] = StrategyChoice("mmap-private");
  const std::string narrow = CrossoverTable(study);
  CHECK_THAT(narrow, ContainsSubstring(" 9.0x ") && !ContainsSubstring(" 9.0x ["));
  CHECK_THAT(narrow, !ContainsSubstring("\n  B: "));
  study.strategies[1] = StrategyChoice("mmap-view:advice=random,prefetch=16");
  const std::string letters = CrossoverTable(study);
  CHECK_THAT(letters, ContainsSubstring("\n  A: read-write\n  B: mmap-view:advice=random,"));
  CHECK_THAT(letters, ContainsSubstring("\n  16             B ") && ContainsSubstring(" 9.0x ["));
  for (const std::string& line : Split(letters, '\n')) CHECK(line.size() <= 80);
}

TEST_CASE("a strategy that was judged different from its twin is warned of, with the place") {
  Study study = TwoAxes();
  study.warnings = {"made up"};
  CHECK(study.AllWarnings() == study.warnings);
  MeasuredPoint& measured = study.rows[2].points[0];
  measured.planned.point.again.samples = MadeUpSamples(50, 6, Status::kOk, 0.01, 1);
  measured.JudgeAgain(Figure::kAccepted);
  const std::vector<std::string> warnings = study.AllWarnings();
  REQUIRE(warnings.size() == 2);
  CHECK_THAT(warnings[1], ContainsSubstring("at record-size=16 data-to-memory=4 the second "
                                            "read-write was 2.00x [") &&
                              ContainsSubstring("though they are the same"));
  CHECK(json::parse(document::ToText(DocumentOf(study)))["warnings"][1] == warnings[1]);
  measured.planned.point.again.samples = MadeUpSamples(200, 6, Status::kOk, 0.01, 1);
  measured.JudgeAgain(Figure::kAccepted);
  CHECK(study.AllWarnings().size() == 2);
}

TEST_CASE("the search sees costs as the judge's ratios to the best") {
  const std::vector<Seen> seen = MadeUpStudy().rows[0].SeenBy(Figure::kAccepted);
  CHECK(*seen[0].costs[1] == 1);
  CHECK(*seen[0].costs[0] == Approx(9).epsilon(0.001));
  CHECK(seen[0].winners == std::vector<std::size_t>{1});
  CHECK(seen[0].rounds == 6);
}

}  // namespace
}  // namespace faultline::crossover
