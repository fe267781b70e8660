// The exceptions that the command line turns into exit codes. Every message is one line that says
// what went wrong, where, why, and what to try.
#pragma once

#include <stdexcept>
#include <string>

namespace faultline {

// Any failure that Faultline reports by itself. Exit code 1 unless a subclass says otherwise.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The user asked for something that makes no sense: an unknown name, a bad size, a contradiction.
// Exit code 2.
class UsageError final : public Error {
 public:
  using Error::Error;
};

// The request is sound but this machine can't do it: a missing capability, right or file system
// feature. Exit code 77.
class UnsupportedError final : public Error {
 public:
  using Error::Error;
};

}  // namespace faultline
