// The process that executes a trial: it obeys its parent's commands, a line each, and answers each
// with a line of JSON.
//
//   prepare            bring the page cache to the trial's state; the first process only
//                      → {state, cached_pages, …}
//   open, first,       run that phase
//   steady, flush,     → {seconds, counters}
//   close
//   latency            run a further pass that times every operation
//                      → {}
//   report             what there is to know at the end
//                      → {operations, read_checksum, …}
//
// A failure is answered {error, unsupported} and ends the process.
#include <fmt/format.h>
#include <string>

#include "harness/base/clock.h"
#include "harness/os/child_process.h"
#include "harness/probe/probe.h"
#include "harness/record/dataset.h"
#include "harness/trial/child_answer.h"
#include "harness/trial/messages.h"
#include "harness/trial/setup.h"
#include "harness/trial/trial_json.h"
#include "harness/trial/workers.h"

namespace faultline {
namespace {

using nlohmann::json;

class WorkerProcess {
 public:
  WorkerProcess(const TrialSpec& spec, std::uint64_t index)
      : spec_(spec),
        dataset_(Dataset::Attach(spec.directory, spec.DataGeometry(), spec.seed)),
        plan_(MakePlan(spec)),
        strategy_(spec.strategy.Make()),
        data_file_(os::File::Open(spec.strategy.Storage(dataset_.file()), os::FileAccess::kRead)),
        probes_({.data_file = &data_file_}),
        workers_(*plan_, index * spec.threads, spec.threads, spec.workers(),
                 spec.load == LoadMode::kOpen
                     ? std::optional(OpenLoad{.rate = spec.rate,
                                              .arrivals = spec.arrivals,
                                              .seed = spec.seed,
                                              .batches = spec.strategy.Batches()})
                     : std::nullopt,
                 spec.operations / spec.workers() + 1) {}

  json Handle(const std::string& command) {
    if (command == "prepare") return ToJson(Prepare());
    if (command == "open") return ToJson(Open());
    if (command == "first") return ToJson(Pass(1));
    if (command == "steady") return ToJson(Pass(spec_.passes - 1));
    if (command == "latency") return LatencyPass();
    if (command == "flush") return ToJson(Timed([this] { strategy_->Flush(); }));
    if (command == "close") return ToJson(Close());
    if (command == "report") return ToJson(Report());
    throw Error(fmt::format("unknown command '{}' to a trial's process", command));
  }

 private:
  template <class Work>
  PhaseResult Timed(Work&& work) {
    PhaseResult phase;
    probes_.Begin();
    const auto start = SteadyClock::now();
    work();
    const auto end = SteadyClock::now();
    probes_.End(phase.counters);
    phase.seconds = Seconds(end - start);
    return phase;
  }

  // The first pass is set up here too, where the strategy works on the data file: before the cache
  // is emptied, but after it is filled, as what is new to a file is neither on the disk nor in the
  // cache.
  PreparedCache Prepare() const {
    const DatasetFile& file = dataset_.file();
    if (spec_.strategy.HasOwnStorage()) {
      return PrepareStorageCache(spec_.strategy.Storage(file), spec_.cache);
    }
    const auto set_up = [&] { SetUpFirstPass(file, *plan_, spec_.workers()); };
    if (spec_.cache == CacheState::kCold) set_up();
    const PreparedCache cache = dataset_.PrepareCache(spec_.cache);
    if (spec_.cache != CacheState::kCold) set_up();
    return cache;
  }

  PhaseResult Open() {
    return Timed([this] {
      strategy_->Open(dataset_.file());
      workers_.MakeSessions(*strategy_);
    });
  }

  PhaseResult Pass(std::uint64_t times) {
    if (times == 0) return Timed([] {});
    PhaseResult phase;
    const StretchHooks hooks = {.before = [this] { probes_.Begin(); },
                                .after = [this, &phase] { probes_.End(phase.counters); }};
    const std::uint64_t every = spec_.latency == LatencyMode::kSampled ? kLatencySampleEvery : 0;
    for (std::uint64_t i = 0; i < times; ++i) {
      phase.seconds += workers_.RunPass(every, true, hooks);
    }
    timed_operations_ = workers_.operations();
    asked_read_bytes_ = workers_.asked_read_bytes();
    asked_changed_bytes_ = workers_.asked_changed_bytes();
    return phase;
  }

  json LatencyPass() {
    workers_.RunPass(1, false, {.before = [] {}, .after = [] {}});
    return json::object();
  }

  PhaseResult Close() {
    return Timed([this] {
      workers_.DropSessions();
      strategy_->Close();
    });
  }

  WorkerReport Report() const {
    WorkerReport report{.operations = timed_operations_,
                        .asked_read_bytes = asked_read_bytes_,
                        .asked_changed_bytes = asked_changed_bytes_,
                        .read_checksum = workers_.read_checksum(),
                        .latency = workers_.MergedLatency(),
                        .timer_ns = TimerCostNs(),
                        .open_loop = std::nullopt,
                        .series = workers_.MergedSeries(),
                        .stretches = workers_.stretches(),
                        .settings = strategy_->Settings(),
                        .absent = probes_.WhyAbsent()};
    if (spec_.load == LoadMode::kOpen) report.open_loop = workers_.Played();
    return report;
  }

  const TrialSpec spec_;
  const Dataset dataset_;
  const std::unique_ptr<Plan> plan_;
  const std::unique_ptr<Strategy> strategy_;
  const os::File data_file_;  // or the strategy's own storage: the file that it works on
  ProbeSet probes_;
  Workers workers_;
  // As they stood after the last timed pass.
  std::uint64_t timed_operations_ = 0;
  std::uint64_t asked_read_bytes_ = 0;
  std::uint64_t asked_changed_bytes_ = 0;
};

int RunWorkerProcess(const std::string& request, os::Channel& parent) {
  return SendFailureOf(parent, [&] {
    const WorkerRequest wanted = WorkerRequestFromJson(FromLine(request));
    WorkerProcess process(wanted.spec, wanted.process);
    parent.SendLine("{}");
    std::string command;
    while (parent.ReceiveLine(command) == os::Channel::Result::kLine) {
      parent.SendLine(ToLine(process.Handle(command)));
    }
  });
}

int RunVerification(const std::string& request, os::Channel& parent) {
  return SendFailureOf(parent, [&] {
    const TrialSpec spec = TrialSpecFromJson(FromLine(request));
    const Dataset dataset = Dataset::Attach(spec.directory, spec.DataGeometry(), spec.seed);
    const std::unique_ptr<Plan> plan = MakePlan(spec);
    parent.SendLine(ToLine(ToJson(Verify(dataset, *plan, spec.workers(), spec.executed_passes()))));
  });
}

// Reads the whole data file under a memory limit, for the parent to see whether the limit holds.
int RunLimitControl(const std::string& request, os::Channel& parent) {
  return SendFailureOf(parent, [&] {
    const os::File file = os::File::Open(request, os::FileAccess::kRead);
    os::FillByReading(file, 1 << 20, false);
    parent.SendLine("{}");
    std::string wait;
    parent.ReceiveLine(wait);
  });
}

const Registration<os::ChildMain> kWorker{{.name = "trial-worker", .run = RunWorkerProcess}};
const Registration<os::ChildMain> kVerifier{{.name = "trial-verification", .run = RunVerification}};
const Registration<os::ChildMain> kControl{{.name = "limit-control", .run = RunLimitControl}};

}  // namespace
}  // namespace faultline
