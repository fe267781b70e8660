#include "harness/powercut/powercut.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/json/line.h"
#include "harness/os/child_process.h"
#include "harness/powercut/messages.h"
#include "harness/trial/child_answer.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

// Thrown on SIGINT or SIGTERM; caught in CutPower.
struct Interruption {};

// What the child function `name` answers to the spec. Its steps have time limits of their own, so
// there is none here. Throws UnsupportedError, Error, Interruption.
json Ask(const std::string& name, const PowerCutSpec& spec) {
  os::ChildProcess child = os::ChildProcess::Start(name, ToLine(ToJson(spec)));
  std::string line;
  switch (child.channel().ReceiveLine(line)) {
    case os::Channel::Result::kInterrupted:
      throw Interruption();
    case os::Channel::Result::kLine:
      break;
    default:
      throw Error(fmt::format("the experiment crashed: {}", child.Wait().Description()));
  }
  json answer = FromLine(line);
  child.Wait();
  ThrowIfFailure(answer);
  return answer;
}

}  // namespace

Instant ParseInstant(const std::string& name) {
  if (const auto instant = kInstantNames.Find(name)) return *instant;
  throw UsageError(
      fmt::format("unknown instant '{}'; there are {}", name, Join(kInstantNames.All(), ", ")));
}

Promise CutResult::promise() const {
  if (tally.acknowledged == 0) return Promise::kNoneMade;
  return tally.acknowledged_missing == 0 ? Promise::kKept : Promise::kBroken;
}

CutResult CutPower(const PowerCutSpec& spec) {
  CutResult result;
  try {
    if (std::string why = WhyUnsupported(spec.trial); !why.empty()) throw UnsupportedError(why);
    const StrategyInfo& info = spec.trial.strategy.info();
    if (!info.stores()) {
      throw UnsupportedError(
          fmt::format("strategy {} stores nothing that could survive", info.name));
    }
    result.tally = CutTallyFromJson(Ask("powercut-site", spec));
    if (const std::uint64_t count = result.tally.in_state(RecordState::kImpossible); count > 0) {
      throw Error(fmt::format("{} what no power cut can have left; the first is {}",
                              CountOf(count, "record holds", "records hold"),
                              result.tally.first_impossible));
    }
  } catch (const Interruption&) {
    result.status = Status::kInterrupted;
    result.error = "interrupted";
  } catch (const UnsupportedError& error) {
    result.status = Status::kUnsupported;
    result.error = error.what();
  } catch (const std::exception& error) {
    result.status = Status::kFailed;
    result.error = error.what();
  }
  return result;
}

std::optional<os::Facts> PowerCutEnvironment(const PowerCutSpec& spec) {
  try {
    return FactsFromJson(Ask("powercut-survey", spec));
  } catch (const Interruption&) {
    return std::nullopt;
  }
}

}  // namespace faultline
