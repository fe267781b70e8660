// What every registered workload promises, and every one that will be added.
#include <algorithm>
#include <bit>
#include <filesystem>
#include <fmt/format.h>

#include "harness/base/random.h"
#include "harness/base/text.h"
#include "tests/catch.h"
#include "tests/workloads/plans.h"

namespace faultline {
namespace {

// Whether it makes a plan from nothing else: a trace's plan is in a file, tested in tests/trace.
bool MakesPlansItself(const WorkloadInfo& info) {
  return std::none_of(info.options.begin(), info.options.end(),
                      [](const OptionInfo& option) { return option.required; });
}

// Specs to check: every workload as it is, every choice of every option, and flushes.
std::vector<std::string> Specs() {
  std::vector<std::string> specs;
  for (const auto& [name, info] : Registry<WorkloadInfo>::Instance().Entries()) {
    if (!MakesPlansItself(info)) continue;
    specs.push_back(name);
    for (const OptionInfo& option : info.options) {
      for (const std::string& choice : option.choices) {
        specs.push_back(fmt::format("{}:{}={}", name, option.name, choice));
      }
      if (option.name == "flush-every") specs.push_back(name + ":flush-every=7");
    }
  }
  return specs;
}

constexpr Geometry kOdd = {.records = 10'007, .record_size = 125};

PlanRequest Request(std::uint64_t workers = 1, std::uint64_t seed = 1) {
  return {.geometry = kOdd, .operations = 20'003, .workers = workers, .seed = seed};
}

TEST_CASE("every source file of a workload registered it under the name of the file") {
  std::vector<std::string> expected;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(FAULTLINE_SOURCE_DIR) / "workloads")) {
    if (entry.path().extension() != ".cc") continue;
    std::string name = entry.path().stem().string();
    if (name == "workload" || name == "workload_choice") continue;
    if (name == "generator" || name == "distributions") continue;
    std::replace(name.begin(), name.end(), '_', '-');
    expected.push_back(name);
  }
  std::sort(expected.begin(), expected.end());
  CHECK(Registry<WorkloadInfo>::Instance().Names() == expected);
  CHECK(expected.size() >= 10);
}

TEST_CASE("every workload and every option has a summary that fits a line") {
  for (const auto& [name, info] : Registry<WorkloadInfo>::Instance().Entries()) {
    CAPTURE(name);
    CHECK_FALSE(info.summary.empty());
    CHECK(info.summary.size() <= 76);
    for (const OptionInfo& option : info.options) {
      CAPTURE(option.name);
      CHECK_FALSE(option.summary.empty());
      CHECK(option.summary.size() <= 76);
    }
  }
}

TEST_CASE("the same seed yields the same operations whatever the chunks") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    const auto plan = WorkloadChoice(spec)->MakePlan(Request());
    const std::vector<Operation> operations = Drain(*plan, {});
    CHECK(Drain(*plan, {}) == operations);
    CHECK(Drain(*plan, {}, 1) == operations);
    CHECK(Drain(*plan, {}, 20'003) == operations);
    CHECK(Drain(*WorkloadChoice(spec)->MakePlan(Request()), {}, 333) == operations);
  }
}

TEST_CASE("plans of a seed are these very ones on every platform") {
  // Results that were published with a seed can be repeated only as long as these numbers stay.
  for (const auto& [spec, pinned] : {
           std::pair("sequential-read", 0x3e84a61fu),
           std::pair("random-update", 0x3b6b976eu),
           std::pair("zipfian-update", 0xecb662fdu),
           std::pair("zipfian-update:theta=0.5", 0x6b0df7ceu),
           std::pair("hot-update", 0xd1722a7cu),
           std::pair("partial-record", 0xcdaeb135u),
           std::pair("sparse-touch", 0xc2ea60beu),
           std::pair("mixed:flush-every=7", 0x6e41334au),
           std::pair("ycsb:workload=a", 0xeb4a2536u),
           std::pair("ycsb:workload=d", 0x54a8f14fu),
           std::pair("ycsb:workload=e", 0x3be4cac4u),
       }) {
    CAPTURE(spec);
    std::uint64_t digest = 0;
    for (const Operation& operation : Drain(*WorkloadChoice(spec)->MakePlan(Request()), {})) {
      // A flush counts by a number of its own, however it is packed.
      const bool flush = operation.kind() == OperationKind::kFlush;
      const auto number = flush ? std::uint64_t{3} << 62 : std::bit_cast<std::uint64_t>(operation);
      digest = Mix64(digest ^ number);
    }
    CHECK((digest >> 32) == pinned);
  }
}

TEST_CASE("another seed yields other operations where anything is random") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    const bool same = Drain(*WorkloadChoice(spec)->MakePlan(Request(1, 1)), {}) ==
                      Drain(*WorkloadChoice(spec)->MakePlan(Request(1, 2)), {});
    CHECK(same == (spec.rfind("sequential-", 0) == 0));
  }
}

TEST_CASE("workers draw different records of their shares") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    const Geometry geometry = {.records = 20'000, .record_size = 125};
    PlanRequest request = Request(2);
    request.geometry = geometry;
    const auto plan = WorkloadChoice(spec)->MakePlan(request);
    auto positions = [&](std::uint64_t index) {
      std::vector<std::uint64_t> offsets;
      for (const Operation& operation : Drain(*plan, {index, 2})) {
        if (operation.kind() == OperationKind::kFlush) continue;
        offsets.push_back(operation.offset() - index * 10'000 * 125);
      }
      REQUIRE(offsets.size() > 8'000);
      offsets.resize(8'000);
      return offsets;
    };
    // "sparse-touch" has no more than its 1000 records, in an order of its own for each worker.
    CHECK((positions(0) == positions(1)) == (spec.rfind("sequential-", 0) == 0));
  }
}

TEST_CASE("every operation lies within one record of its own share") {
  for (const std::string& spec : Specs()) {
    for (std::uint64_t workers : {1, 3, 4}) {
      const auto plan = WorkloadChoice(spec)->MakePlan(Request(workers));
      for (std::uint64_t index = 0; index < workers; ++index) {
        CAPTURE(spec, workers, index);
        const Share share = {index, workers};
        const std::uint64_t first = share.FirstRecord(kOdd);
        const std::uint64_t end = first + share.Records(kOdd);
        for (const Operation& operation : Drain(*plan, share)) {
          if (operation.kind() == OperationKind::kFlush) continue;
          const std::uint64_t record = operation.offset() / kOdd.record_size;
          REQUIRE(record >= first);
          REQUIRE(record < end);
          REQUIRE(operation.offset() + operation.length() <= (record + 1) * kOdd.record_size);
        }
      }
    }
  }
}

TEST_CASE("shares of the operations add up and differ by at most one") {
  for (const std::string& spec : Specs()) {
    for (std::uint64_t workers : {1, 2, 7}) {
      CAPTURE(spec, workers);
      const auto plan = WorkloadChoice(spec)->MakePlan(Request(workers));
      std::uint64_t total = 0;
      for (std::uint64_t index = 0; index < workers; ++index) {
        const std::uint64_t count = Drain(*plan, {index, workers}).size();
        CHECK((count == 20'003 / workers || count == 20'003 / workers + 1));
        total += count;
      }
      CHECK(total == 20'003);
    }
  }
}

TEST_CASE("a stream that has ended stays at its end") {
  for (const std::string& spec : Specs()) {
    const auto plan = WorkloadChoice(spec)->MakePlan(Request());
    const auto stream = plan->Stream({});
    std::vector<Operation> buffer(20'010);
    CHECK(stream->Next(buffer) == 20'003);
    CHECK(stream->Next(buffer) == 0);
  }
}

TEST_CASE("a plan with flushes of its own is one that needs them kept") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    const std::vector<Operation> operations = Operations(spec, kOdd, 1'000);
    const bool flushes = std::any_of(
        operations.begin(), operations.end(),
        [](const Operation& operation) { return operation.kind() == OperationKind::kFlush; });
    CHECK(WorkloadChoice(spec)->NeedsDurability() == flushes);
  }
}

TEST_CASE("records of a single byte and of the largest length are served") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    const bool in_parts = spec.rfind("partial-record", 0) == 0;
    const bool flushes = spec.find("flush-every") != std::string::npos;
    if (!in_parts) {
      const std::vector<Operation> operations = Operations(spec, {2'000, 1}, 500);
      CHECK(operations.size() == 500);
      for (const Operation& operation : operations) {
        REQUIRE((flushes || operation.kind() != OperationKind::kFlush));
        REQUIRE((operation.kind() == OperationKind::kFlush || operation.length() == 1));
      }
    }
    const Geometry largest = {.records = 2'000, .record_size = Operation::kMaximumLength};
    for (const Operation& operation : Operations(spec, largest, 500)) {
      if (operation.kind() == OperationKind::kFlush) continue;
      REQUIRE(operation.offset() % largest.record_size + operation.length() <= largest.record_size);
    }
  }
}

TEST_CASE("a plan without operations or workers is refused") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    PlanRequest request = Request();
    request.operations = 0;
    CHECK_THROWS_AS(WorkloadChoice(spec)->MakePlan(request), UsageError);
    CHECK_THROWS_AS(WorkloadChoice(spec)->MakePlan(Request(0)), UsageError);
  }
}

TEST_CASE("more workers than records are refused") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    CHECK_THROWS_AS(WorkloadChoice(spec)->MakePlan(Request(10'008)), UsageError);
  }
  CHECK_THROWS_WITH(WorkloadChoice("random-read")->MakePlan(Request(10'008)),
                    ContainsSubstring("10,008 workers") && ContainsSubstring("10,007 records"));
  CHECK_NOTHROW(WorkloadChoice("random-read")->MakePlan(Request(10'007)));
}

TEST_CASE("a geometry that operations can't express is refused") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    PlanRequest request = Request();
    request.geometry = {.records = std::uint64_t{1} << 40, .record_size = 2};
    CHECK_THROWS_AS(WorkloadChoice(spec)->MakePlan(request), UsageError);
  }
}

TEST_CASE("a share that the plan was not made for is refused") {
  const auto plan = WorkloadChoice("random-read")->MakePlan(Request(2));
  CHECK_THROWS_AS(plan->Stream({0, 3}), Error);
  CHECK_THROWS_AS(plan->Stream({2, 2}), Error);
  CHECK_NOTHROW(plan->Stream({1, 2}));
}

TEST_CASE("defaults make a plan of their own") {
  for (const std::string& spec : Specs()) {
    CAPTURE(spec);
    const auto workload = WorkloadChoice(spec);
    const Geometry geometry = {.records = workload->DefaultRecords(125).value_or(1'000'000),
                               .record_size = 125,
                               .sparse = workload->WantsSparse()};
    const std::uint64_t operations = workload->DefaultOperations(geometry);
    CHECK(operations > 0);
    const auto plan = workload->MakePlan({.geometry = geometry, .operations = operations});
    std::vector<Operation> buffer(16);
    CHECK(plan->Stream({})->Next(buffer) == 16);
  }
}

TEST_CASE("unknown workloads and options are refused by name") {
  CHECK_THROWS_WITH(WorkloadChoice("random-raed"),
                    "unknown workload 'random-raed'; did you mean 'random-read'?");
  CHECK_THROWS_WITH(WorkloadChoice("hot-update:record=3"), ContainsSubstring("'records'"));
  CHECK_THROWS_WITH(WorkloadChoice("random-read:flush-every=3"), ContainsSubstring("flush-every"));
  for (const auto& [name, info] : Registry<WorkloadInfo>::Instance().Entries()) {
    CHECK_THROWS_AS(WorkloadChoice(name + ":no-such-option=1"), UsageError);
  }
}

TEST_CASE("values out of range are refused by the option's name") {
  for (const char* spec :
       {"zipfian-update:theta=1", "zipfian-update:theta=-0.1", "zipfian-update:theta=x",
        "hot-update:records=0", "partial-record:parts=0", "partial-record:kind=write",
        "sparse-touch:touches=0", "mixed:reads=1.1", "mixed:reads=-0.1", "ycsb:workload=g",
        "ycsb:theta=1", "random-update:flush-every=-1"}) {
    CAPTURE(spec);
    const std::string option = Split(Split(spec, ':')[1], '=')[0];
    CHECK_THROWS_AS(WorkloadChoice(spec), UsageError);
    CHECK_THROWS_WITH(WorkloadChoice(spec), ContainsSubstring("'" + option + "'"));
  }
}

}  // namespace
}  // namespace faultline
