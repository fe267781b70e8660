// Reading of sizes, counts and shares with std::from_chars, which knows no locale.
#include "harness/base/size.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <fmt/format.h>
#include <limits>
#include <string>

#include "faultline/error.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMaximum = std::numeric_limits<std::uint64_t>::max();

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr Unit kUnits[] = {
    {"", 1},
    {"B", 1},
    {"KiB", std::uint64_t{1} << 10},
    {"MiB", std::uint64_t{1} << 20},
    {"GiB", std::uint64_t{1} << 30},
    {"TiB", std::uint64_t{1} << 40},
    {"kB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
};

[[noreturn]] void Refuse(std::string_view text, std::string_view what, std::string_view why) {
  throw UsageError(fmt::format("{}: '{}' {}", what, text, why));
}

[[noreturn]] void RefuseAsTooLarge(std::string_view text, std::string_view what) {
  Refuse(text, what, fmt::format("is too large; the largest is {}", kMaximum));
}

}  // namespace

std::uint64_t ParseSize(std::string_view text, std::string_view what) {
  constexpr std::string_view kWhy =
      "is not a size; write whole bytes or a unit, such as 125, 64KiB or 2GiB";
  const char* const end = text.data() + text.size();
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc::result_out_of_range) RefuseAsTooLarge(text, what);
  if (parsed.ec != std::errc()) Refuse(text, what, kWhy);
  const std::string_view unit_name(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  for (const Unit& unit : kUnits) {
    if (unit.name != unit_name) continue;
    if (number > kMaximum / unit.bytes) RefuseAsTooLarge(text, what);
    return number * unit.bytes;
  }
  Refuse(text, what, kWhy);
}

std::uint64_t ParseCount(std::string_view text, std::string_view what) {
  const char* const end = text.data() + text.size();
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc::result_out_of_range) RefuseAsTooLarge(text, what);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    Refuse(text, what, "is not a count; write a whole number in digits only, such as 1000000");
  }
  return number;
}

double ParseReal(std::string_view text, std::string_view what) {
  const char* const end = text.data() + text.size();
  double number = 0;
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(number)) {
    Refuse(text, what, "is not a decimal number; write one such as 0.5");
  }
  return number;
}

double ParseShare(std::string_view text, std::string_view what) {
  const bool percent = text.ends_with('%');
  const std::string_view number = percent ? text.substr(0, text.size() - 1) : text;
  const double value = ParseReal(number, what);
  if (value < 0) Refuse(text, what, "is negative; write a share such as 5% or 0.05");
  if (!percent && value >= 1) {
    Refuse(text, what, "is a share of 100 % or more; write 5% or 0.05 for five in a hundred");
  }
  return percent ? value / 100 : value;
}

bool ParseFlag(std::string_view text, std::string_view what) {
  for (std::string_view yes : {"on", "true", "yes", "1"}) {
    if (text == yes) return true;
  }
  for (std::string_view no : {"off", "false", "no", "0"}) {
    if (text == no) return false;
  }
  Refuse(text, what, "is neither on nor off; write 'on' or 'off'");
}

std::uint64_t CheckedProduct(std::uint64_t a, std::uint64_t b, std::string_view what) {
  if (b != 0 && a > kMaximum / b) {
    throw UsageError(
        fmt::format("{}: {} x {} is more than 64 bits hold; ask for less", what, a, b));
  }
  return a * b;
}

}  // namespace faultline
