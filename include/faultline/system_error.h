// Failures of the operating system, with everything a person needs to act on them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "faultline/error.h"

namespace faultline::os {

// Why a call failed, as far as callers act on it; everything else is kOther.
enum class ErrorKind { kNotFound, kExists, kDenied, kNoSpace, kNotSupported, kInvalid, kOther };

// A failed system call: what was being done, to what, and the system's own reason.
class SystemError : public Error {
 public:
  // `operation` in words ("write 125 bytes at offset 4000 of"), `subject` a path or a name, `code`
  // the system's error.
  SystemError(std::string_view operation, std::string_view subject, int code);

  ErrorKind kind() const { return kind_; }
  int code() const { return code_; }

 private:
  ErrorKind kind_;
  int code_;
};

// Throws SystemError for the calling thread's last system error.
[[noreturn]] void ThrowLastError(std::string_view operation, std::string_view subject);

}  // namespace faultline::os
