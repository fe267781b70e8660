#include "harness/base/text_table.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

constexpr std::size_t kIndent = 2;

std::vector<std::size_t> ColumnWidths(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Width(row[i].text));
    }
  }
  return widths;
}

// What the columns behind the first one take.
std::size_t WidthBehindFirst(const std::vector<std::size_t>& widths, std::size_t gap) {
  std::size_t width = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) width += gap + widths[i];
  return width;
}

}  // namespace

std::string Styled(const std::string& text, CellStyle style, bool colours) {
  if (!colours || text.empty()) return text;
  switch (style) {
    case CellStyle::kPlain:
      return text;
    case CellStyle::kBest:
      return "\033[1m" + text + "\033[0m";
    case CellStyle::kQuiet:
      return "\033[2m" + text + "\033[0m";
    case CellStyle::kTrouble:
      return "\033[31m" + text + "\033[0m";
  }
  return text;
}

std::size_t TableWidth(const std::vector<TableRow>& rows, std::size_t gap) {
  const std::vector<std::size_t> widths = ColumnWidths(rows);
  return widths.empty() ? 0 : kIndent + widths.front() + WidthBehindFirst(widths, gap);
}

std::string FormatTable(const std::vector<TableRow>& rows, std::size_t columns, bool colours,
                        std::size_t left) {
  std::vector<std::size_t> widths = ColumnWidths(rows);
  if (widths.empty()) return {};
  const std::size_t gap = TableWidth(rows, 2) <= columns ? 2 : 1;
  const std::size_t taken = kIndent + WidthBehindFirst(widths, gap);
  const std::size_t room = columns > taken ? columns - taken : 0;
  if (widths.front() > room) {
    widths.front() = 0;
    for (const TableRow& row : rows) {
      const std::size_t width = Width(row.front().text);
      if (width <= room) widths.front() = std::max(widths.front(), width);
    }
  }
  std::string text;
  for (const TableRow& row : rows) {
    std::string line(kIndent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string shown = Styled(row[i].text, row[i].style, colours);
      const std::size_t width = Width(row[i].text);
      if (i == 0 && width > widths[i]) {
        line += shown + "\n" + std::string(kIndent + widths[i], ' ');
        continue;
      }
      const std::string padding(widths[i] - width, ' ');
      if (i > 0) line.append(gap, ' ');
      line += i < left ? shown + padding : padding + shown;
    }
    text += fmt::format("{}\n", TrimEnd(line));
  }
  return text;
}

}  // namespace faultline
