// Ranges as they are typed, values in them, and what they put into a trial's settings.
#include "harness/crossover/axis.h"

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline::crossover {
namespace {

const Settings kGiven = {{"strategy", {"read-write", "mmap-window", "mmap-window:size=1MiB"}}};
constexpr PointDefaults kDefaults = {1 << 20, 500};

Axis Parsed(const std::string& text, const Settings& given = kGiven) {
  return ParseAxis(text, "--x", given);
}

Settings At(const Settings& given, const std::vector<std::pair<std::string, double>>& axes) {
  std::vector<Axis> parsed;
  for (const auto& [text, value] : axes) parsed.push_back(Parsed(text, given));
  std::vector<AxisValue> at;
  for (std::size_t i = 0; i < axes.size(); ++i) at.push_back({&parsed[i], axes[i].second});
  return SettingsAt(given, at, kDefaults);
}

TEST_CASE("sizes and counts are logarithmic, and no finer than both ends") {
  const Axis size = Parsed("record-size=16..64KiB");
  CHECK(size.kind == ValueKind::kSize);
  CHECK(size.Grid(5) == std::vector<double>{16, 128, 1024, 8192, 65536});
  CHECK(size.grain == 16);
  CHECK(size.Text(8192) == "8KiB");
  CHECK(size.Text(3184) == "3184");
  CHECK(Parsed("record-size=4KiB..1MiB").grain == 4096);
  CHECK(Parsed("record-size=125..1000").grain == 1);
  CHECK(Parsed("threads=1..4").Grid(7) == std::vector<double>{1, 2, 3, 4});
  CHECK(Parsed("strategy:count=2..64").Grid(6) == std::vector<double>{2, 4, 8, 16, 32, 64});
}

TEST_CASE("a range from 0 on is logarithmic beyond it") {
  const Axis axis = Parsed("strategy:prefetch=0..1023", {{"strategy", {"mmap-view"}}});
  const std::vector<double> grid = axis.Grid(3);
  CHECK(grid == std::vector<double>{0, 31, 1023});
  CHECK(axis.Place(0) == 0);
  CHECK(axis.Place(1023) == 1);
}

TEST_CASE("shares are linear and ratios logarithmic") {
  const Settings mixed = {{"strategy", {"read-write", "mmap-view"}}, {"workload", {"mixed"}}};
  const Axis share = Parsed("workload:reads=0..100%", mixed);
  CHECK_FALSE(share.logarithmic);
  CHECK(share.Grid(5) == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
  CHECK(Parsed("workload:reads=5..50%", mixed).low == Approx(0.05));
  CHECK(Parsed("workload:reads=0.1..50%", mixed).low == Approx(0.001));
  const Axis ratio = Parsed("data-to-memory=1/4..8", {{"memory-limit", {"16MiB"}}});
  CHECK(ratio.logarithmic);
  CHECK(ratio.low == 0.25);
  CHECK(ratio.Between(0.25, 1) == std::optional(0.5));
  CHECK(ratio.Text(0.25) == "0.25");
  CHECK(ratio.Text(ratio.ValueAt(0.3)) == "0.7071");
}

TEST_CASE("between neighbours there is nothing worth telling apart") {
  const Axis threads = Parsed("threads=1..4");
  CHECK(threads.Between(1, 4) == std::optional<double>(2));
  CHECK(threads.Between(2, 4) == std::optional<double>(3));
  CHECK_FALSE(threads.Between(3, 4).has_value());
  const Axis size = Parsed("record-size=16..64KiB");
  CHECK_FALSE(size.Between(16384, 17000).has_value());
  CHECK(size.Between(16384, 18000).has_value());
  for (const char* text : {"threads=1..99", "strategy:count=2..99"}) {
    const Axis axis = Parsed(text);
    for (double value = axis.low; value + 2 <= axis.high && value < 38; ++value) {
      CHECK(axis.Between(value, value + 2) == std::optional(value + 1));
    }
  }
  const Axis from_nothing = Parsed("strategy:prefetch=0..99", {{"strategy", {"mmap-view"}}});
  CHECK(from_nothing.Between(0, 2) == std::optional<double>(1));
  const Axis share =
      Parsed("workload:reads=0..1", {{"strategy", {"null"}}, {"workload", {"mixed"}}});
  CHECK_FALSE(share.Between(0.5, 0.509).has_value());
  CHECK(share.Between(0.5, 0.52) == std::optional(0.51));
}

TEST_CASE("what is no range, or not a range of that parameter, is refused") {
  const std::pair<const char*, const char*> cases[] = {
      {"record-size", "PARAMETER=LOW..HIGH"},
      {"record-size=5", "PARAMETER=LOW..HIGH"},
      {"a..b=5", "PARAMETER=LOW..HIGH"},
      {"", "PARAMETER=LOW..HIGH"},
      {"recordsize=1..2", "did you mean 'record-size'?"},
      {"cache=1..2", "there are"},
      {"threads=4..1", "must go up"},
      {"threads=4..4", "must go up"},
      {"threads=1..4KiB", "--x"},
      {"threads=-1..4", "--x"},
      {"threads=1..", "--x"},
      {"threads=1...4", "--x"},
      {"records=1..18446744073709551615", "must go up"},
      {"workload:reads=0..1", "'random-update' has no option 'reads'"},
      {"strategy:reads=0..1", "none of the strategies has an option 'reads'"},
      {"strategy:advice=0..1", "is no number"},
      {"data-to-memory=1..2", "--memory-limit"},
      {"data-to-memory=0..2", "no file of 0 bytes"},
      {"data-to-memory=1/0..2", "divides by 0"},
      {"data-to-memory=nan..2", "--x"},
      {"data-to-memory=1e-300..1e300", "must go up"},
  };
  for (const auto& [text, reason] : cases) {
    INFO(text);
    CHECK_THROWS_AS(Parsed(text), UsageError);
    CHECK_THROWS_WITH(Parsed(text), ContainsSubstring(reason));
  }
  const Settings sized = {{"strategy", {"mmap-window:size=1MiB"}}, {"threads", {"2"}}};
  CHECK_THROWS_WITH(Parsed("strategy:size=4KiB..1MiB", sized),
                    ContainsSubstring("gives it a value"));
  CHECK_THROWS_WITH(Parsed("threads=1..4", sized), ContainsSubstring("--threads is given too"));
  const Settings both = {{"memory-limit", {"8MiB"}}, {"records", {"5"}}};
  CHECK_THROWS_WITH(Parsed("data-to-memory=1..4", both), ContainsSubstring("leave --records out"));
  const Settings reading = {{"workload", {"mixed:reads=0.5"}}};
  CHECK_THROWS_WITH(Parsed("workload:reads=0..1", reading), ContainsSubstring("leave it out"));
}

TEST_CASE("the file keeps its size and the pass its length unless something says otherwise") {
  const Settings small = At(kGiven, {{"record-size=16..64KiB", 16}});
  CHECK(small.at("record-size") == std::vector<std::string>{"16"});
  CHECK(small.at("records") == std::vector<std::string>{"65536"});
  CHECK(small.at("operations") == std::vector<std::string>{"500"});
  CHECK(At(kGiven, {{"record-size=16..64KiB", 65536}}).at("records").front() == "16");
  CHECK(At(kGiven, {{"records=10..1000", 77}}).at("records").front() == "77");
  CHECK(At(kGiven, {{"operations=10..1000", 77}}).at("operations").front() == "77");
  Settings own = kGiven;
  own["workload"] = {"sparse-touch"};
  CHECK_FALSE(At(own, {{"threads=1..2", 1}}).contains("records"));
  CHECK_FALSE(At(own, {{"threads=1..2", 1}}).contains("operations"));
}

TEST_CASE("an option goes to the specs that have it and don't give it") {
  const Settings sized = At(kGiven, {{"strategy:size=4KiB..1MiB", 8192}});
  CHECK(sized.at("strategy") ==
        std::vector<std::string>{"read-write", "mmap-window:size=8KiB", "mmap-window:size=1MiB"});
  const Settings mixed = {{"strategy", {"null"}}, {"workload", {"mixed:flush-every=9"}}};
  CHECK(At(mixed, {{"workload:reads=0..1", 0.25}}).at("workload").front() ==
        "mixed:flush-every=9,reads=0.25");
}

TEST_CASE("data to memory decides the records by limit and record size, whichever axis they are") {
  const Settings limited = {{"strategy", {"null"}}, {"memory-limit", {"8MiB"}}};
  CHECK(At(limited, {{"data-to-memory=1/4..8", 0.5}, {"record-size=16..64KiB", 4096}})
            .at("records")
            .front() == "1024");
}

}  // namespace
}  // namespace faultline::crossover
