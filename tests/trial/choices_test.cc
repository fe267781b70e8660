// How often a trial makes its strategy: once, in the process that measures.
#include <fstream>
#include <set>

#include "faultline/error.h"
#include "harness/os/system_info.h"
#include "harness/trial/trial_json.h"
#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

// Takes a line for each "counted" that is made: the process that did it. Children begin as copies
// of this process, so that they know the file.
std::filesystem::path count_file;

const Registration<StrategyInfo> kCounted{{
    .name = "counted",
    .summary = "read-write, and a line for each time that it is made",
    .calls = "as read-write",
    .make =
        [](const Options&) {
          std::ofstream(count_file, std::ios::app) << os::ProcessId() << "\n";
          return MakeStrategy("read-write");
        },
}};

// Declares a period, and has no option that says it.
const Registration<StrategyInfo> kVague{{
    .name = "planted-vague",
    .summary = "a periodic flush without a period",
    .calls = "none",
    .durability = Durability::kPeriodic,
    .make = [](const Options&) { return MakeStrategy("read-write"); },
}};

// Begins to count, in a directory that the trial's files are not in.
class Counting {
 public:
  Counting() { count_file = directory_.path() / "made"; }

  // One for each time.
  std::vector<std::int64_t> Processes() const {
    std::ifstream lines(count_file);
    std::vector<std::int64_t> processes;
    for (std::int64_t process = 0; lines >> process;) processes.push_back(process);
    return processes;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_CASE("a repetition makes its strategy once, in the process that measures") {
  const TemporaryDirectory directory;
  for (const std::uint64_t processes : {1, 2}) {
    TrialSpec wanted = SmallTrial(directory.path(), "counted", "random-update");
    wanted.processes = processes;
    wanted.timeline = true;
    const TrialSpec spec = Resolve(wanted);
    const Dataset dataset = Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed);
    const Counting counting;
    CheckRight(RunTrial(spec, dataset));
    const std::vector<std::int64_t> made = counting.Processes();
    CHECK(made.size() == processes);
    const std::set<std::int64_t> distinct(made.begin(), made.end());
    CHECK(distinct.size() == processes);
    CHECK_FALSE(distinct.contains(os::ProcessId()));
  }
}

TEST_CASE("planning a trial makes its strategy once, to check its options") {
  const Counting counting;
  Resolve(SmallTrial("somewhere", "counted", "random-update"));
  CHECK(counting.Processes() == std::vector<std::int64_t>{os::ProcessId()});
}

TEST_CASE("what a trial is asked makes no strategy") {
  const TrialSpec spec = Resolve(SmallTrial("somewhere", "counted", "random-update"));
  const Counting counting;
  CHECK(WhyUnsupported(spec).empty());
  CHECK(spec.Id() == "counted/random-update");
  CHECK(spec.DataGeometry().records == 1000);
  CHECK(TrialSpecFromJson(ToJson(spec)).strategy == spec.strategy);
  CHECK(spec.strategy.info().stores());
  CHECK_FALSE(spec.strategy.FlushPeriod().has_value());
  CHECK_FALSE(spec.strategy.HasOwnStorage());
  CHECK_FALSE(spec.strategy.Batches());
  CHECK(spec.strategy.Storage({"file", {}}) == "file");
  CHECK(counting.Processes().empty());
}

TEST_CASE("a strategy whose declaration contradicts itself can't be chosen") {
  CHECK_THROWS_AS(StrategyChoice("planted-vague"), Error);
  CHECK_THROWS_WITH(
      StrategyChoice("planted-vague"),
      ContainsSubstring("strategy 'planted-vague' contradicts itself: its durability "
                        "is kPeriodic, but its periodic_flush.every names no option"));
}

}  // namespace
}  // namespace faultline
