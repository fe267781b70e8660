#include "claims/partner.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/trial/child_answer.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

constexpr int kAskerGone = 1;

// The answer lies in an object of its own, so that none can be taken for a failure.
json Tried(const std::function<json()>& action) {
  return AnswerOrFailure([&] { return json{{"answer", action()}}; });
}

}  // namespace

Partner::Partner(const std::string& name, const json& request, const os::MemoryLimit* limit)
    : name_(name), child_(os::ChildProcess::Start(name, ToLine(request), limit)) {
  Answer();  // that it has begun
}

json Partner::Ask(const json& question) {
  Question(question);
  return Answer();
}

void Partner::Question(const json& question) { child_.channel().SendLine(ToLine(question)); }

json Partner::Answer() {
  std::string line;
  if (child_.channel().ReceiveLine(line) != os::Channel::Result::kLine) {
    child_.channel().Close();
    throw Error(fmt::format("the process {} ended: {}", name_, child_.Wait().Description()));
  }
  const json answer = FromLine(line);
  ThrowIfFailure(answer, name_ + ": ");
  return answer.at("answer");
}

os::ChildEnd Partner::End() {
  child_.channel().EndSending();
  return child_.Wait();
}

os::ChildMain PartnerMain(std::string name,
                          std::function<Answering(const json& request, os::Channel& asker)> begin) {
  return {.name = std::move(name),
          .run = [begin = std::move(begin)](const std::string& request, os::Channel& asker) {
            Answering answering;
            if (!asker.SendLine(ToLine(Tried([&] {
                  answering = begin(FromLine(request), asker);
                  return json(true);
                })))) {
              return kAskerGone;
            }
            std::string line;
            while (asker.ReceiveLine(line) == os::Channel::Result::kLine) {
              const json answer = Tried([&] { return answering(FromLine(line)); });
              if (!asker.SendLine(ToLine(answer))) return kAskerGone;
            }
            return 0;
          }};
}

}  // namespace faultline
