#include "harness/walk/text_page.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"
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
  return fmt::format("\x1b[38;5;{}m{}\x1b[0m", kColors[static_cast<std::size_t>(page_class)], text);
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
      line += fmt::format("{}{} {} ", AlignLeft(column.name, at < rows ? 18 : 20),
                          AlignRight(FormatFigure(column, now), 9),
                          AlignLeft(FormatChange(column, before.*column.figure, now), 9));
    }
    text += fmt::format("{}\n", TrimEnd(line));
  }
  return text;
}

std::string GridText(const Walk& walk, const ViewPages& view, const TextLayout& layout) {
  const Grid grid = MakeGrid(view.pages, layout.columns - 2 * kMargin, layout.grid_rows);
  std::string text = Wrapped(WithoutControls(GridCaption(walk, view, grid.pages_per_cell)),
                             layout.columns, kMargin);
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
      fmt::format("{}{} {} {} {}  ", IsWalkedView(walk, region) ? "> " : "  ",
                  Hexadecimal(region.begin), AlignRight(FormatBytes(region.bytes()), 8),
                  Rights(region), AlignRight(FormatBytes(region.resident_bytes), 8));
  return fmt::format("{}{}\n", line,
                     KeepEnd(WithoutControls(BackedBy(region)), columns - line.size()));
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
  std::vector<TableRow> rows = {{"By backing", "regions", "size", "in memory", "dirty"}};
  for (const BackingTotal& total : TotalsByBacking(snapshot.map)) {
    rows.push_back({std::string(os::BackingName(total.backing)), FormatCount(total.regions),
                    FormatBytes(total.bytes), FormatBytes(total.resident_bytes),
                    FormatBytes(total.dirty_bytes)});
  }
  return FormatTable(rows, kTerminalColumns, /*colours=*/false);
}

}  // namespace

std::string Wrapped(const std::string& text, std::uint64_t columns, std::size_t indent) {
  std::vector<std::string> words;
  for (const std::string& word : Split(text, ' ')) {
    // The end of what is too long, a path, tells more than its beginning.
    if (!word.empty()) words.push_back(KeepEnd(word, columns - indent));
  }
  return Paragraph(Join(words, " "), indent, indent, columns);
}

std::string TextLegend(WalkKind kind, const TextLayout& layout) {
  std::string text;
  std::size_t width = kMargin;
  for (const PageClass page_class : kPageClasses) {
    const std::string glyph(1, Glyph({.page_class = page_class, .mappings = 2}));
    const std::string meaning =
        fmt::format(" {}{}", PageClassMeaning(page_class, kind != WalkKind::kProcess),
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
  return fmt::format(
      "{}{}", Wrapped(WithoutControls(WalkHeading(walk)), columns, 0),
      walk.note.empty() ? "" : Wrapped(WithoutControls(walk.note), columns, kMargin));
}

std::string TextStep(const Walk& walk, std::size_t index, const TextLayout& layout) {
  const WalkStep& step = walk.steps.at(index);
  std::string text =
      walk.kind == WalkKind::kProcess
          ? ""
          : Wrapped(fmt::format("{}/{}  {}", index + 1, walk.steps.size(), step.title),
                    layout.columns, 0);
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
      text += Wrapped(fmt::format("{} more views are not drawn; --output draws them all.",
                                  step.after.views.size() - layout.maximum_views),
                      layout.columns, kMargin);
      break;
    }
    text += GridText(walk, view, layout);
  }
  if (layout.legend) text += TextLegend(walk.kind, layout);
  return text + MapText(walk, step.after, layout);
}

}  // namespace faultline
