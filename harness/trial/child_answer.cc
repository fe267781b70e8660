#include "harness/trial/child_answer.h"

#include "faultline/error.h"
#include "harness/json/fields.h"
#include "harness/json/line.h"

namespace faultline {

template <class Fields>
void Describe(Fields& fields, Failure& failure) {
  fields("error", failure.error);
  fields("unsupported", failure.unsupported);
}

nlohmann::json AnswerOrFailure(const std::function<nlohmann::json()>& body) {
  try {
    return body();
  } catch (const UnsupportedError& error) {
    return JsonOf(Failure{error.what(), true});
  } catch (const std::exception& error) {
    return JsonOf(Failure{error.what(), false});
  } catch (...) {
    return JsonOf(Failure{"an exception of an unknown type", false});
  }
}

int SendFailureOf(os::Channel& parent, const std::function<void()>& body) {
  const nlohmann::json failure = AnswerOrFailure([&] {
    body();
    return nlohmann::json();
  });
  if (failure.is_null()) return 0;
  parent.SendLine(ToLine(failure));
  return 1;
}

std::optional<Failure> FailureIn(const nlohmann::json& answer) {
  if (!answer.is_object() || !answer.contains("error")) return std::nullopt;
  return FromMessage<Failure>(answer);
}

void ThrowIfFailure(const nlohmann::json& answer, const std::string& context) {
  const std::optional<Failure> failure = FailureIn(answer);
  if (!failure) return;
  if (failure->unsupported) throw UnsupportedError(context + failure->error);
  throw Error(context + failure->error);
}

}  // namespace faultline
