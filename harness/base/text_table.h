// Rows of cells as columns on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace faultline {

enum class CellStyle {
  kPlain,
  kBest,     // bold
  kQuiet,    // dim
  kTrouble,  // red, which both light and dark backgrounds show
};

// `text` in its style if `colours`, else as it is.
std::string Styled(const std::string& text, CellStyle style, bool colours);

struct TableCell {
  // A row is a list of texts. NOLINTBEGIN(google-explicit-constructor)
  TableCell(std::string text_given, CellStyle style_given = CellStyle::kPlain)
      : text(std::move(text_given)), style(style_given) {}
  TableCell(const char* text_given) : text(text_given) {}
  // NOLINTEND(google-explicit-constructor)

  std::string text;
  CellStyle style = CellStyle::kPlain;
};
using TableRow = std::vector<TableCell>;

// Columns that the rows need with `gap` blanks between them and two before the first.
std::size_t TableWidth(const std::vector<TableRow>& rows, std::size_t gap);

// The first `left` columns to the left, the others to the right, with two blanks between them, or
// one where that is too wide for `columns`. Where that is too wide as well, the names of the first
// column that are too long stand in lines of their own, above the rest of their rows. Each line
// ends in a newline.
std::string FormatTable(const std::vector<TableRow>& rows, std::size_t columns, bool colours,
                        std::size_t left = 1);

}  // namespace faultline
