// Reading texts letter by letter: in the C locale, without exceptions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "harness/base/number.h"

namespace faultline::scanning {

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::uint64_t kSectorBytes = 512;  // of block traces, whatever the device has

constexpr bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }
constexpr bool IsUpper(char letter) { return letter >= 'A' && letter <= 'Z'; }
constexpr bool IsLower(char letter) { return letter >= 'a' && letter <= 'z'; }
constexpr bool IsWordLetter(char letter) {
  return IsDigit(letter) || IsUpper(letter) || IsLower(letter) || letter == '_';
}

// Takes away what `text` begins with as far as it consists of `letters`, and returns it.
inline std::string_view TakeWhile(std::string_view& text, std::string_view letters) {
  const std::string_view taken =
      text.substr(0, std::min(text.find_first_not_of(letters), text.size()));
  text.remove_prefix(taken.size());
  return taken;
}

inline void SkipBlanks(std::string_view& text) { TakeWhile(text, " \t"); }

// Takes `word` away if the text begins with it. Returns whether it does.
inline bool Take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// "12" and "0.026214" times `unit`, what is less than one left out; nothing where it is no such
// number, or too large.
inline std::optional<std::uint64_t> ToUnits(std::string_view text, std::uint64_t unit) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto whole = ToNumber<std::uint64_t>(text.substr(0, point));
  if (!whole || *whole > std::numeric_limits<std::uint64_t>::max() / unit - 1) return std::nullopt;
  std::uint64_t part = 0;
  std::uint64_t digit_unit = unit;
  for (const char digit : text.substr(std::min(point + 1, text.size()))) {
    if (!IsDigit(digit)) return std::nullopt;
    digit_unit /= 10;
    part += digit_unit * static_cast<std::uint64_t>(digit - '0');
  }
  return *whole * unit + part;
}

}  // namespace faultline::scanning
