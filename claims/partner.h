// Further processes of an experiment, which do what they are asked, one question after another.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/os/child_process.h"

namespace faultline {

class Partner {
 public:
  // Starts the child function `name`, made by PartnerMain, under `limit` if there is one.
  // REQUIRES: a single-threaded process.
  explicit Partner(const std::string& name, const nlohmann::json& request = {},
                   const os::MemoryLimit* limit = nullptr);

  // Sends `question` and returns the answer. Throws Error, or UnsupportedError, with the message of
  // what the partner threw; Error when it ended instead.
  nlohmann::json Ask(const nlohmann::json& question);

  // The halves of Ask, for asking several partners at once.
  void Question(const nlohmann::json& question);
  nlohmann::json Answer();

  os::Channel& channel() { return child_.channel(); }  // for handles, between question and answer
  std::int64_t id() const { return child_.id(); }

  void Kill() { child_.Kill(); }
  os::ChildEnd End();  // asks it to end, and waits

 private:
  std::string name_;
  os::ChildProcess child_;
};

// What a partner does: `begin` is called once with the request and the channel to the asker, and
// gives the function that answers questions until there are no more.
using Answering = std::function<nlohmann::json(const nlohmann::json& question)>;
os::ChildMain PartnerMain(
    std::string name,
    std::function<Answering(const nlohmann::json& request, os::Channel& asker)> begin);

}  // namespace faultline
