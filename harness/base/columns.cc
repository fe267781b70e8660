#include "harness/base/columns.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultline {
namespace {

constexpr std::string_view kEllipsis = "...";

unsigned char ByteAt(std::string_view text, std::size_t place) {
  return place < text.size() ? static_cast<unsigned char>(text[place]) : 0;
}

// Whether the byte continues a character of UTF-8, rather than to begin one.
bool Continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::string Blanks(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, Width(text)), ' ');
}

// The place behind the first `count` characters.
std::size_t PlaceBehind(std::string_view text, std::size_t count) {
  std::size_t place = 0;
  for (; count > 0 && place < text.size(); --count) {
    ++place;
    while (place < text.size() && Continues(text[place])) ++place;
  }
  return place;
}

// Bytes of the control that `text`, in UTF-8, begins with; 0 if it begins with something else.
std::size_t ControlAt(std::string_view text) {
  const unsigned char first = ByteAt(text, 0);
  const unsigned char second = ByteAt(text, 1);
  if (first < 0x20 || first == 0x7f) return 1;
  if (first == 0xc2 && second >= 0x80 && second < 0xa0) return 2;  // U+0080 to U+009F
  if (first != 0xe2) return 0;
  // What turns the direction of writing: U+202A to U+202E and U+2066 to U+2069.
  const unsigned char third = ByteAt(text, 2);
  const bool turns = (second == 0x80 && third >= 0xaa && third <= 0xae) ||
                     (second == 0x81 && third >= 0xa6 && third <= 0xa9);
  return turns ? 3 : 0;
}

}  // namespace

std::size_t Width(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), Continues));
}

std::string AlignLeft(std::string_view text, std::size_t width) {
  return std::string(text) + Blanks(text, width);
}

std::string AlignRight(std::string_view text, std::size_t width) {
  return Blanks(text, width).append(text);
}

std::string KeepBeginning(std::string_view text, std::size_t width) {
  if (Width(text) <= width) return std::string(text);
  return fmt::format("{}{}", text.substr(0, PlaceBehind(text, width - kEllipsis.size())),
                     kEllipsis);
}

std::string KeepEnd(std::string_view text, std::size_t width) {
  const std::size_t characters = Width(text);
  if (characters <= width) return std::string(text);
  return fmt::format("{}{}", kEllipsis,
                     text.substr(PlaceBehind(text, characters - (width - kEllipsis.size()))));
}

std::string WithoutControls(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t control = ControlAt(text);
    clean += control == 0 ? text.front() : ' ';
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return clean;
}

std::string Wrap(const std::string& text, std::size_t column, std::size_t indent,
                 std::size_t columns) {
  std::string wrapped;
  for (const std::string& word : Split(text, ' ')) {
    const std::size_t width = Width(word);
    if (column + 1 + width > columns && column > indent) {
      wrapped += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!wrapped.empty()) {
      wrapped += " ";
      ++column;
    }
    wrapped += word;
    column += width;
  }
  return wrapped;
}

std::string Paragraph(const std::string& text, std::size_t first, std::size_t rest,
                      std::size_t columns) {
  if (text.empty()) return {};
  return fmt::format("{}{}\n", std::string(first, ' '), Wrap(text, first, rest, columns));
}

std::string Labelled(std::string_view name, const std::string& text, std::size_t column) {
  const std::string head =
      fmt::format("{}  ", AlignLeft(name, column - std::min<std::size_t>(2, column)));
  return fmt::format("{}{}\n", head, Wrap(text, Width(head), column));
}

}  // namespace faultline
