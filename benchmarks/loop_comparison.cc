// Sessions against hand-written loops: one process per round, in which the arms take turns.
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "benchmarks/comparison.h"
#include "benchmarks/hand_loops.h"
#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/os/child_process.h"
#include "harness/os/file_mapping.h"
#include "harness/record/uniform_parts.h"
#include "strategies/registry.h"
#include "workloads/workload_choice.h"

namespace faultline::peers {
namespace {

using nlohmann::json;

constexpr const char* kRoundName = "peers-round";
constexpr const char* kWorkload = "random-update";

// Something that executes a part of the plan.
class Arm {
 public:
  virtual ~Arm() = default;
  virtual void Execute(std::size_t first, std::size_t count) = 0;
};

class StrategyArm final : public Arm {
 public:
  StrategyArm(const std::string& spec, const DatasetFile& file,
              std::span<const Operation> operations)
      : operations_(operations),
        uniform_(UniformAtFront(operations) == operations.size()),
        strategy_(MakeStrategy(spec)) {
    strategy_->Open(file);
    session_ = strategy_->NewSession();
  }

  void Execute(std::size_t first, std::size_t count) override {
    session_->Execute({operations_.subspan(first, count), first, uniform_}, observer_);
  }

 private:
  std::span<const Operation> operations_;
  bool uniform_;  // found before the clock starts, as the loops' offsets are
  std::unique_ptr<Strategy> strategy_;
  std::unique_ptr<Session> session_;
  SilentObserver observer_;
};

template <class Loop>
class LoopArm final : public Arm {
 public:
  template <class... Arguments>
  explicit LoopArm(std::span<const std::uint64_t> offsets, const Arguments&... arguments)
      : offsets_(offsets), loop_(arguments...) {}

  void Execute(std::size_t first, std::size_t count) override {
    loop_.Increment(offsets_.subspan(first, count));
  }

 private:
  std::span<const std::uint64_t> offsets_;
  Loop loop_;
};

// How long the turns are: short enough that interference, which lasts milliseconds, hits few of
// them, long enough that the clock costs nothing.
struct Turns {
  std::size_t slices = 1;  // parts of the plan; each turn executes the next
  std::size_t count = 1;
};

Turns TurnsFor(const std::string& loop) {
  if (loop == "mapped") return {.slices = 1, .count = 20};
  return {.slices = 20, .count = 20};
}

// The three arms of a round, and what they took.
class Round {
 public:
  static constexpr std::size_t kArms = 3;  // the strategy, the loop, the loop once more

  Round(const Dataset& dataset, const std::string& spec, const std::string& loop,
        std::uint64_t seed)
      : dataset_(dataset), random_(seed) {
    const std::uint64_t count = dataset.geometry().records;
    operations_.resize(count);
    WorkloadChoice(kWorkload)
        ->MakePlan({.geometry = dataset.geometry(),
                    .operations = count,
                    .workers = 1,
                    .seed = dataset.seed()})
        ->Stream({0, 1})
        ->Next(operations_);
    for (const Operation& operation : operations_) offsets_.push_back(operation.offset());
    for (std::size_t arm : ShuffledArms()) arms_[arm] = MakeArm(arm, spec, loop);
  }

  // A value per arm: the median time of an operation, in ns.
  std::vector<double> Run(const Turns& turns) {
    const std::size_t slice = operations_.size() / turns.slices;
    // Not timed: the first touch of each page, through each mapping.
    for (const auto& arm : arms_) arm->Execute(0, operations_.size());
    std::array<std::vector<double>, kArms> ns;
    for (std::size_t turn = 0; turn < turns.count; ++turn) {
      for (std::size_t arm : ShuffledArms()) {
        ns[arm].push_back(Time(*arms_[arm], turn % turns.slices * slice, slice));
      }
    }
    executed_ = kArms * (operations_.size() + turns.count * slice);
    std::vector<double> medians;
    for (const auto& values : ns) medians.push_back(Median(values));
    return medians;
  }

  std::uint64_t executed() const { return executed_; }  // updates, of all arms

 private:
  std::unique_ptr<Arm> MakeArm(std::size_t arm, const std::string& spec, const std::string& loop) {
    const DatasetFile& file = dataset_.file();
    if (arm == 0) return std::make_unique<StrategyArm>(spec, file, operations_);
    if (loop == "mapped") return std::make_unique<LoopArm<MappedRecords>>(offsets_, file.path);
    return std::make_unique<LoopArm<RecordsBehindCalls>>(offsets_, file.path,
                                                         file.geometry.record_size);
  }

  static double Time(Arm& arm, std::size_t first, std::size_t count) {
    const SteadyClock::time_point start = SteadyClock::now();
    arm.Execute(first, count);
    const auto took_ns = static_cast<double>(NanosecondsSince(start));
    return took_ns / static_cast<double>(count);
  }

  std::array<std::size_t, kArms> ShuffledArms() {
    std::array<std::size_t, kArms> order = {0, 1, 2};
    Shuffle(order, random_);
    return order;
  }

  const Dataset& dataset_;
  Random random_;
  std::vector<Operation> operations_;
  std::vector<std::uint64_t> offsets_;
  std::array<std::unique_ptr<Arm>, kArms> arms_;
  std::uint64_t executed_ = 0;
};

// Each update adds 1 to the first word of a record, so that this sum counts them.
std::uint64_t SumOfFirstWords(const Dataset& dataset) {
  const os::File file = OpenDataFile(dataset.file(), os::FileAccess::kReadWrite);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  std::uint64_t sum = 0;
  for (std::uint64_t record = 0; record < dataset.geometry().records; ++record) {
    std::uint64_t word;
    std::memcpy(&word, view.data() + record * dataset.geometry().record_size, sizeof word);
    sum += word;
  }
  return sum;
}

json RunRound(const json& request) {
  const Geometry geometry = {.records = request.at("records"),
                             .record_size = request.at("record_size")};
  const Dataset dataset = Dataset::Attach(request.at("directory").get<std::string>(), geometry,
                                          request.at("dataset_seed"));
  const std::string loop = request.at("loop");
  const std::uint64_t before = SumOfFirstWords(dataset);
  Round round(dataset, request.at("spec"), loop, request.at("round_seed"));
  const std::vector<double> ns = round.Run(TurnsFor(loop));
  const std::uint64_t counted = SumOfFirstWords(dataset) - before;
  if (counted != round.executed()) {
    throw Error(fmt::format(
        "of {} updates by {} and its peer, {} are in the file; does another process use it?",
        round.executed(), request.at("spec").get<std::string>(), counted));
  }
  return {{"ns", ns}};
}

int RoundMain(const std::string& request, os::Channel& parent) {
  json answer;
  try {
    answer = RunRound(json::parse(request));
  } catch (const std::exception& error) {
    answer = {{"error", error.what()}};
  }
  parent.SendLine(answer.dump());
  return 0;
}

const Registration<os::ChildMain> kRegistered{{.name = kRoundName, .run = RoundMain}};

void FillCache(const Dataset& dataset) {
  const PreparedCache prepared = dataset.PrepareCache(kCache);
  if (prepared.residency.cached_pages != prepared.residency.total_pages) {
    throw Error(fmt::format("cannot compare on a warm file: {}", prepared.why_not));
  }
}

std::vector<double> RoundInChild(const Setting& setting, const std::string& spec,
                                 const std::string& loop, std::uint64_t round) {
  const Dataset& dataset = setting.dataset;
  const json request = {{"directory", setting.directory.string()},
                        {"records", dataset.geometry().records},
                        {"record_size", dataset.geometry().record_size},
                        {"dataset_seed", dataset.seed()},
                        {"round_seed", setting.seed * 1'000'003 + round},
                        {"spec", spec},
                        {"loop", loop}};
  os::ChildProcess child = os::ChildProcess::Start(kRoundName, request.dump());
  std::string line;
  if (child.channel().ReceiveLine(line) != os::Channel::Result::kLine) {
    throw Error(fmt::format("a round of {}: {}", spec, child.Wait().Description()));
  }
  const json answer = json::parse(line);
  if (answer.contains("error")) {
    throw Error(fmt::format("a round of {}: {}", spec, answer.at("error").get<std::string>()));
  }
  return answer.at("ns");
}

}  // namespace

std::vector<Finding> CompareWithLoop(const Setting& setting, const std::string& spec,
                                     const std::string& loop) {
  const std::string peer = loop == "mapped" ? "mapped loop" : "pread/pwrite loop";
  Finding against{.name = fmt::format("update: {} / hand-written {}", spec, peer),
                  .above = spec,
                  .below = fmt::format("hand-written {}", peer),
                  .above_ns = {},
                  .below_ns = {},
                  .target = {.at_most = 1.02, .at_least = {}}};
  Finding noise{.name = std::string("  noise floor: that loop / itself"),
                .above = against.below,
                .below = against.below,
                .above_ns = {},
                .below_ns = {},
                .target = {}};
  FillCache(setting.dataset);
  for (std::uint64_t round = 0; round < setting.rounds; ++round) {
    setting.progress(fmt::format("{}: round {} of {}", against.name, round + 1, setting.rounds));
    const std::vector<double> ns = RoundInChild(setting, spec, loop, round);
    against.above_ns.push_back(ns.at(0));
    against.below_ns.push_back(ns.at(1));
    noise.above_ns.push_back(ns.at(2));
    noise.below_ns.push_back(ns.at(1));
  }
  return {against, noise};
}

}  // namespace faultline::peers
