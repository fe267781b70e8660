// Walks as pictures that need nothing else: one SVG, or one HTML page, with every step, its grid of
// pages, its figures and its address map.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/walk/walk.h"

namespace faultline {

// A whole SVG file: well-formed XML. Pure.
std::string DrawSvg(const std::vector<Walk>& walks);

// A whole HTML file; its grids are SVG. Pure.
std::string DrawHtml(const std::vector<Walk>& walks);

// `text` fit for the inside of XML and HTML elements and quoted attributes: what has a meaning
// there is escaped; what isn't allowed there (control characters, bytes that are no UTF-8) is
// replaced.
std::string Escaped(std::string_view text);

// The fill of a class of pages, "#rrggbb": blues of falling lightness and one orange, so that they
// differ without red and green, and printed in grey.
std::string_view PageClassColor(PageClass page_class);

// The side of a cell, wherever grids are drawn.
inline constexpr std::uint64_t kCellPixels = 6;

// The view's pages as SVG rectangles, one for each run of cells of a class, at (x, y), with a
// tooltip each. Used by both pictures; `pixels` is the side of a cell.
struct GridDrawing {
  std::string elements;
  std::uint64_t width = 0;  // pixels
  std::uint64_t height = 0;
  std::uint64_t pages_per_cell = 1;
};
GridDrawing DrawGrid(const ViewPages& view, std::uint64_t x, std::uint64_t y, std::uint64_t pixels);

// The regions that a step's address map shows.
std::vector<os::Region> ShownRegions(const Walk& walk, const Snapshot& snapshot);

}  // namespace faultline
