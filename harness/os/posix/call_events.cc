#include "harness/os/call_events.h"

#include <filesystem>

#include "faultline/system_error.h"
#include "harness/os/posix/call_source.h"
#include "harness/os/posix/call_words.h"

namespace faultline::os {

bool InFirstPidNamespace() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/ns/pid", ignored) == "pid:[4026531836]";
}

struct CallEvents::State {
  std::unique_ptr<CallSource> source;
};

std::string CallEvents::WhyUnavailable() {
  return WhyNoBpfCalls().empty() ? std::string() : WhyNoPerfCalls();
}

std::vector<std::string_view> CallEvents::Names() {
  std::vector<std::string_view> names;
  for (const NumericCall& call : NumericCalls()) names.push_back(call.name);
  return names;
}

CallEvents::CallEvents() : state_(std::make_unique<State>()) {
  try {
    state_->source = MakeBpfCalls();
  } catch (const Error&) {
    state_->source = MakePerfCalls();
  }
}

CallEvents::~CallEvents() = default;

void CallEvents::LeaveOut(std::int64_t process_id) { state_->source->LeaveOut(process_id); }
void CallEvents::Take(std::vector<CallEvent>& into) { state_->source->Take(into); }
std::uint64_t CallEvents::lost() const { return state_->source->lost(); }
std::uint64_t CallEvents::foreign() const { return state_->source->foreign(); }

void CallEvents::Describe(const CallEvent& beginning, std::int64_t result, CallWords& words) {
  const NumericCall& call = *FindNumericCall(beginning.number);
  const std::uint64_t command = beginning.arguments[1];
  words.name = call.name;
  words.arguments.clear();
  std::size_t count = call.arguments.size();
  while (count > 0 && call.arguments[count - 1] == ArgumentWords::kNothing) --count;
  for (std::size_t i = 0; i < count; ++i) {
    if (call.arguments[i] == ArgumentWords::kSkipped) continue;
    words.arguments.push_back(WordsOf(call.arguments[i], beginning.arguments[i], command));
  }
  words.result = ResultWords(call, command, result);
}

}  // namespace faultline::os
