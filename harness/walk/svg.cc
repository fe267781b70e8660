// The picture as one SVG: everything has its place, from top to bottom.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "harness/base/text.h"
#include "harness/walk/cells.h"
#include "harness/walk/picture.h"
#include "harness/walk/sentences.h"
#include "harness/walk/text_page.h"

namespace faultline {
namespace {

constexpr std::uint64_t kWidth = 1200;
constexpr std::uint64_t kLeft = 20;
constexpr std::uint64_t kFiguresAt = 820;
constexpr std::uint64_t kLine = 17;
constexpr std::uint64_t kTextColumns = 150;  // of the sentences' letters, in the whole width

class SvgPage {
 public:
  void Space(std::uint64_t pixels) { y_ += pixels; }

  void Text(std::string_view text_class, const std::string& text, std::uint64_t x = kLeft) {
    body_ += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", text_class, x, y_,
                         Escaped(text));
  }
  void Paragraph(std::string_view text_class, const std::string& text, std::uint64_t columns) {
    for (const std::string& line : Split(Wrapped(text, columns, 0), '\n')) {
      if (line.empty()) continue;
      Text(text_class, line);
      y_ += text_class == "head" ? kLine + 9 : kLine;
    }
  }

  void Legend(bool cache_told) {
    std::uint64_t x = kLeft;
    for (const PageClass page_class : kPageClasses) {
      const std::string_view meaning = PageClassMeaning(page_class, cache_told);
      body_ +=
          fmt::format("<rect class=\"c{} key\" x=\"{}\" y=\"{}\" width=\"13\" height=\"13\"/>\n",
                      static_cast<int>(page_class), x, y_ - 11);
      Text("small", std::string(meaning), x + 19);
      x += 50 + meaning.size() * 7;
    }
    y_ += kLine;
  }

  // The grids and, beside the first of them, the figures.
  void Step(const Walk& walk, std::size_t index) {
    const WalkStep& step = walk.steps[index];
    if (walk.kind != WalkKind::kProcess) {
      Text("step", fmt::format("{}  {}", index + 1, step.title));
      y_ += kLine + 3;
    }
    Paragraph("sentence", StepSentence(walk.kind, walk.object_bytes, step), kTextColumns);
    const std::uint64_t top = y_;
    Figures(step);
    const std::uint64_t bottom = y_;
    y_ = top - 8;
    if (step.after.views.empty()) Missing(walk);
    std::string not_told = step.after.views.empty() ? "" : NotTold(step.after.views.front());
    for (const ViewPages& view : step.after.views) {
      const GridDrawing drawing = DrawGrid(view, kLeft, y_, kCellPixels);
      body_ += drawing.elements;
      y_ += drawing.height + 14;
      Paragraph("small",
                fmt::format("{} {}", GridCaption(walk, view, drawing.pages_per_cell),
                            std::exchange(not_told, "")),
                125);
    }
    y_ = std::max(y_, bottom) + 4;
    if (walk.kind == WalkKind::kProcess) Totals(step.after);
    Map(walk, step.after);
    y_ += 2 * kLine;
  }

  std::string File() const;

 private:
  void Missing(const Walk& walk) {
    y_ += kLine;
    Text("small", walk.kind == WalkKind::kProcess ? "No views of files and memory objects."
                                                  : "There is no object yet.");
    y_ += kLine;
  }

  void Figures(const WalkStep& step) {
    const Tally after = TallyOf(step.after);
    for (const TallyColumn& column : kTallyColumns) {
      const os::Counter now = after.*column.figure;
      Text("small", std::string(column.name), kFiguresAt);
      Text("number", FormatFigure(column, now), kFiguresAt + 270);
      Text("change", FormatChange(column, step.before.*column.figure, now), kFiguresAt + 280);
      y_ += kLine;
    }
  }

  void Totals(const Snapshot& snapshot) {
    Text("small", "By backing: regions, size, in memory, dirty");
    y_ += kLine;
    for (const BackingTotal& total : TotalsByBacking(snapshot.map)) {
      Text("small", std::string(os::BackingName(total.backing)));
      Text("number", FormatCount(total.regions), kLeft + 190);
      std::uint64_t x = kLeft + 300;
      for (const std::uint64_t bytes : {total.bytes, total.resident_bytes, total.dirty_bytes}) {
        Text("number", FormatBytes(bytes), x);
        x += 110;
      }
      y_ += kLine;
    }
    y_ += kLine;
  }

  void Map(const Walk& walk, const Snapshot& snapshot) {
    Text("small", "Address map: begin, size, rights, in memory, backed by");
    y_ += kLine;
    for (const os::Region& region : ShownRegions(walk, snapshot)) {
      const bool is_view = IsWalkedView(walk, region);
      if (is_view) {
        body_ +=
            fmt::format("<rect class=\"view\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n",
                        kLeft - 4, y_ - 12, kWidth - 2 * kLeft, kLine - 1);
      }
      Text("mono", Hexadecimal(region.begin), kLeft);
      Text("number", FormatBytes(region.bytes()), kLeft + 190);
      Text("mono", Rights(region), kLeft + 210);
      Text("number", FormatBytes(region.resident_bytes), kLeft + 330);
      Text("small", BackedBy(region), kLeft + 350);
      y_ += kLine;
    }
  }

  std::string body_;
  std::uint64_t y_ = 30;
};

std::string SvgPage::File() const {
  std::string style;
  for (const PageClass page_class : kPageClasses) {
    style +=
        fmt::format(".c{}{{fill:{}}}", static_cast<int>(page_class), PageClassColor(page_class));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} "
      "{}\">\n"
      "<style>{}text{{font-family:sans-serif;fill:#1b1b1f;white-space:pre}}.head{{font-size:20px;"
      "font-weight:bold}}.step{{font-size:16px;font-weight:bold}}.sentence{{font-size:14px}}.small{"
      "{font-size:12.5px}}.number,.change,.mono{{font-size:12.5px;font-family:monospace}}.number{{"
      "text-anchor:end}}.change{{font-weight:bold}}.lines{{stroke:#fff;stroke-width:1;fill:none;"
      "pointer-events:none}}.key{{stroke:#777}}.view{{fill:#dceaf6}}</style>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      "{}</svg>\n",
      kWidth, y_, kWidth, y_, style, body_);
}

}  // namespace

std::string DrawSvg(const std::vector<Walk>& walks) {
  SvgPage page;
  page.Paragraph("sentence", std::string(kGlossary), kTextColumns);
  page.Space(22);
  for (const Walk& walk : walks) {
    page.Paragraph("head", WalkHeading(walk), 100);
    if (!walk.note.empty()) page.Paragraph("sentence", walk.note, kTextColumns);
    page.Legend(walk.kind != WalkKind::kProcess);
    page.Space(12);
    for (std::size_t index = 0; index < walk.steps.size(); ++index) page.Step(walk, index);
  }
  return page.File();
}

}  // namespace faultline
