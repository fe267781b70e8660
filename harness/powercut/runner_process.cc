// The process whose machine loses power: it executes the plan, an operation at a time, and notes
// before each that it begins and after each what is durable by then. It obeys its parent's
// commands, a line each, and answers each with a line of JSON.
//
//   run      execute the plan
//   flush    Strategy::Flush; everything is acknowledged when it returns
//   close    Strategy::Close
//
// A failure is answered {error, unsupported} and ends the process.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "harness/base/clock.h"
#include "harness/json/line.h"
#include "harness/os/child_process.h"
#include "harness/powercut/messages.h"
#include "harness/powercut/promise.h"
#include "harness/powercut/run_log.h"
#include "harness/powercut/running_strategy.h"
#include "harness/record/execute.h"
#include "harness/trial/child_answer.h"

namespace faultline {
namespace {

// More than a sleep that takes too long, less than a stop.
constexpr std::chrono::milliseconds kLongestLag(5);

class Runner {
 public:
  // A run that is cut never ends by itself.
  Runner(const RunnerRequest& request, RunLog log)
      : cut_(request.cut),
        log_(std::move(log)),
        keeper_(request.trial.strategy.FlushPeriod()),
        strategy_(request.trial.strategy.Make()) {
    const TrialSpec& spec = request.trial;
    ForEachBatch(*MakePlan(spec), 1, 1, [this](std::span<const Operation> batch, std::uint64_t) {
      operations_.insert(operations_.end(), batch.begin(), batch.end());
    });
    interval_ = std::chrono::nanoseconds(static_cast<std::int64_t>(
        request.run_seconds * 1e9 /
        static_cast<double>(std::max<std::size_t>(operations_.size(), 1))));
    strategy_->Open(Dataset::Attach(spec.directory, spec.DataGeometry(), spec.seed).file());
    session_ = strategy_->NewSession();
  }

  void Handle(const std::string& command) {
    if (command == "run") {
      Run();
    } else if (command == "flush") {
      strategy_->Flush();
      log_.Acknowledge(operations_.size());
    } else if (command == "close") {
      session_.reset();
      strategy_->Close();
    } else {
      throw Error(fmt::format("unknown command '{}' to a run that loses power", command));
    }
  }

 private:
  // Operation i begins no earlier than i intervals after the first; after a stop there is nothing
  // to catch up.
  void Run() {
    SilentObserver observer;
    SteadyClock::time_point next = SteadyClock::now();
    for (std::uint64_t i = 0; i < operations_.size(); ++i) {
      while (cut_ && i == OperationsWithCuts(operations_.size())) {
        std::this_thread::sleep_for(std::chrono::hours(1));  // ended by the parent
      }
      if (interval_.count() > 0) {
        std::this_thread::sleep_until(next);
        next = std::max(next, SteadyClock::now() - kLongestLag) + interval_;
      }
      log_.Issue(i, SteadyNowNs());
      session_->Execute({std::span(operations_).subspan(i, 1), i}, observer);
      log_.Acknowledge(keeper_.Done(operations_[i]));
    }
  }

  bool cut_;
  std::chrono::nanoseconds interval_{0};
  RunLog log_;
  PromiseKeeper keeper_;
  std::vector<Operation> operations_;
  std::unique_ptr<Strategy> strategy_;
  std::unique_ptr<Session> session_;
};

int RunRunner(const std::string& request, os::Channel& parent) {
  return SendFailureOf(parent, [&] {
    const RunnerRequest wanted = RunnerRequestFromJson(FromLine(request));
    RunLog log(parent);
    Runner runner(wanted, std::move(log));
    parent.SendLine("{}");
    std::string command;
    while (parent.ReceiveLine(command) == os::Channel::Result::kLine) {
      runner.Handle(command);
      parent.SendLine("{}");
    }
  });
}

const Registration<os::ChildMain> kRunner{{.name = "powercut-runner", .run = RunRunner}};

}  // namespace
}  // namespace faultline
