#include "harness/walk/text_page.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/walk/cells.h"
#include "harness/walk/sentences.h"

namespace faultline {
namespace {

constexpr std::size_t kMargin = 2;

// Blue shades rise with what a page is to the process; dirty is the only warm colour.
constexpr int kColors[] = {240, 117, 33, 231, 208};

char Glyph(const Cell& cell) {
  switch (cell.page_class) {
    case PageClass::kAbsent:
      return '.';
    case PageClass::kCached:
      return '-';
    case PageClass::kMapped:
      return 'o';
    case PageClass::kShared:
      return cell.mappings <= 9 ? static_cast<char>('0' + cell.mappings) : '+';
    case PageClass::kDirty:
      return '#';
  }
  return '?';
}

std::string Colored(PageClass page_class, const std::string& text, bool color) {
  if (!color) return text;
  return Concat("\x1b[38;5;", kColors[static_cast<std::size_t>(page_class)], "m", text, "\x1b[0m");
}

// The number of characters, for columns: bytes that don't continue one.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Padded(const std::string& text, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, Width(text)), ' ');
  return right ? blanks + text : text + blanks;
}

// The end of a text that is too long tells more than its beginning: paths.
std::string Shortened(const std::string& text, std::size_t width) {
  if (Width(text) <= width) return text;
  std::size_t begin = text.size() - std::min(text.size(), width - 3);
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) ++begin;
  return "..." + text.substr(begin);
}

std::string Figures(const Tally& before, const Tally& after) {
  // Two figures a line, which leave room for the longest names in 80 columns.
  std::string text;
  const std::size_t rows = (kTallyColumns.size() + 1) / 2;
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line(kMargin, ' ');
    for (const std::size_t at : {row, row + rows}) {
      if (at >= kTallyColumns.size()) continue;
      const TallyColumn& column = kTallyColumns[at];
      const os::Counter now = after.*column.figure;
      line += Padded(std::string(column.name), at < rows ? 18 : 20, false) +
              Padded(FormatFigure(column, now), 9, true) + " " +
              Padded(FormatChange(column, before.*column.figure, now), 9, false) + " ";
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string GridText(const Walk& walk, const ViewPages& view, const TextLayout& layout) {
  const Grid grid = MakeGrid(view.pages, layout.columns - 2 * kMargin, layout.grid_rows);
  std::string text =
      Wrapped(Printable(GridCaption(walk, view, grid.pages_per_cell)), layout.columns, kMargin);
  if (walk.kind != WalkKind::kProcess) text += Wrapped(NotTold(view), layout.columns, kMargin);
  for (std::uint64_t row = 0; row < grid.rows(); ++row) {
    text += std::string(kMargin, ' ');
    const std::size_t end = std::min<std::size_t>(grid.cells.size(), (row + 1) * grid.columns);
    for (std::size_t at = row * grid.columns; at < end;) {
      const PageClass page_class = grid.cells[at].page_class;
      std::string run;
      for (; at < end && grid.cells[at].page_class == page_class; ++at) {
        run += Glyph(grid.cells[at]);
      }
      text += Colored(page_class, run, layout.color);
    }
    text += "\n";
  }
  return text;
}

std::string RegionLine(const Walk& walk, const os::Region& region, std::uint64_t columns) {
  const std::string line =
      Concat(IsWalkedView(walk, region) ? "> " : "  ", Hexadecimal(region.begin), " ",
             Padded(FormatBytes(region.bytes()), 8, true), " ", Rights(region), " ",
             Padded(FormatBytes(region.resident_bytes), 8, true), "  ");
  return Concat(line, Shortened(Printable(BackedBy(region)), columns - line.size()), "\n");
}

std::string MapText(const Walk& walk, const Snapshot& snapshot, const TextLayout& layout) {
  std::vector<os::Region> shown;
  std::string text = "  Address map";
  if (walk.kind == WalkKind::kProcess) {
    shown = snapshot.map;
  } else if (walk.view_address == 0) {
    return "  Address map: no view yet.\n";
  } else {
    shown = RegionsAround(snapshot.map, walk.view_address, layout.map_neighbours);
    text += " around the view";
  }
  text += ": begin, size, rights, in memory, backed by\n";
  for (const os::Region& region : shown) text += RegionLine(walk, region, layout.columns);
  return text;
}

std::string TotalsText(const Snapshot& snapshot) {
  std::string text = "  By backing         regions      size  in memory      dirty\n";
  for (const BackingTotal& total : TotalsByBacking(snapshot.map)) {
    text += Concat("  ", Padded(std::string(os::BackingName(total.backing)), 16, false),
                   Padded(FormatCount(total.regions), 10, true),
                   Padded(FormatBytes(total.bytes), 10, true),
                   Padded(FormatBytes(total.resident_bytes), 11, true),
                   Padded(FormatBytes(total.dirty_bytes), 11, true), "\n");
  }
  return text;
}

}  // namespace

std::string Printable(const std::string& text) {
  std::string printable;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool second_control =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (byte < 0x20 || byte == 0x7f || second_control) {
      printable += '?';
      i += second_control ? 1 : 0;
    } else {
      printable += text[i];
    }
  }
  return printable;
}

std::string Wrapped(const std::string& text, std::uint64_t columns, std::size_t indent) {
  std::string wrapped;
  std::string line;
  const auto end_line = [&] {
    wrapped += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  for (const std::string& word : Split(text, ' ')) {
    if (word.empty()) continue;
    if (!line.empty() && indent + Width(line) + 1 + Width(word) > columns) end_line();
    line += (line.empty() ? "" : " ") + Shortened(word, columns - indent);
  }
  if (!line.empty()) end_line();
  return wrapped;
}

std::string TextLegend(WalkKind kind, const TextLayout& layout) {
  std::string text;
  std::size_t width = kMargin;
  for (const PageClass page_class : kPageClasses) {
    const std::string glyph(1, Glyph({.page_class = page_class, .mappings = 2}));
    const std::string meaning =
        Concat(" ", PageClassMeaning(page_class, kind != WalkKind::kProcess),
               page_class == PageClass::kShared ? " (how many)" : "");
    const std::size_t entry = 1 + meaning.size() + 3;
    if (width + entry > layout.columns + 3) {
      text += "\n";
      width = kMargin;
    }
    text += std::string(width == kMargin ? kMargin : 3, ' ');
    text += Colored(page_class, glyph, layout.color) + meaning;
    width += entry;
  }
  return text + "\n";
}

std::string TextHeading(const Walk& walk, std::uint64_t columns) {
  return Concat(Wrapped(Printable(WalkHeading(walk)), columns, 0),
                walk.note.empty() ? "" : Wrapped(Printable(walk.note), columns, kMargin));
}

std::string TextStep(const Walk& walk, std::size_t index, const TextLayout& layout) {
  const WalkStep& step = walk.steps.at(index);
  std::string text =
      walk.kind == WalkKind::kProcess
          ? ""
          : Wrapped(Concat(index + 1, "/", walk.steps.size(), "  ", step.title), layout.columns, 0);
  text += Wrapped(StepSentence(walk.kind, walk.object_bytes, step), layout.columns, kMargin);
  text += Figures(step.before, TallyOf(step.after));
  if (walk.kind == WalkKind::kProcess) {
    text += TotalsText(step.after);
    if (!step.after.views.empty()) {
      text += Wrapped(NotTold(step.after.views.front()), layout.columns, kMargin);
    }
  }
  std::size_t drawn = 0;
  for (const ViewPages& view : step.after.views) {
    if (drawn++ == layout.maximum_views) {
      text += Wrapped(Concat(step.after.views.size() - layout.maximum_views,
                             " more views are not drawn; --output draws them all."),
                      layout.columns, kMargin);
      break;
    }
    text += GridText(walk, view, layout);
  }
  if (layout.legend) text += TextLegend(walk.kind, layout);
  return text + MapText(walk, step.after, layout);
}

}  // namespace faultline
