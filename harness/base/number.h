// A text as a number where anything else is no error: without exceptions and locales. What users
// write is read by harness/base/size.h.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace faultline {

// The whole text as an integer; nothing where it is none, or too large.
template <class Number>
std::optional<Number> ToNumber(std::string_view text, int base = 10) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace faultline
