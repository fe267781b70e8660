// What a trial may be, and how it travels as text.
#include "harness/trial/trial_spec.h"

#include "faultline/error.h"
#include "harness/trial/trial_json.h"
#include "tests/catch.h"

namespace faultline {
namespace {

TrialSpec Wanted(const std::string& strategy, const std::string& workload) {
  TrialSpec spec;
  spec.strategy = StrategyChoice(strategy);
  spec.workload = WorkloadChoice(workload);
  spec.directory = "somewhere";
  return spec;
}

template <class Change>
void CheckRefused(Change change, const std::string& reason) {
  const auto resolve = [&change] {
    TrialSpec spec = Wanted("read-write", "random-update");
    change(spec);
    return Resolve(spec);
  };
  CHECK_THROWS_AS(resolve(), UsageError);
  CHECK_THROWS_WITH(resolve(), ContainsSubstring(reason));
}

TEST_CASE("zeros become what the workload wishes") {
  const TrialSpec plain = Resolve(Wanted("read-write", "random-update"));
  CHECK(plain.records == kDefaultRecords);
  CHECK(plain.operations == kDefaultRecords);
  CHECK(plain.DataGeometry() == Geometry{1'000'000, 125});
  TrialSpec sized = Wanted("read-write", "random-update");
  sized.records = 77;
  CHECK(Resolve(sized).operations == 77);
  sized.operations = 5;
  CHECK(Resolve(sized).operations == 5);
  const TrialSpec sparse = Resolve(Wanted("mmap-view", "sparse-touch"));
  CHECK(sparse.DataGeometry().sparse);
  CHECK(sparse.records != kDefaultRecords);
}

TEST_CASE("a trial that makes no sense is refused with its reason") {
  CheckRefused([](TrialSpec& spec) { spec.strategy = StrategyChoice("red-write"); },
               "did you mean 'read-write'");
  CheckRefused([](TrialSpec& spec) { spec.workload = WorkloadChoice("random-updat"); },
               "did you mean 'random-update'");
  CheckRefused([](TrialSpec& spec) { spec.strategy = StrategyChoice("mmap-window:count=1"); },
               "count");
  CheckRefused([](TrialSpec& spec) { spec.record_size = std::uint64_t{5} << 20; }, "4 MiB");
  CheckRefused([](TrialSpec& spec) { spec.records = std::uint64_t{1} << 60; }, "1 TiB");
  CheckRefused([](TrialSpec& spec) { spec.passes = 0; }, "--passes");
  CheckRefused([](TrialSpec& spec) { spec.threads = 0; }, "--threads");
  CheckRefused([](TrialSpec& spec) { spec.processes = 0; }, "--processes");
  CheckRefused([](TrialSpec& spec) { spec.threads = spec.processes = std::uint64_t{1} << 33; },
               "64 bits");
  CheckRefused(
      [](TrialSpec& spec) {
        spec.records = 3;
        spec.threads = 4;
      },
      "4 workers can't share 3 records");
  CheckRefused([](TrialSpec& spec) { spec.threads = 4097; }, "4,096");
  CheckRefused(
      [](TrialSpec& spec) {
        spec.threads = 4;
        spec.operations = 3;
      },
      "3 operations leave some of 4 workers idle");
  CheckRefused(
      [](TrialSpec& spec) {
        spec.operations = std::uint64_t{1} << 62;
        spec.passes = 4;
      },
      "64 bits");
  CheckRefused([](TrialSpec& spec) { spec.memory_limit_bytes = 4096; }, "4MiB");
}

TEST_CASE("the greatest trial is allowed") {
  TrialSpec spec = Wanted("read-write", "random-update");
  spec.threads = 64;
  spec.processes = 64;
  spec.memory_limit_bytes = std::uint64_t{4} << 20;
  CHECK(Resolve(spec).workers() == 4096);
}

TEST_CASE("an id tells section and both specs and the copy") {
  TrialSpec spec = Wanted("mmap-window:size=64KiB", "mixed:reads=0.9");
  CHECK(spec.Id() == "mmap-window:size=64KiB/mixed:reads=0.9");
  spec.section = "update";
  spec.copy = 2;
  CHECK(spec.Id() == "update/mmap-window:size=64KiB/mixed:reads=0.9#2");
}

TEST_CASE("a separate latency pass is executed beside those that were asked for") {
  TrialSpec spec;
  spec.passes = 3;
  CHECK(spec.executed_passes() == 3);
  spec.latency = LatencyMode::kSampled;
  CHECK(spec.executed_passes() == 3);
  spec.latency = LatencyMode::kAll;
  CHECK(spec.executed_passes() == 4);
}

// Whether both have times net of waiting.
bool SharedNet(TrialSpec first, TrialSpec second) {
  TrialSpec* const compared[] = {&first, &second};
  ShareClock(compared);
  CHECK(first.net_of_waiting == second.net_of_waiting);
  return first.net_of_waiting;
}

TEST_CASE("times are net of waiting where all that are compared wait with nothing under way") {
  const TrialSpec plain = Wanted("read-write", "random-update");
  CHECK(SharedNet(plain, Wanted("direct", "random-update")));
  CHECK_FALSE(SharedNet(plain, Wanted("vectored", "random-update")));
  CHECK_FALSE(SharedNet(Wanted("vectored", "random-update"), plain));
  TrialSpec other = plain;
  other.threads = 2;
  CHECK_FALSE(SharedNet(plain, other));
  other = plain;
  other.processes = 2;
  CHECK_FALSE(SharedNet(plain, other));
  other = plain;
  other.cache = CacheState::kCold;
  CHECK_FALSE(SharedNet(plain, other));
  other = plain;
  other.memory_limit_bytes = std::uint64_t{64} << 20;
  CHECK_FALSE(SharedNet(plain, other));
  other = plain;
  other.load = LoadMode::kOpen;
  CHECK_FALSE(SharedNet(plain, other));
}

TEST_CASE("a strategy's limits are told before a trial") {
  TrialSpec spec = Wanted("read-all", "random-update");
  CHECK(WhyUnsupported(spec).empty());
  spec.processes = 2;
  CHECK_THAT(WhyUnsupported(spec), ContainsSubstring("several processes"));
  spec.strategy = StrategyChoice("read-write");
  CHECK(WhyUnsupported(spec).empty());
}

TEST_CASE("a trial comes back from its text as it was") {
  TrialSpec spec = Wanted("mmap-window:size=64KiB", "mixed:reads=0.9");
  spec.section = "a \"section\"";
  spec.records = 11;
  spec.record_size = 12;
  spec.operations = ~std::uint64_t{0};
  spec.passes = 14;
  spec.threads = 15;
  spec.processes = 16;
  spec.cache = CacheState::kWritten;
  spec.memory_limit_bytes = 17;
  spec.seed = ~std::uint64_t{0} - 1;
  spec.latency = LatencyMode::kSampled;
  spec.directory = std::string("some\xff where\n/\xe2\x82\xac");
  spec.timeout_seconds = 0.25;
  spec.copy = 2;
  spec.load = LoadMode::kOpen;
  spec.rate = 0.125;
  const TrialSpec back = TrialSpecFromJson(FromLine(ToLine(ToJson(spec))));
  CHECK(back.section == spec.section);
  CHECK(back.strategy == spec.strategy);
  CHECK(back.workload == spec.workload);
  CHECK(back.records == spec.records);
  CHECK(back.record_size == spec.record_size);
  CHECK(back.operations == spec.operations);
  CHECK(back.passes == spec.passes);
  CHECK(back.threads == spec.threads);
  CHECK(back.processes == spec.processes);
  CHECK(back.cache == spec.cache);
  CHECK(back.memory_limit_bytes == spec.memory_limit_bytes);
  CHECK(back.seed == spec.seed);
  CHECK(back.latency == spec.latency);
  CHECK(back.directory == spec.directory);
  CHECK(back.timeout_seconds == spec.timeout_seconds);
  CHECK(back.copy == spec.copy);
  CHECK(back.load == spec.load);
  CHECK(back.rate == spec.rate);
  spec.memory_limit_bytes.reset();
  CHECK_FALSE(TrialSpecFromJson(ToJson(spec)).memory_limit_bytes.has_value());
}

TEST_CASE("a line is one line whatever its text holds") {
  const std::string line = ToLine({{"error", "two\nlines and \xff"}});
  CHECK(line.find('\n') == std::string::npos);
  CHECK_THAT(FromLine(line).at("error").get<std::string>(), ContainsSubstring("two\nlines and "));
}

}  // namespace
}  // namespace faultline
