// Text in the lines and columns of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faultline {

// The columns that text for people takes at most, where no terminal is asked for its own.
inline constexpr std::size_t kTerminalColumns = 80;

// The columns that `text`, in UTF-8, takes: one for each character.
std::size_t Width(std::string_view text);

// `text` with blanks behind it, or before it, up to `width` columns. A wider one stays as it is.
std::string AlignLeft(std::string_view text, std::size_t width);
std::string AlignRight(std::string_view text, std::size_t width);

// `text`, or if it is wider than `width` columns its beginning and "...", or "..." and its end.
// REQUIRES: `width` is 3 or more.
std::string KeepBeginning(std::string_view text, std::size_t width);
std::string KeepEnd(std::string_view text, std::size_t width);

// `text` without control characters and those that turn the direction of writing, which could move
// a terminal's cursor or hide what stands beside them: a blank stands in the place of each.
std::string WithoutControls(std::string_view text);

// `text` in lines of at most `columns`, broken at blanks, all but the first indented; the first
// begins at `column`. A word that is wider stands in a line of its own. No line break at the end.
std::string Wrap(const std::string& text, std::size_t column, std::size_t indent,
                 std::size_t columns = kTerminalColumns);

// `text` as whole lines: the first is indented by `first`, the others by `rest`, and each ends in a
// newline. "" if it is empty.
std::string Paragraph(const std::string& text, std::size_t first = 0, std::size_t rest = 0,
                      std::size_t columns = kTerminalColumns);

// `name` and beside it `text`, as whole lines of which each begins at `column`; only behind a name
// that leaves no two blanks before it the first begins later.
std::string Labelled(std::string_view name, const std::string& text, std::size_t column);

}  // namespace faultline
