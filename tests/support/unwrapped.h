// Sentences of a text, however they were wrapped.
#pragma once

#include <string>

#include "harness/base/text.h"

namespace faultline {

// The text without line breaks and the blanks around them.
inline std::string Unwrapped(const std::string& text) {
  std::string flat;
  for (const std::string& line : Split(text, '\n')) flat += std::string(Trim(line)) + " ";
  return flat;
}

}  // namespace faultline
