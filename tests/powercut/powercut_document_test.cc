// The document, of results made up by hand.
#include "harness/powercut/powercut_document.h"

#include <nlohmann/json.hpp>

#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

using nlohmann::json;

TEST_CASE("the document has every field under its name") {
  PowerCutSpec spec = SmallCut("read-write", Instant::kDuring);
  CutResult unsupported;
  unsupported.status = Status::kUnsupported;
  unsupported.error = "no such thing";
  const json document = json::parse(document::ToText(
      DocumentOf(spec, {{"kernel", "Linux"}, {"swap_bytes", std::nullopt}},
                 {{StrategyChoice("mmap-view-flushed:every=2"), Instant::kDuring, MadeUpResult()},
                  {StrategyChoice("null"), Instant::kAfterFlush, unsupported}},
                 true)));
  CHECK(document["schema"] == "faultline-powercut/1");
  CHECK(document["complete"] == true);
  CHECK(document["environment"]["kernel"] == "Linux");
  CHECK(document["environment"]["swap_bytes"].is_null());
  CHECK(document["parameters"]["file_system"] == "ext4");
  CHECK(document["parameters"]["records"] == 1000);
  CHECK(document["parameters"]["record_size"] == 125);
  CHECK(document["parameters"]["operations"] == 1000);
  CHECK(document["parameters"]["image_bytes"].get<std::uint64_t>() >= std::uint64_t{64} << 20);
  REQUIRE(document["rows"].size() == 2);
  const json& row = document["rows"][0];
  CHECK(row["strategy"] == json({{"name", "mmap-view-flushed"},
                                 {"spec", "mmap-view-flushed:every=2"},
                                 {"durability", "periodic"}}));
  CHECK(row["instant"] == "during");
  CHECK(row["cuts"] == 5);
  CHECK(row["status"] == "ok");
  CHECK(row["error"].is_null());
  CHECK(row["updates"] == 5000);
  CHECK(row["acknowledged"] == 4000);
  CHECK(row["survived"] == 4321);
  CHECK(row["records"] == json({{"intact_new", 11},
                                {"intact_old", 12},
                                {"torn", 13},
                                {"lost", 14},
                                {"impossible", 15},
                                {"unreadable", 0}}));
  CHECK(row["recovery_error"].is_null());
  CHECK(row["straddling"] == json({{"records", 16}, {"torn", 3}}));
  CHECK(row["acknowledged_missing"] == 0);
  CHECK(row["promise"] == "kept");
  REQUIRE(row["survival"].size() == 1);
  CHECK(row["survival"][0]["age_low_seconds"].get<double>() < 0.5);
  CHECK(row["survival"][0]["age_high_seconds"].get<double>() >= 0.5);
  CHECK(row["survival"][0]["updates"] == 100);
  CHECK(row["survival"][0]["survived"] == 99);
  const json& none = document["rows"][1];
  CHECK(none["status"] == "unsupported");
  CHECK(none["error"] == "no such thing");
  CHECK(none["cuts"] == 0);
  for (const char* field : {"updates", "acknowledged", "survived", "records", "promise"}) {
    CHECK(none[field].is_null());
  }
}

TEST_CASE("a promise is broken by one missing change and made by one acknowledged") {
  CutResult result = MadeUpResult();
  CHECK(result.promise() == Promise::kKept);
  result.tally.acknowledged_missing = 1;
  CHECK(result.promise() == Promise::kBroken);
  result.tally.acknowledged = 0;
  result.tally.acknowledged_missing = 0;
  CHECK(result.promise() == Promise::kNoneMade);
}

TEST_CASE("an engine that can't recover is a finding of an ordinary row") {
  CutResult result = MadeUpResult();
  result.tally.records = {1000, 0, 0, 0, 0, 4000};
  result.tally.recovery_error = "in 'export': crashed: killed by SIGBUS";
  const PowerCutSpec spec = SmallCut("read-write", Instant::kDuring);
  const std::vector<PowerCutRow> rows = {{StrategyChoice("read-write"), Instant::kDuring, result}};
  const json row = json::parse(document::ToText(DocumentOf(spec, {}, rows, true)))["rows"][0];
  CHECK(row["status"] == "ok");
  CHECK(row["error"].is_null());
  CHECK(row["records"]["unreadable"] == 4000);
  CHECK(row["recovery_error"] == "in 'export': crashed: killed by SIGBUS");
}

}  // namespace
}  // namespace faultline
