// The whole command in this process: exit codes, and the document that grows.
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/os/whole_file.h"
#include "tests/os/support.h"
#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

using nlohmann::json;

struct Outcome {
  int code = 0;
  std::string printed;
  json document;
};

Outcome RunAll(const std::vector<std::string>& strategies, const std::string& format = "table") {
  const TemporaryDirectory directory;
  PowerCutRequest request;
  request.spec = SmallCut("null", Instant::kDuring);
  request.strategies = strategies;
  request.output = directory / "out";
  request.json = request.quiet = format == "json";
  std::ostringstream printed;
  std::streambuf* const standard = std::cout.rdbuf(printed.rdbuf());
  Outcome outcome;
  try {
    outcome.code = RunPowerCuts(request);
  } catch (...) {
    std::cout.rdbuf(standard);
    throw;
  }
  std::cout.rdbuf(standard);
  outcome.printed = printed.str();
  outcome.document = json::parse(os::ReadText(directory / "out/powercut.json"));
  CHECK(outcome.document["complete"] == true);
  CHECK(outcome.document["rows"].size() == 5 * strategies.size());
  return outcome;
}

TEST_CASE("strategies that keep their promises, or make none, are no failure") {
  if (!CanCutPower()) return;
  const Outcome outcome = RunAll({"mmap-view", "planted-cut", "null"});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.printed, ContainsSubstring("not possible: strategy null stores nothing"));
  CHECK_THAT(outcome.printed, ContainsSubstring("powercut.json"));
}

TEST_CASE("a broken promise is exit code 1 though every row came to an end") {
  if (!CanCutPower()) return;
  const Outcome outcome = RunAll({"planted-cut:fault=skip-flush"}, "json");
  CHECK(outcome.code == 1);
  for (const json& row : outcome.document["rows"]) {
    CHECK(row["status"] == "ok");
    CHECK(row["promise"] == "broken");
    CHECK(row["acknowledged_missing"] > 0);
  }
  CHECK(json::parse(outcome.printed) == outcome.document);
}

TEST_CASE("a failed row is exit code 1 and the others are run all the same") {
  if (!CanCutPower()) return;
  const Outcome outcome = RunAll({"planted-cut:fault=crash", "read-write"});
  CHECK(outcome.code == 1);
  CHECK(outcome.document["rows"][0]["status"] == "failed");
  CHECK(outcome.document["rows"][9]["status"] == "ok");
  CHECK_THAT(outcome.printed, ContainsSubstring("FAILED: crashed in 'run'"));
}

TEST_CASE("where no row is possible the exit code says so") {
  if (!CanCutPower()) return;
  CHECK(RunAll({"null"}).code == 77);
}

}  // namespace
}  // namespace faultline
