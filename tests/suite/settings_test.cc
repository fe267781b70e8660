// Options as text: their checks, and the layers that they come from.
#include "harness/suite/settings.h"

#include <set>

#include "faultline/error.h"
#include "harness/base/registry.h"
#include "harness/os/system_info.h"
#include "strategies/registry.h"
#include "tests/catch.h"

namespace faultline {
namespace {

std::vector<PlannedTrial> PlanLayers(const std::vector<Settings>& layers) {
  std::vector<const Settings*> pointers;
  for (const Settings& layer : layers) pointers.push_back(&layer);
  return PlanTrials("section", pointers, "somewhere");
}

std::vector<PlannedTrial> Plan(const Settings& settings) { return PlanLayers({settings}); }

TEST_CASE("each option reaches its trial") {
  const std::vector<PlannedTrial> trials = Plan({{"strategy", {"mmap-view"}},
                                                 {"workload", {"mixed:reads=0.5"}},
                                                 {"records", {"2000"}},
                                                 {"record-size", {"1KiB"}},
                                                 {"operations", {"300"}},
                                                 {"passes", {"4"}},
                                                 {"threads", {"5"}},
                                                 {"processes", {"6"}},
                                                 {"cache", {"paged"}},
                                                 {"memory-limit", {"64MiB"}},
                                                 {"repetitions", {"7"}},
                                                 {"seed", {"8"}},
                                                 {"latency", {"all"}},
                                                 {"timeout", {"9.5"}}});
  REQUIRE(trials.size() == 1);
  const TrialSpec& spec = trials[0].spec;
  CHECK(trials[0].repetitions == 7);
  CHECK(spec.section == "section");
  CHECK(spec.strategy.text() == "mmap-view");
  CHECK(spec.workload.text() == "mixed:reads=0.5");
  CHECK(spec.records == 2000);
  CHECK(spec.record_size == 1024);
  CHECK(spec.operations == 300);
  CHECK(spec.passes == 4);
  CHECK(spec.threads == 5);
  CHECK(spec.processes == 6);
  CHECK(spec.cache == CacheState::kPaged);
  CHECK(spec.memory_limit_bytes == std::optional<std::uint64_t>(std::uint64_t{64} << 20));
  CHECK(spec.seed == 8);
  CHECK(spec.latency == LatencyMode::kAll);
  CHECK(spec.timeout_seconds == 9.5);
  CHECK(spec.directory == "somewhere");
}

TEST_CASE("an open load and its rate reach their trial") {
  const TrialSpec spec = Plan({{"strategy", {"mmap-view"}},
                               {"operations", {"100"}},
                               {"load", {"open"}},
                               {"rate", {"2500.5"}}})
                             .front()
                             .spec;
  CHECK(spec.load == LoadMode::kOpen);
  CHECK(spec.rate == 2500.5);
  CHECK(Plan({{"strategy", {"mmap-view"}}}).front().spec.load == LoadMode::kClosed);
  CHECK_THROWS_AS(Plan({{"rate", {"5"}}}), UsageError);
  CHECK_THROWS_AS(Plan({{"load", {"open"}}}), UsageError);
}

TEST_CASE("nothing given is what the help says") {
  const std::vector<PlannedTrial> trials = Plan({{"strategy", {"mmap-view"}}});
  REQUIRE(trials.size() == 1);
  CHECK_FALSE(trials[0].repetitions.has_value());  // as many as it takes
  CHECK(trials[0].budget_seconds == 60);
  CHECK(trials[0].precision == 0.05);
  CHECK(trials[0].spec.workload.text() == "random-update");
  CHECK(trials[0].spec.records == 1'000'000);
  CHECK(trials[0].spec.record_size == 125);
  CHECK(trials[0].spec.passes == 2);
  CHECK(trials[0].spec.cache == CacheState::kPaged);
  CHECK_FALSE(trials[0].spec.memory_limit_bytes.has_value());
  CHECK(trials[0].spec.latency == LatencyMode::kOff);
  for (const SettingInfo& info : TrialSettings()) {
    INFO(info.key);
    const std::string usual = info.DefaultText();
    if (!usual.empty()) CHECK_NOTHROW(CheckSetting(info.key, usual));
  }
}

std::set<std::string> KeysTakenBy(bool TakenBy::*command) {
  std::set<std::string> keys;
  for (const SettingInfo& info : TrialSettings()) {
    if (info.taken_by.*command) keys.insert(info.key);
  }
  return keys;
}

TEST_CASE("each command takes the options that make sense for it") {
  CHECK(KeysTakenBy(&TakenBy::run).size() == TrialSettings().size());
  CHECK(KeysTakenBy(&TakenBy::advise) == std::set<std::string>{"budget", "cache", "memory-limit",
                                                               "operations", "precision",
                                                               "processes", "repetitions", "seed",
                                                               "strategy", "threads", "timeout"});
  CHECK(KeysTakenBy(&TakenBy::crossover) ==
        std::set<std::string>{"cache", "memory-limit", "operations", "passes", "processes",
                              "record-size", "records", "repetitions", "seed", "strategy",
                              "threads", "timeout", "workload"});
  CHECK(KeysTakenBy(&TakenBy::powercut) == std::set<std::string>{"operations", "record-size",
                                                                 "records", "seed", "strategy",
                                                                 "workload"});
}

TEST_CASE("what is read as text is written as the same text") {
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, const char*>>{{"repetitions", "7"},
                                                        {"precision", "2.5%"},
                                                        {"budget", "0.5"},
                                                        {"noise-floor", "on"},
                                                        {"record-size", "1536"},
                                                        {"memory-limit", "64MiB"},
                                                        {"rate", "2500.5"}}) {
    INFO(key);
    PlannedTrial trial;
    CHECK(FindSetting(key).value.text(trial) != value);
    ApplySettings({{key, {value}}}, trial);
    CHECK(FindSetting(key).value.text(trial) == value);
  }
}

TEST_CASE("the first layer that has an option decides it whole") {
  const std::vector<PlannedTrial> trials = PlanLayers(
      {{{"records", {"10"}}, {"strategy", {"stdio"}}},
       {{"records", {"20"}}, {"passes", {"3"}}, {"strategy", {"read-write", "mmap-view"}}},
       {{"passes", {"9"}}, {"seed", {"4"}}}});
  REQUIRE(trials.size() == 1);
  CHECK(trials[0].spec.strategy.text() == "stdio");
  CHECK(trials[0].spec.records == 10);
  CHECK(trials[0].spec.passes == 3);
  CHECK(trials[0].spec.seed == 4);
}

TEST_CASE("every strategy runs with every workload") {
  const std::vector<PlannedTrial> trials =
      Plan({{"strategy", {"stdio", "read-write"}}, {"workload", {"random-read", "random-update"}}});
  REQUIRE(trials.size() == 4);
  CHECK(trials[0].spec.Id() == "section/stdio/random-read");
  CHECK(trials[3].spec.Id() == "section/read-write/random-update");
}

TEST_CASE("all means every strategy and silence those that don't flush on their own") {
  const std::size_t count = Registry<StrategyInfo>::Instance().Names().size();
  CHECK(Plan({{"strategy", {"all"}}}).size() == count);
  const std::vector<PlannedTrial> silent = Plan(Settings{});
  CHECK(silent.size() < count);
  for (const PlannedTrial& trial : silent) {
    CHECK(trial.spec.strategy.text().find("flushed") == std::string::npos);
  }
}

TEST_CASE("the noise floor measures the first strategy of each workload twice") {
  const std::vector<PlannedTrial> trials = Plan({{"strategy", {"stdio", "read-write"}},
                                                 {"workload", {"random-read", "random-update"}},
                                                 {"noise-floor", {"on"}}});
  REQUIRE(trials.size() == 6);
  CHECK(trials[1].spec.Id() == "section/stdio/random-read#2");
  CHECK(trials[2].spec.copy == 1);
  CHECK(trials[4].spec.Id() == "section/stdio/random-update#2");
}

TEST_CASE("a bad value is refused and says which option and what it takes") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"record", "5", "did you mean 'records'?"},
      {"memorylimit", "5MiB", "did you mean 'memory-limit'?"},
      {"xyz", "5", "there are strategy, workload"},
      {"records", "0", "--records takes 1 or more"},
      {"records", "-1", "--records"},
      {"records", "1e6", "--records"},
      {"records", "99999999999999999999", "too large"},
      {"record-size", "0", "--record-size takes 1 or more"},
      {"record-size", "12 KiB", "--record-size"},
      {"record-size", "99999999999TiB", "too large"},
      {"operations", "0", "--operations"},
      {"operations", "", "--operations"},
      {"passes", "0", "--passes"},
      {"threads", "0", "--threads"},
      {"threads", "x", "--threads"},
      {"threads", "0x", "--threads"},
      {"threads", "2X", "--threads"},
      {"processes", "0", "--processes"},
      {"cache", "warm", "cold"},
      {"memory-limit", "0", "--memory-limit"},
      {"memory-limit", "lots", "--memory-limit"},
      {"repetitions", "0", "--repetitions"},
      {"repetitions", "10001", "--repetitions takes 1 to 10,000, not '10001'"},
      {"budget", "0", "--budget"},
      {"budget", "-1", "--budget"},
      {"budget", "nan", "--budget"},
      {"budget", "inf", "--budget"},
      {"budget", "1000001", "--budget"},
      {"precision", "0", "--precision takes 0.1% to 100%"},
      {"precision", "0%", "--precision takes 0.1% to 100%"},
      {"precision", "-5%", "negative"},
      {"precision", "nan", "--precision"},
      {"precision", "5", "write 5%"},
      {"precision", "101%", "--precision takes 0.1% to 100%"},
      {"seed", "x", "--seed"},
      {"latency", "some", "off, sampled or all"},
      {"load", "half", "closed or open"},
      {"rate", "0", "--rate takes 0.001"},
      {"rate", "-1", "--rate"},
      {"rate", "nan", "--rate"},
      {"rate", "1e10", "--rate takes 0.001"},
      {"timeout", "0", "--timeout"},
      {"timeout", "-1", "--timeout"},
      {"timeout", "nan", "--timeout"},
      {"timeout", "1e7", "--timeout"},
      {"noise-floor", "maybe", "--noise-floor"},
      {"strategy", "mmap-wiew", "did you mean 'mmap-view'?"},
      {"strategy", "mmap-window:sise=1MiB", "size"},
      {"strategy", "", "has no name"},
      {"workload", "random-upadte", "did you mean 'random-update'?"},
      {"workload", "mixed:reads=2", "reads"},
  };
  for (const auto& [key, value, reason] : cases) {
    INFO(key << " = " << value);
    CHECK_THROWS_AS(CheckSetting(key, value), UsageError);
    CHECK_THROWS_WITH(CheckSetting(key, value), ContainsSubstring(reason));
  }
}

TEST_CASE("a good value is taken") {
  for (const auto& [key, value] :
       std::vector<std::pair<const char*, const char*>>{{"records", "1"},
                                                        {"repetitions", "10000"},
                                                        {"timeout", "1000000"},
                                                        {"seed", "0"},
                                                        {"strategy", "all"},
                                                        {"noise-floor", "off"},
                                                        {"memory-limit", "4MiB"}}) {
    INFO(key << " = " << value);
    CHECK_NOTHROW(CheckSetting(key, value));
  }
}

TEST_CASE("threads can be as many for each processor") {
  const std::uint64_t processors = os::ProcessorCount();
  CHECK(Plan({{"threads", {"1x"}}}).front().spec.threads == processors);
  CHECK(Plan({{"threads", {"3x"}}}).front().spec.threads == 3 * processors);
}

TEST_CASE("options that contradict each other are refused") {
  CHECK_THROWS_AS(Plan({{"records", {"3"}}, {"threads", {"4"}}}), UsageError);
  CHECK_THROWS_AS(Plan({{"records", {"999999999999"}}, {"record-size", {"4MiB"}}}), UsageError);
  CHECK_THROWS_AS(Plan({{"operations", {"2"}}, {"processes", {"3"}}}), UsageError);
}

}  // namespace
}  // namespace faultline
