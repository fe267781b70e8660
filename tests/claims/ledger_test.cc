// Experiments in processes of their own: on real files, and planted ones that fail in every way.
#include "claims/ledger.h"

#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "harness/os/system_info.h"
#include "tests/os/support.h"

namespace faultline {
namespace {

ClaimInfo Planted(std::string name, std::function<Evidence(const Laboratory&)> experiment) {
  return {.name = std::move(name),
          .title = "planted",
          .section = "none",
          .method = "none",
          .why = "none",
          .experiment = std::move(experiment),
          .judge = [](const Evidence& evidence) {
            return Judgement{Outcome::kHolds, fmt::format("{:g}", evidence.Figure("figure"))};
          }};
}

const Registration<ClaimInfo> kRight{Planted("T-right", [](const Laboratory& laboratory) {
  return Evidence{
      .figures = {{"figure", std::filesystem::is_empty(laboratory.directory) ? 1 : 0}},
      .words = {{"word", laboratory.quick ? "two\nlines" : "not quick"},
                {"refusal", fmt::format("no {}, {}", (laboratory.directory / "a").string(),
                                        (laboratory.directory / "b").string())}},
      .regime = "planted",
      .charts = {{.name = "curve",
                  .title = "a chart",
                  .x = {.label = "what", .unit = "bytes", .scale = "log"},
                  .y = {.label = "how long", .unit = "ns"},
                  .reading = "see",
                  .curves = {{"one", {{1, 2}, {2, 3, 2.5, 3.5}}}}}}};
})};
const Registration<ClaimInfo> kThrows{
    Planted("T-throws", [](const Laboratory&) -> Evidence { throw Error("it went wrong"); })};
const Registration<ClaimInfo> kLacks{Planted(
    "T-lacks", [](const Laboratory&) -> Evidence { throw UnsupportedError("no such machine"); })};
const Registration<ClaimInfo> kCrashes{Planted("T-crashes", [](const Laboratory&) -> Evidence {
  std::raise(SIGKILL);
  return {};
})};
const Registration<ClaimInfo> kHangs{Planted("T-hangs", [](const Laboratory&) -> Evidence {
  std::this_thread::sleep_for(std::chrono::seconds(1000));
  return {};
})};
const Registration<ClaimInfo> kEmpty{
    Planted("T-empty", [](const Laboratory&) { return Evidence{}; })};

// With what it prints thrown away.
int Silently(const std::function<int()>& action) {
  std::ostringstream printed;
  std::streambuf* const terminal = std::cout.rdbuf(printed.rdbuf());
  const auto restore = [&](void*) { std::cout.rdbuf(terminal); };
  const std::unique_ptr<void, decltype(restore)> restored(&printed, restore);
  return action();
}

ClaimInfo JudgedOnRight(const char* name) {
  ClaimInfo claim = Planted(name, {});
  claim.evidence_of = "T-right";
  return claim;
}
const Registration<ClaimInfo> kShares{JudgedOnRight("U-shares")};

ClaimResult Run(const std::string& id, double timeout_seconds = 800) {
  const TemporaryDirectory directory;
  const auto result = RunClaim(id, directory.path(), true, timeout_seconds);
  REQUIRE(result.has_value());
  return *result;
}

TEST_CASE("evidence comes back as it was found, and is judged") {
  const ClaimResult result = Run("T-right");
  CHECK(result.judgement.outcome == Outcome::kHolds);
  CHECK(result.judgement.deciding == "1");
  CHECK(result.evidence.words.at("word") == "two\nlines");
  CHECK(result.evidence.words.at("refusal") == "no a, b");
  CHECK(result.evidence.regime == "planted");
  REQUIRE(result.evidence.charts.size() == 1);
  const Chart& chart = result.evidence.charts[0];
  CHECK(chart.name == "curve");
  CHECK(chart.title == "a chart");
  CHECK(chart.reading == "see");
  CHECK(chart.x.label == "what");
  CHECK(chart.x.unit == "bytes");
  CHECK(chart.x.scale == "log");
  CHECK(chart.y.scale == "linear");
  REQUIRE(chart.curves.size() == 1);
  CHECK(chart.curves[0].label == "one");
  REQUIRE(chart.curves[0].points.size() == 2);
  CHECK_FALSE(chart.curves[0].points[0].low);
  CHECK(chart.curves[0].points[1].y == 3);
  CHECK(chart.curves[0].points[1].high == 3.5);
  CHECK(result.error == "");
}

TEST_CASE("an experiment that fails is a failed claim with its reason") {
  for (const auto& [id, reason] :
       {std::pair("T-throws", "it went wrong"), std::pair("T-crashes", "SIGKILL"),
        std::pair("T-empty", "no 'figure'")}) {
    INFO(id);
    const ClaimResult result = Run(id);
    CHECK(result.judgement.outcome == Outcome::kFailed);
    CHECK_THAT(result.error, ContainsSubstring(reason));
  }
  const ClaimResult hung = Run("T-hangs", 0.2);
  CHECK(hung.judgement.outcome == Outcome::kFailed);
  CHECK_THAT(hung.error, ContainsSubstring("hung"));
}

TEST_CASE("what the machine lacks makes a claim not testable, with the reason") {
  const ClaimResult result = Run("T-lacks");
  CHECK(result.judgement.outcome == Outcome::kNotTestable);
  CHECK(result.judgement.deciding == "no such machine");
}

TEST_CASE("claims are judged on the evidence of one experiment, which says its charts once") {
  CHECK(Run("U-shares").judgement.deciding == "1");
  const TemporaryDirectory directory;
  const std::filesystem::path output = directory.path() / "out";
  // A letter stands for all claims that begin with it.
  const int code = Silently([&] {
    return RunLedger({.ids = {"U", "T-right"},
                      .directory = directory.path() / "data",
                      .output = output,
                      .quick = true,
                      .json = true,
                      .quiet = true});
  });
  CHECK(code == 0);
  std::ifstream document(output / "claims.json");
  const auto claims = nlohmann::json::parse(document).at("claims");
  REQUIRE(claims.size() == 2);
  for (const auto& claim : claims) {
    CHECK(claim.at("verdict") == "holds");
    CHECK(claim.at("evidence").at("figures").at("figure") == 1);
  }
  CHECK(claims[0].at("id") == "U-shares");
  CHECK(claims[0].at("evidence").at("charts").size() == 1);
  CHECK(claims[0].at("seconds") > 0);
  CHECK(claims[1].at("evidence").at("charts").empty());
  CHECK(claims[1].at("seconds") == 0);
}

TEST_CASE("an unknown claim is refused") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(RunClaim("A99", directory.path(), true, 1), UsageError);
}

// Claims that consist of trials or of timed loops take minutes with sanitizers, which see the same
// code in the trials' own tests.
bool IsTooLongHere(const std::string& id) {
  return testing::kAddressSanitizer &&
         Registry<ClaimInfo>::Instance().Find(id).relative_duration >= 30;
}

TEST_CASE("every claim of the article comes to evidence and a verdict on real files", "[slow]") {
  for (const std::string& id : Registry<ClaimInfo>::Instance().Names()) {
    if (id.front() != 'A' || IsTooLongHere(id)) continue;
    const ClaimResult result = Run(id);
    INFO(id << ": " << result.judgement.deciding);
    CHECK(result.judgement.outcome != Outcome::kFailed);
    if (result.judgement.outcome == Outcome::kNotTestable) continue;
    CHECK(result.evidence.regime != "");
    CHECK_FALSE((result.evidence.figures.empty() && result.evidence.words.empty()));
  }
}

// What no Linux file system does otherwise.
TEST_CASE("claims that follow from the system's contract hold on real files") {
  for (const char* id : {"A01", "A20", "A23", "A24", "A25", "A28", "A30", "A35"}) {
    const ClaimResult result = Run(id);
    INFO(id << ": " << result.judgement.deciding);
    CHECK(result.judgement.outcome == Outcome::kHolds);
  }
  // A longer file keeps its length, so that nothing is lost.
  CHECK(Run("A22").judgement.outcome == Outcome::kDoesNotHold);
}

// The verdict follows the file system, not what is known about the system.
TEST_CASE("a store is a claim about a device, which a file system in memory doesn't have") {
  if (os::StorageFacts("/dev/shm")["file_system"] != "tmpfs") {
    WARN("SKIPPED: /dev/shm is no tmpfs here");
    return;
  }
  const TemporaryDirectory memory("/dev/shm");
  const auto result = RunClaim("A02", memory.path(), true, 800);
  REQUIRE(result.has_value());
  CHECK(result->judgement.outcome == Outcome::kNotTestable);
  CHECK_THAT(result->judgement.deciding, ContainsSubstring("no block device"));
}

TEST_CASE("the table has a line with the verdict, one with the figure, and the sums") {
  const std::string table =
      LedgerTable({{"A01",
                    {Outcome::kHolds, "0 wrong of 4"},
                    {.figures = {}, .words = {}, .regime = "ext4"},
                    "",
                    1},
                   {"A02", {Outcome::kNotTestable, "no device"}, {}, "no device", 1}});
  CHECK_THAT(table, ContainsSubstring("A01  holds"));
  for (const std::string& line : Split(table, '\n')) CHECK(line.size() <= 80);
  CHECK_THAT(table, ContainsSubstring("0 wrong of 4"));
  CHECK_THAT(table, ContainsSubstring("(ext4)"));
  CHECK_THAT(table, ContainsSubstring("A02  not testable here"));
  CHECK_THAT(table, ContainsSubstring("2 claims: 1 holds, 1 not testable here"));
}

}  // namespace
}  // namespace faultline
