// The run document: JSON at any moment, with every field that docs/documents.md promises.
#include "harness/report/run_document.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "harness/base/text.h"
#include "harness/os/whole_file.h"
#include "tests/catch.h"
#include "tests/report/made_up.h"
#include "tests/support/temporary_directory.h"

namespace faultline {
namespace {

using nlohmann::json;

RunDocument Document(std::vector<TrialSpec> trials) {
  return RunDocument("a suite", {{"kernel", "Linux"}, {"swap_bytes", std::nullopt}},
                     std::move(trials));
}

json Parsed(const RunDocument& document) { return json::parse(document.Text()); }

void CheckFields(const json& object, const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    INFO(field);
    CHECK(object.contains(field));
  }
}

TEST_CASE("a document is whole before its first repetition and after each") {
  RunDocument document = Document({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
  json parsed = Parsed(document);
  CHECK(parsed.at("schema") == "faultline-run/2");
  CHECK(parsed.at("complete") == false);
  CHECK(parsed.at("suite") == "a suite");
  CHECK(parsed.at("trials").size() == 2);
  CHECK(parsed.at("groups").size() == 1);
  CHECK(parsed.at("environment").at("kernel") == "Linux");
  CHECK(parsed.at("environment").at("swap_bytes").is_null());
  for (std::size_t i = 0; i < 6; ++i) {
    document.Add(i % 2, i / 2, MadeUp(10.0 + double(i)));
    parsed = Parsed(document);
    const json& repetitions = parsed.at("trials").at(i % 2).at("repetitions");
    CHECK(repetitions.size() == i / 2 + 1);
    CHECK(repetitions.back().at("order") == i);
    CHECK(repetitions.back().at("round") == i / 2);
  }
  document.SetComplete();
  CHECK(Parsed(document).at("complete") == true);
}

int strategies_made = 0;  // of those called "counted"

const Registration<StrategyInfo> kCounted{{
    .name = "counted",
    .summary = "counts how often it is made",
    .calls = "none",
    .durability = Durability::kPeriodic,
    .periodic_flush = {.every = "every"},
    .options = {{.name = "every",
                 .kind = OptionKind::kCount,
                 .default_value = "1",
                 .summary = "changes between two flushes",
                 .minimum = 1}},
    .make = [](const Options&) -> std::unique_ptr<Strategy> {
      ++strategies_made;
      return nullptr;
    },
}};

TEST_CASE("a document asks its strategies for what they declare, and makes none") {
  RunDocument document = Document({MadeUpTrial("counted:every=12"), MadeUpTrial("read-write")});
  document.Add(0, 0, MadeUp(10));
  const json trials = Parsed(document).at("trials");
  CHECK(trials.at(0).at("strategy").at("durability") == "periodic");
  CHECK(trials.at(0).at("strategy").at("flush_period") == 12);
  CHECK(trials.at(1).at("strategy").at("flush_period").is_null());
  CHECK(strategies_made == 0);
}

TEST_CASE("a repetition has every documented field") {
  RunDocument document = Document({MadeUpTrial("mmap-view")});
  Measurement measurement = MadeUp(10);
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 1000; ++value) histogram.Record(value);
  measurement.latency = {histogram, 25};
  measurement.cache = {PreparedCache{}, os::Residency{.total_pages = 9, .cached_pages = 4}};
  measurement.cache->before.residency.total_pages = 9;
  measurement.memory = {os::LimitedMemory{.limit_bytes = 64, .peak_bytes = 63}, "version 2"};
  measurement.series = {{0.1, 400}, {0.2, 1000}};
  measurement.effective_settings = {{"advice", "random"}};
  document.Add(0, 0, measurement);
  const json parsed = Parsed(document);
  CheckFields(parsed, {"schema", "complete", "suite", "environment", "counters", "absent",
                       "warnings", "groups", "comparisons", "limit_proofs", "trials"});
  const json& trial = parsed.at("trials").at(0);
  CheckFields(trial, {"id", "section", "group", "net_of_waiting", "strategy", "workload",
                      "parameters", "repetitions", "summary"});
  CheckFields(trial.at("strategy"), {"name", "spec", "title", "durability", "flush_period", "calls",
                                     "plugin", "effective"});
  CHECK(trial.at("strategy").at("plugin").is_null());
  CHECK(trial.at("strategy").at("effective").at("advice") == "random");
  CheckFields(trial.at("parameters"),
              {"records", "record_size", "file_bytes", "operations", "passes", "threads",
               "processes", "cache", "memory_limit_bytes", "seed", "latency"});
  CHECK(trial.at("parameters").at("file_bytes") == 125000);
  CheckFields(trial.at("summary"),
              {"repetitions", "ok", "interference", "failed", "figures", "with_interference"});
  const json& repetition = trial.at("repetitions").at(0);
  CheckFields(repetition, {"status", "error", "verified", "operations", "asked", "ns_per_operation",
                           "durable_ns_per_operation", "steady_ns_per_operation", "phases", "cache",
                           "memory", "latency", "series", "timeline", "stages", "round", "order"});
  CHECK(repetition.at("status") == "ok");
  CHECK(repetition.at("error").is_null());
  CHECK(repetition.at("verified") == true);
  CHECK(repetition.at("asked") == json{{"read_bytes", 1000}, {"changed_bytes", 500}});
  CheckFields(repetition.at("phases"), {"open", "first", "steady", "flush", "close"});
  CHECK(repetition.at("phases").at("first").at("counters").at("minor_faults") == 100);
  CHECK(repetition.at("phases").at("first").at("counters").at("cycles").is_null());
  CheckFields(repetition.at("cache"), {"state", "proved", "why_not", "cached_pages_before",
                                       "cached_pages_after", "total_pages", "source"});
  CHECK(repetition.at("cache").at("cached_pages_after") == 4);
  CheckFields(repetition.at("memory"), {"limit_bytes", "peak_bytes", "anonymous_bytes",
                                        "file_bytes", "limit_hits", "kills", "mechanism"});
  CHECK(repetition.at("memory").at("kills").is_null());
  const json& latency = repetition.at("latency");
  CheckFields(latency, {"samples", "timer_ns", "p50", "p90", "p99", "p999", "max", "bins"});
  CHECK(latency.at("samples") == 1000);
  CHECK(latency.at("timer_ns") == 25);
  CHECK(latency.at("max") == 1000);
  CHECK(latency.at("p50").get<double>() == Approx(500).epsilon(1.0 / 32));
  CHECK(latency.at("bins").at(0) == json{1, 1, 1});
  CHECK(repetition.at("series") == json{{0.1, 400}, {0.2, 1000}});
}

TEST_CASE("what there is not is null and never NaN") {
  RunDocument document = Document({MadeUpTrial("read-write")});
  Measurement strange = MadeUp(10);
  strange.phases[Phase::kOpen].seconds = std::numeric_limits<double>::quiet_NaN();
  document.Add(0, 0, strange);
  strange.phases[Phase::kOpen].seconds = std::numeric_limits<double>::infinity();
  document.Add(0, 1, strange);
  document.Add(0, 2, MadeUpFailure("crashed"));
  const std::string text = document.Text();
  CHECK(text.find("nan") == std::string::npos);
  CHECK(text.find("NaN") == std::string::npos);
  CHECK(text.find("inf") == std::string::npos);
  const json repetitions = json::parse(text).at("trials").at(0).at("repetitions");
  CHECK(repetitions.at(0).at("ns_per_operation").is_null());
  CHECK(repetitions.at(0).at("phases").at("open").at("seconds").is_null());
  CHECK(repetitions.at(2).at("verified").is_null());
  CHECK(repetitions.at(2).at("latency").is_null());
  CHECK(repetitions.at(2).at("cache").is_null());
  CHECK(repetitions.at(2).at("memory").is_null());
  CHECK(repetitions.at(2).at("error") == "crashed");
}

TEST_CASE("text that is no UTF-8 is readable all the same") {
  RunDocument document = Document({MadeUpTrial("read-write")});
  document.Add(0, 0, MadeUpFailure("no \xff\xfe file \"x\"\nof that name"));
  document.AddWarning("a \xc3 warning");
  const json parsed = Parsed(document);
  CHECK_THAT(parsed.at("trials").at(0).at("repetitions").at(0).at("error").get<std::string>(),
             ContainsSubstring(" file \"x\"\nof that name"));
  CHECK(parsed.at("warnings").size() == 1);
}

TEST_CASE("a warning stands there once and absent counters have their cause") {
  RunDocument document = Document({MadeUpTrial("read-write")});
  document.AddWarning("beware");
  document.AddWarning("beware");
  Measurement measurement = MadeUp(10);
  measurement.absent_counters = {{"cycles", "a virtual machine has none"}};
  document.Add(0, 0, measurement);
  const json parsed = Parsed(document);
  CHECK(parsed.at("warnings") == json{"beware"});
  CHECK(parsed.at("absent").at("cycles") == "a virtual machine has none");
  CHECK(parsed.at("counters").at("minor_faults").at("kind") == "total");
  CHECK(parsed.at("counters").at("minor_faults").at("scope") == "process");
}

TEST_CASE("a limit's control trial is part of the document") {
  RunDocument document = Document({MadeUpTrial("read-write")});
  document.AddLimitProof({.limit_bytes = 64, .peak_bytes = 60, .held = true, .mechanism = "v2"});
  const json proofs = Parsed(document).at("limit_proofs");
  REQUIRE(proofs.size() == 1);
  CHECK(proofs.at(0) ==
        json{{"limit_bytes", 64}, {"peak_bytes", 60}, {"held", true}, {"mechanism", "v2"}});
}

// That of the figure between the two, with the fields of the document.
json ComparisonIn(const json& parsed, const std::string& strategy, const std::string& baseline,
                  const std::string& figure = "ns_per_operation") {
  for (const json& one : parsed.at("comparisons")) {
    if (one.at("figure") == figure && one.at("strategy") == strategy &&
        one.at("baseline") == baseline) {
      return one;
    }
  }
  return nullptr;
}

TEST_CASE("the document carries what the judge says and an A/A pair is two strategies") {
  TrialSpec copy = MadeUpTrial("read-write");
  copy.copy = 2;
  RunDocument document =
      Document({MadeUpTrial("read-write"), copy, MadeUpTrial("mmap-view"), MadeUpTrial("null")});
  for (std::uint64_t round = 0; round < 6; ++round) {
    const double slow = 1 + 0.1 * static_cast<double>(round);  // all of the round alike
    document.Add(0, round, MadeUp(100 * slow));
    document.Add(1, round, MadeUp(100 * slow * (round % 2 == 0 ? 1.001 : 0.999)));
    document.Add(2, round, MadeUp(50 * slow * (round % 2 == 0 ? 1.001 : 0.999)));
    document.Add(3, round, MadeUp(1));
  }
  const json parsed = Parsed(document);
  const json pair = ComparisonIn(parsed, "read-write#2", "read-write");
  CheckFields(pair, {"group", "figure", "strategy", "baseline", "verdict", "ratio", "rounds",
                     "with_interference", "rounds_needed", "reason"});
  CHECK(pair.at("verdict") == "tied");
  const json view = ComparisonIn(parsed, "mmap-view", "read-write");
  CHECK(view.at("verdict") == "faster");
  CHECK(view.at("rounds") == 6);
  CHECK(view.at("ratio").at("median").get<double>() == Approx(2).epsilon(0.01));
  CHECK(view.at("reason").is_null());
  const json& group = parsed.at("groups").at(0);
  CheckFields(group, {"title", "baseline", "margin", "rankings"});
  CHECK(group.at("baseline") == "read-write");
  CHECK(group.at("rankings").at("ns_per_operation").at("best") == json{"mmap-view"});
  for (const json& one : parsed.at("comparisons")) {
    CHECK(one.at("group") == group.at("title"));
    CHECK(one.at("strategy") != "null");
  }
  CHECK(parsed.at("trials").at(1).at("group") == group.at("title"));
  CHECK(parsed.at("trials").at(1).at("strategy").at("title") == "read-write#2");
}

TEST_CASE("a stray event beside many operations is a tie and many are more") {
  for (const auto& [events, verdict] : {std::pair(1, "tied"), std::pair(100, "more")}) {
    RunDocument document = Document({MadeUpTrial("read-write"), MadeUpTrial("mmap-view")});
    for (std::uint64_t round = 0; round < 6; ++round) {
      document.Add(0, round, MadeUp(100));
      Measurement measurement = MadeUp(100);
      if (events > 1 || round == 3) {
        measurement.phases[Phase::kFirst].counters["major_faults"] = events;
      }
      document.Add(1, round, measurement);
    }
    const json faults =
        ComparisonIn(Parsed(document), "mmap-view", "read-write", "total.major_faults");
    CHECK(faults.at("verdict") == verdict);
    CHECK(faults.at("ratio").is_null());
  }
}

TEST_CASE("saving replaces the file and leaves no other") {
  const TemporaryDirectory directory;
  RunDocument document = Document({MadeUpTrial("read-write")});
  document.Save(directory / "run.json");
  document.Add(0, 0, MadeUp(10));
  document.Save(directory / "run.json");
  CHECK(os::ReadText(directory / "run.json") == document.Text());
  CHECK(directory.Entries() == 1);
}

}  // namespace
}  // namespace faultline
