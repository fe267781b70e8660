// How child processes tell their parents what went wrong: an answer {error, unsupported} instead of
// the one that was asked for.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "harness/os/channel.h"

namespace faultline {

struct Failure {
  std::string error;
  bool unsupported = false;  // by this machine, this build or the strategy
};

// What `body` returns, or a failure for what it throws.
nlohmann::json AnswerOrFailure(const std::function<nlohmann::json()>& body);

// Runs `body`, which sends its answers itself, and sends a failure for what it throws. Returns the
// child's exit code: 0, or 1 after a failure.
int SendFailureOf(os::Channel& parent, const std::function<void()>& body);

// The failure that an answer is; nothing for any other answer.
std::optional<Failure> FailureIn(const nlohmann::json& answer);

// Throws what a failure tells, UnsupportedError or Error, with `context` before the message. Does
// nothing for any other answer.
void ThrowIfFailure(const nlohmann::json& answer, const std::string& context = "");

}  // namespace faultline
