#include "harness/walk/cells.h"

#include <algorithm>
#include <fmt/format.h>
#include <iomanip>
#include <sstream>

#include "harness/base/text.h"
#include "harness/walk/sentences.h"

namespace faultline {

const std::string_view kGlossary =
    "A fault is an access to a page that is not in the process's page table, or not for this use: "
    "minor if memory held the page, major if it had to be brought in first. Fault-around: a fault "
    "maps neighbours along with the page. Read-ahead: pages come into memory before they are asked "
    "for. "
    "Dirty: changed in memory and not yet written back.";

Grid MakeGrid(const std::vector<WalkPage>& pages, std::uint64_t columns, std::uint64_t rows) {
  Grid grid;
  grid.columns = columns;
  const std::uint64_t room = columns * rows;
  grid.pages_per_cell = std::max<std::uint64_t>(1, (pages.size() + room - 1) / room);
  grid.cells.resize((pages.size() + grid.pages_per_cell - 1) / grid.pages_per_cell);
  for (std::size_t page = 0; page < pages.size(); ++page) {
    Cell& cell = grid.cells[page / grid.pages_per_cell];
    const PageClass page_class = ClassifyPage(pages[page]);
    cell.page_class = std::max(cell.page_class, page_class);
    if (page_class == PageClass::kShared) {
      cell.mappings = std::max(cell.mappings, pages[page].mappings);
    }
  }
  return grid;
}

std::string FormatFigure(const TallyColumn& column, const os::Counter& value) {
  if (!value) return "-";
  return column.bytes ? FormatBytes(*value) : FormatCount(*value);
}

std::string FormatChange(const TallyColumn& column, const os::Counter& before,
                         const os::Counter& after) {
  if (!before || !after || *before == *after) return "";
  return *after > *before ? fmt::format("+{}", FormatFigure(column, *after - *before))
                          : fmt::format("-{}", FormatFigure(column, *before - *after));
}

std::string WalkHeading(const Walk& walk) {
  return walk.kind == WalkKind::kProcess ? walk.subject
                                         : fmt::format("A mapping object of {}, {}", walk.subject,
                                                       FormatBytes(walk.object_bytes));
}

std::string GridCaption(const Walk& walk, const ViewPages& view, std::uint64_t pages_per_cell) {
  return fmt::format(
      "{}{} of {}{}{}", walk.kind == WalkKind::kProcess ? fmt::format("{}: ", view.name) : "",
      CountOf(view.pages.size(), "page"), FormatSize(walk.page_bytes),
      view.address == 0 ? ", no view" : fmt::format(" at {}", Hexadecimal(view.address)),
      pages_per_cell == 1 ? "; a cell is a page."
                          : fmt::format("; a cell shows the most telling of {}.", pages_per_cell));
}

bool IsWalkedView(const Walk& walk, const os::Region& region) {
  return walk.kind != WalkKind::kProcess && walk.view_address != 0 &&
         region.begin <= walk.view_address && walk.view_address < region.end;
}

std::string NotTold(const ViewPages& view) {
  std::vector<std::string> missing;
  if (!view.cache_told) missing.emplace_back("whether pages that aren't mapped here are in memory");
  if (!view.dirty_told) missing.emplace_back("which pages are dirty");
  if (!view.sharing_told) missing.emplace_back("how many page tables show a page (root only)");
  return missing.empty() ? "" : fmt::format("Not told: {}.", Join(missing, "; "));
}

std::string Rights(const os::Region& region) {
  return {region.readable ? 'r' : '-', region.writable ? 'w' : '-', region.executable ? 'x' : '-',
          region.shared ? 's' : 'p'};
}

std::string Hexadecimal(std::uint64_t number) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::hex << std::setw(12) << std::setfill('0') << number;
  return text.str();
}

}  // namespace faultline
