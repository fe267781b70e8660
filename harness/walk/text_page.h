// A step of a walk as text: for a terminal, and for plain output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/walk/walk.h"

namespace faultline {

struct TextLayout {
  std::uint64_t columns = 80;
  std::uint64_t grid_rows = 9;
  std::size_t map_neighbours = 2;  // regions on each side of the view
  std::size_t maximum_views = 16;  // of a process, drawn at most
  bool color = false;
  bool legend = false;  // below the grids
};

// A step that was taken: title, sentence, figures with their change over the step, a grid for each
// view, and the address map around the view (of a process: all of it). Lines end in '\n' and are at
// most `columns` wide; a blank stands for what names hold that could drive a terminal. Pure.
std::string TextStep(const Walk& walk, std::size_t index, const TextLayout& layout);

// What stands above the first step of a walk.
std::string TextHeading(const Walk& walk, std::uint64_t columns);

// A glyph and its meaning for each class of pages.
std::string TextLegend(WalkKind kind, const TextLayout& layout);

// `text` in lines of at most `columns`, each behind `indent` blanks; of a longer word only the end.
std::string Wrapped(const std::string& text, std::uint64_t columns, std::size_t indent);

}  // namespace faultline
