#include "harness/powercut/running_strategy.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/json/line.h"
#include "harness/powercut/messages.h"
#include "harness/trial/child_answer.h"

namespace faultline {
namespace {

// Between two readings of the log.
constexpr double kLookSeconds = 0.0005;

}  // namespace

RunningStrategy::RunningStrategy(const PowerCutSpec& spec, const std::filesystem::path& directory,
                                 const RunLog& log)
    : timeout_seconds_(spec.trial.timeout_seconds) {
  TrialSpec trial = spec.trial;
  trial.directory = directory;
  const bool cut = spec.instant == Instant::kDuring;
  const RunnerRequest request{
      .trial = std::move(trial), .cut = cut, .run_seconds = cut ? spec.run_seconds : 0};
  child_ = os::ChildProcess::Start("powercut-runner", ToLine(ToJson(request)));
  log.SendTo(child_.channel());
  Await("open");
}

void RunningStrategy::Do(const std::string& step) {
  child_.channel().SendLine(step);
  Await(step);
}

void RunningStrategy::BeginRun() { child_.channel().SendLine("run"); }

bool RunningStrategy::AwaitIssued(const RunLog& log, std::uint64_t operations) {
  const auto deadline = os::DeadlineIn(timeout_seconds_);
  while (!run_over_ && log.issued() < operations) {
    std::string line;
    switch (child_.channel().ReceiveLine(line, os::DeadlineIn(kLookSeconds))) {
      case os::Channel::Result::kLine:
        ThrowIfFailure(FromLine(line), "in 'run': ");
        run_over_ = true;
        break;
      case os::Channel::Result::kTimedOut:
        if (SteadyClock::now() < deadline) break;
        throw Error(fmt::format("hung in 'run': no {} operations within {}; lower --operations",
                                FormatCount(operations), FormatSeconds(timeout_seconds_)));
      default:
        ThrowCrashed("run");
    }
  }
  return !run_over_;
}

void RunningStrategy::Pause() {
  if (!child_.Pause()) ThrowCrashed("run");
}

void RunningStrategy::Resume() { child_.Resume(); }

void RunningStrategy::End() {
  child_.channel().Close();
  const os::ChildEnd end = child_.Wait();
  if (!end.Succeeded())
    throw Error(
        fmt::format("the strategy's process died while shutting down: {}", end.Description()));
}

void RunningStrategy::Kill() {
  child_.Kill();
  child_.Wait();
}

void RunningStrategy::Await(const std::string& step) {
  std::string line;
  switch (child_.channel().ReceiveLine(line, os::DeadlineIn(timeout_seconds_))) {
    case os::Channel::Result::kLine:
      return ThrowIfFailure(FromLine(line), fmt::format("in '{}': ", step));
    case os::Channel::Result::kTimedOut:
      throw Error(fmt::format("hung: nothing for {} in '{}'; lower --operations if it is only slow",
                              FormatSeconds(timeout_seconds_), step));
    default:
      ThrowCrashed(step);
  }
}

void RunningStrategy::ThrowCrashed(const std::string& step) {
  throw Error(fmt::format("crashed in '{}': {}", step, child_.Wait().Description()));
}

}  // namespace faultline
