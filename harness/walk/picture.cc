// What both pictures have in common.
#include "harness/walk/picture.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/walk/cells.h"

namespace faultline {
namespace {

constexpr std::uint64_t kColumns = 128;
constexpr std::uint64_t kRows = 40;

// The length of the UTF-8 sequence that `text` begins with; 0 where it begins with none that XML
// allows.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t code = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  const bool forbidden = code < 0xa0 || code == 0xfffe || code == 0xffff || code > 0x10ffff;
  return overlong || surrogate || forbidden ? 0 : length;
}

std::string RunTooltip(const Grid& grid, std::size_t begin, std::size_t end, std::size_t pages) {
  const std::size_t first = begin * grid.pages_per_cell;
  const std::size_t last = std::min<std::size_t>(end * grid.pages_per_cell, pages) - 1;
  const Cell& cell = grid.cells[begin];
  return fmt::format(
      "{}: {}{}",
      first == last ? fmt::format("page {}", FormatCount(first))
                    : fmt::format("pages {} to {}", FormatCount(first), FormatCount(last)),
      PageClassMeaning(cell.page_class),
      cell.page_class == PageClass::kShared ? fmt::format(" ({} page tables)", cell.mappings) : "");
}

bool SameCell(const Cell& a, const Cell& b) {
  return a.page_class == b.page_class && a.mappings == b.mappings;
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    switch (length == 0 ? '\0' : text.front()) {
      case '\0':
        escaped += "\xef\xbf\xbd";  // the sign for what can't be shown
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return escaped;
}

std::string_view PageClassColor(PageClass page_class) {
  constexpr std::string_view kColors[] = {"#eceae4", "#a9d3ee", "#3a86c8", "#14163d", "#f07a0c"};
  return kColors[static_cast<std::size_t>(page_class)];
}

GridDrawing DrawGrid(const ViewPages& view, std::uint64_t x, std::uint64_t y,
                     std::uint64_t pixels) {
  const Grid grid = MakeGrid(view.pages, kColumns, kRows);
  GridDrawing drawing = {.elements = "",
                         .width = kColumns * pixels,
                         .height = grid.rows() * pixels,
                         .pages_per_cell = grid.pages_per_cell};
  for (std::size_t at = 0; at < grid.cells.size();) {
    const std::size_t row = at / kColumns;
    const std::size_t row_end = std::min<std::size_t>(grid.cells.size(), (row + 1) * kColumns);
    std::size_t end = at + 1;
    while (end < row_end && SameCell(grid.cells[end], grid.cells[at])) ++end;
    drawing.elements += fmt::format(
        "<rect class=\"c{}\" x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\"><title>{}</title></rect>\n",
        static_cast<int>(grid.cells[at].page_class), x + (at - row * kColumns) * pixels,
        y + row * pixels, (end - at) * pixels, pixels,
        Escaped(RunTooltip(grid, at, end, view.pages.size())));
    at = end;
  }
  // The lines between the cells, over all of them at once.
  std::string lines;
  const std::uint64_t last_column = std::min<std::uint64_t>(kColumns, grid.cells.size());
  for (std::uint64_t column = 1; column < last_column; ++column) {
    lines += fmt::format("M{} {}v{}", x + column * pixels, y, drawing.height);
  }
  for (std::uint64_t row = 1; row < grid.rows(); ++row) {
    lines += fmt::format("M{} {}h{}", x, y + row * pixels, drawing.width);
  }
  if (!lines.empty()) drawing.elements += fmt::format("<path class=\"lines\" d=\"{}\"/>\n", lines);
  return drawing;
}

std::vector<os::Region> ShownRegions(const Walk& walk, const Snapshot& snapshot) {
  constexpr std::size_t kNeighbours = 2;
  return walk.kind == WalkKind::kProcess
             ? snapshot.map
             : RegionsAround(snapshot.map, walk.view_address, kNeighbours);
}

}  // namespace faultline
