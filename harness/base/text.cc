// Formatting and matching of text. Figures go through std::to_chars, so that no locale can change
// them.
#include "harness/base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace faultline {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr std::string_view kBinaryUnits[] = {"", "KiB", "MiB", "GiB", "TiB"};

// Puts a comma before each group of three of `digits`.
std::string SeparateThousands(std::string_view digits) {
  std::string separated;
  separated.reserve(digits.size() + digits.size() / 3);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) separated += ',';
    separated += digits[i];
  }
  return separated;
}

std::string ToChars(double value, std::chars_format format, int precision) {
  // The largest double has 309 digits before the point.
  std::string text(320 + static_cast<std::size_t>(precision), '\0');
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format, precision);
  text.resize(static_cast<std::size_t>(end.ptr - text.data()));
  return text;
}

// Levenshtein's distance: insertions, deletions and replacements of one letter.
std::size_t EditDistance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row[to.size()];
}

// One digit after the point below ten, none above.
std::string ShortFigure(double value) { return FormatReal(value, value < 9.95 ? 1 : 0); }

}  // namespace

std::string FormatReal(double value, int decimals) {
  return ToChars(value, std::chars_format::fixed, std::max(decimals, 0));
}

std::string FormatExact(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return std::string(text, end.ptr);
}

std::string FormatSignificant(double value) {
  if (value == 0) return "0";
  if (!std::isfinite(value)) return FormatReal(value, 0);
  // The exponent is taken after rounding to three digits: 999.6 becomes 1.00e3, and so "1,000".
  const std::string rounded = ToChars(std::fabs(value), std::chars_format::scientific, 2);
  const std::size_t mark = rounded.find('e');
  const std::size_t digits_from = mark + (rounded[mark + 1] == '+' ? 2 : 1);
  int exponent = 0;
  std::from_chars(rounded.data() + digits_from, rounded.data() + rounded.size(), exponent);
  if (exponent <= 2) return FormatReal(value, 2 - exponent);
  std::string digits = {rounded[0], rounded[2], rounded[3]};
  digits.append(static_cast<std::size_t>(exponent - 2), '0');
  return (value < 0 ? "-" : "") + SeparateThousands(digits);
}

std::string FormatCount(std::uint64_t value) { return SeparateThousands(std::to_string(value)); }

std::string CountOf(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", FormatCount(count), noun, count == 1 ? "" : "s");
}

std::string CountOf(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", FormatCount(count), count == 1 ? one : many);
}

std::string FormatPercent(double share) { return fmt::format("{:g} %", 100 * share); }

std::string FormatShare(double part, double whole) {
  if (whole == 0) return "-";
  if (part == 0) return "0 %";
  if (part == whole) return "100 %";
  const double percent = 100 * part / whole;
  if (percent > 0 && percent < 0.1) return "<0.1 %";
  if (percent > 99.9 && percent < 100) return ">99.9 %";
  return FormatReal(percent, 1) + " %";
}

std::string FormatSize(std::uint64_t bytes) {
  std::size_t unit = 0;
  while (bytes != 0 && bytes % 1024 == 0 && unit + 1 < std::size(kBinaryUnits)) {
    bytes /= 1024;
    ++unit;
  }
  return std::to_string(bytes).append(kBinaryUnits[unit]);
}

std::string FormatBytes(std::uint64_t bytes) {
  if (bytes < 1024) return FormatCount(bytes) + " B";
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kBinaryUnits)) {
    value /= 1024;
    ++unit;
  }
  return FormatSignificant(value).append(" ").append(kBinaryUnits[unit]);
}

std::string FormatSeconds(double seconds) {
  if (seconds < 0) return "-" + FormatSeconds(-seconds);
  if (seconds == 0 || !std::isfinite(seconds)) return FormatReal(seconds, 0) + " s";
  // The limits are where rounding would reach the next unit: never "1000 ms", never "60 s".
  if (seconds < 999.5e-9) return ShortFigure(seconds * 1e9) + " ns";
  if (seconds < 999.5e-6) return ShortFigure(seconds * 1e6) + " us";
  if (seconds < 999.5e-3) return ShortFigure(seconds * 1e3) + " ms";
  if (seconds < 59.5) return ShortFigure(seconds) + " s";
  if (seconds < 3599.5) {
    const double whole = std::floor(seconds + 0.5);
    return FormatReal(std::floor(whole / 60), 0) + " min " + FormatReal(std::fmod(whole, 60), 0) +
           " s";
  }
  const double minutes = std::floor(seconds / 60 + 0.5);
  return FormatReal(std::floor(minutes / 60), 0) + " h " + FormatReal(std::fmod(minutes, 60), 0) +
         " min";
}

std::string Join(std::span<const std::string> parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (&part != parts.data()) joined += separator;
    joined += part;
  }
  return joined;
}

std::string Listing(std::span<const std::string> parts, std::string_view last) {
  if (parts.size() < 2) return Join(parts, "");
  return fmt::format("{}{}{}", Join(parts.first(parts.size() - 1), ", "), last, parts.back());
}

std::string Listing(std::span<const std::string> parts, std::size_t most) {
  if (parts.size() <= most) return Listing(parts);
  return fmt::format("{} and {} more", Join(parts.first(most), ", "),
                     FormatCount(parts.size() - most));
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view Trim(std::string_view text) {
  text = TrimEnd(text);
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

std::string_view TrimEnd(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string NearestName(std::string_view name, std::span<const std::string> known) {
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : known) {
    const std::size_t distance = EditDistance(name, candidate);
    // Changing every letter is no resemblance, however short the name.
    if (distance < least && distance < std::max(name.size(), candidate.size())) {
      least = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? std::string() : *nearest;
}

std::string Suggestion(std::string_view name, std::span<const std::string> known,
                       std::string_view otherwise) {
  const std::string nearest = NearestName(name, known);
  return nearest.empty() ? std::string(otherwise) : fmt::format("did you mean '{}'?", nearest);
}

}  // namespace faultline
