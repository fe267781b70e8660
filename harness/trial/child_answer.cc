#include "harness/trial/child_answer.h"

#include "harness/base/error.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

json Failure(const std::string& error, bool unsupported) {
  return {{"error", error}, {"unsupported", unsupported}};
}

}  // namespace

json AnswerOrFailure(const std::function<json()>& body) {
  try {
    return body();
  } catch (const UnsupportedError& error) {
    return Failure(error.what(), true);
  } catch (const std::exception& error) {
    return Failure(error.what(), false);
  } catch (...) {
    return Failure("an exception of an unknown type", false);
  }
}

int SendFailureOf(os::Channel& parent, const std::function<void()>& body) {
  const json failure = AnswerOrFailure([&] {
    body();
    return json();
  });
  if (failure.is_null()) return 0;
  parent.SendLine(ToLine(failure));
  return 1;
}

void ThrowIfFailure(const json& answer, const std::string& context) {
  if (!answer.is_object() || !answer.contains("error")) return;
  const std::string error = context + answer.at("error").get<std::string>();
  if (answer.at("unsupported").get<bool>()) throw UnsupportedError(error);
  throw Error(error);
}

}  // namespace faultline
