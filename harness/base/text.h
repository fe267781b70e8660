// Small text helpers: joining, formatting figures for people, and finding the name a user probably
// meant.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// One argument of Concat as text. Numbers are written as in the C locale, reals with six
// significant digits.
class TextPart {
 public:
  TextPart(std::string_view text) : text_(text) {}
  TextPart(const std::string& text) : text_(text) {}
  TextPart(const char* text) : text_(text) {}
  TextPart(char character) : text_(buffer_, 1) { buffer_[0] = character; }
  TextPart(double value);
  TextPart(const void* address);
  template <std::integral Number>
  TextPart(Number value) : TextPart(Whole(value)) {}

  TextPart(const TextPart&) = delete;
  TextPart& operator=(const TextPart&) = delete;

  std::string_view text() const { return text_; }

 private:
  struct Whole {
    template <std::integral Number>
    explicit Whole(Number value)
        : magnitude(value < Number{0} ? ~static_cast<std::uint64_t>(value) + 1
                                      : static_cast<std::uint64_t>(value)),
          negative(value < Number{0}) {}

    std::uint64_t magnitude;
    bool negative;
  };
  explicit TextPart(Whole value);

  char buffer_[32];
  std::string_view text_;
};

std::string ConcatParts(std::initializer_list<TextPart> parts);

// The arguments one after another. (A template of streams takes a compiler ten times as long, and
// there are hundreds of calls.)
template <class... Parts>
std::string Concat(const Parts&... parts) {
  return ConcatParts({parts...});
}

// `value` with `decimals` digits after the point, in the C locale.
std::string FormatReal(double value, int decimals);

// The shortest text that reads back as the same number: "0.25", "60", "1e+22".
std::string FormatExact(double value);

// Three significant digits with thousands separated: 0.0123, 1.23, 12.3, 123, 12,300.
std::string FormatSignificant(double value);

// 1234567 → "1,234,567".
std::string FormatCount(std::uint64_t value);

// Bytes in the largest exact binary unit: 125, 64KiB, 2GiB, 1500.
std::string FormatSize(std::uint64_t bytes);

// Bytes with three significant digits for people: "119 MiB".
std::string FormatBytes(std::uint64_t bytes);

// Seconds for people: "1.2 s", "34 ms", "2 min 3 s".
std::string FormatSeconds(double seconds);

std::string Join(std::span<const std::string> parts, std::string_view separator);
std::vector<std::string> Split(std::string_view text, char separator);
std::string_view Trim(std::string_view text);

// `text` in lines of at most 80 columns, broken at blanks, all but the first indented; the first
// begins at `column`. No line break at the end.
std::string Wrap(const std::string& text, std::size_t column, std::size_t indent);

// The name among `known` with the least edit distance to `name`, or "" when none is near (more than
// a third of the letters, at least two, would have to change).
std::string NearestName(std::string_view name, std::span<const std::string> known);

}  // namespace faultline
