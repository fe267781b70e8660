// Pages as the cells of a grid, and the words around them: what all renderers share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/walk/walk.h"

namespace faultline {

// A cell stands for one page or several neighbours.
struct Cell {
  PageClass page_class = PageClass::kAbsent;  // the most telling of its pages
  std::uint16_t mappings = 0;                 // the most of its shared pages
};

struct Grid {
  std::uint64_t columns = 0;
  std::uint64_t pages_per_cell = 1;
  std::vector<Cell> cells;  // row by row; the last row may be short

  std::uint64_t rows() const { return columns == 0 ? 0 : (cells.size() + columns - 1) / columns; }
};

// At most `columns` × `rows` cells, as few pages in each as that permits. REQUIRES: columns and
// rows not 0.
Grid MakeGrid(const std::vector<WalkPage>& pages, std::uint64_t columns, std::uint64_t rows);

// "20 MiB" or "5,120"; "-" for what is not told.
std::string FormatFigure(const TallyColumn& column, const os::Counter& value);

// "+20 MiB", "-3"; "" for none, or where one of the two is not told.
std::string FormatChange(const TallyColumn& column, const os::Counter& before,
                         const os::Counter& after);

// The words of the sentences, explained.
extern const std::string_view kGlossary;

// "A mapping object of a new temporary file, 20.0 MiB".
std::string WalkHeading(const Walk& walk);

// "5,120 pages of 4KiB at …; a cell shows the most telling of 9.": what stands at a grid.
std::string GridCaption(const Walk& walk, const ViewPages& view, std::uint64_t pages_per_cell);

// Whether the region is the one that is walked.
bool IsWalkedView(const Walk& walk, const os::Region& region);

// What of a view isn't told to this caller, in a sentence; "" if everything is.
std::string NotTold(const ViewPages& view);

// "r-xs": as the system writes a region's rights.
std::string Rights(const os::Region& region);

// `number` in hexadecimal.
std::string Hexadecimal(std::uint64_t number);

}  // namespace faultline
