// The picture as one HTML page.
#include <fmt/format.h>
#include <utility>

#include "harness/base/text.h"
#include "harness/walk/cells.h"
#include "harness/walk/picture.h"
#include "harness/walk/sentences.h"

namespace faultline {
namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.45 sans-serif;color:#1b1b1f;max-width:1240px;margin:24px auto;padding:0 "
    "16px}h2{margin-top:56px;overflow-wrap:anywhere}h3{margin:40px 0 4px}p{margin:4px 0 10px}"
    ".step{display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start}svg{display:block}"
    ".lines{stroke:#fff;stroke-width:1;fill:none;pointer-events:none}"
    ".small,table{font-size:13px}figure{margin:0;max-width:768px}"
    "figure.none{width:768px}figcaption{overflow-wrap:anywhere}td{padding:1px 10px 1px "
    "0;vertical-align:top}"
    "table{border-collapse:collapse}.n{text-align:right;font-family:monospace;white-space:nowrap}"
    ".m{font-family:monospace;white-space:nowrap}.d{font-family:monospace;font-weight:bold}"
    ".map{margin-top:10px}.map td:last-child{overflow-wrap:anywhere}.view{background:#dceaf6}"
    ".key{display:inline-block;width:13px;height:13px;border:1px solid #777;margin:0 6px -2px 0}"
    ".legend{position:sticky;top:0;background:#fff;padding:8px 0;border-bottom:1px solid #ccc}"
    ".legend span{margin-right:22px;white-space:nowrap}";

std::string Legend(bool cache_told) {
  std::string text = "<div class=\"legend small\">";
  for (const PageClass page_class : kPageClasses) {
    text +=
        fmt::format("<span><i class=\"key\" style=\"background:{}\"></i>{}</span> ",
                    PageClassColor(page_class), Escaped(PageClassMeaning(page_class, cache_told)));
  }
  return text + "</div>\n";
}

std::string Figures(const WalkStep& step) {
  const Tally after = TallyOf(step.after);
  std::string text = "<table>\n";
  for (const TallyColumn& column : kTallyColumns) {
    const os::Counter now = after.*column.figure;
    text += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"d\">{}</td></tr>\n",
                        Escaped(column.name), FormatFigure(column, now),
                        FormatChange(column, step.before.*column.figure, now));
  }
  return text + "</table>\n";
}

std::string Views(const Walk& walk, const Snapshot& snapshot) {
  if (snapshot.views.empty()) {
    return fmt::format("<figure class=\"none small\">{}</figure>\n",
                       walk.kind == WalkKind::kProcess ? "No views of files and memory objects."
                                                       : "There is no object yet.");
  }
  std::string text;
  std::string not_told = NotTold(snapshot.views.front());
  for (const ViewPages& view : snapshot.views) {
    const GridDrawing drawing = DrawGrid(view, 0, 0, kCellPixels);
    const std::string caption = fmt::format(
        "{} {}", GridCaption(walk, view, drawing.pages_per_cell), std::exchange(not_told, ""));
    text += fmt::format(
        "<figure><svg width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">\n"
        "{}</svg><figcaption class=\"small\">{}</figcaption></figure>\n",
        drawing.width, drawing.height, drawing.width, drawing.height, drawing.elements,
        Escaped(caption));
  }
  return text;
}

std::string Totals(const Snapshot& snapshot) {
  std::string text =
      "<table class=\"map\">\n<tr><td>by backing</td><td class=\"n\">regions</td><td "
      "class=\"n\">size</td><td class=\"n\">in memory</td><td class=\"n\">dirty</td></tr>\n";
  for (const BackingTotal& total : TotalsByBacking(snapshot.map)) {
    text += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td>",
                        Escaped(os::BackingName(total.backing)), FormatCount(total.regions));
    for (const std::uint64_t bytes : {total.bytes, total.resident_bytes, total.dirty_bytes}) {
      text += fmt::format("<td class=\"n\">{}</td>", FormatBytes(bytes));
    }
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

std::string Map(const Walk& walk, const Snapshot& snapshot) {
  std::string text =
      "<table class=\"map\">\n<tr><td>address</td><td class=\"n\">size</td><td>rights</td>"
      "<td class=\"n\">in memory</td><td>backed by</td></tr>\n";
  for (const os::Region& region : ShownRegions(walk, snapshot)) {
    text += fmt::format(
        "<tr{}><td class=\"m\">{}</td><td class=\"n\">{}</td><td class=\"m\">{}</td><td "
        "class=\"n\">{}</td><td>{}</td></tr>\n",
        IsWalkedView(walk, region) ? " class=\"view\"" : "", Hexadecimal(region.begin),
        FormatBytes(region.bytes()), Rights(region), FormatBytes(region.resident_bytes),
        Escaped(BackedBy(region)));
  }
  return text + "</table>\n";
}

std::string Step(const Walk& walk, std::size_t index) {
  const WalkStep& step = walk.steps[index];
  return fmt::format(
      "<section>\n"
      "<h3>{}. {}</h3>\n"
      "<p>{}</p>\n"
      "<div class=\"step\"><div>\n"
      "{}</div>\n"
      "{}</div>\n"
      "{}{}</section>\n",
      index + 1, Escaped(step.title), Escaped(StepSentence(walk.kind, walk.object_bytes, step)),
      Views(walk, step.after), Figures(step),
      walk.kind == WalkKind::kProcess ? Totals(step.after) : "", Map(walk, step.after));
}

}  // namespace

std::string DrawHtml(const std::vector<Walk>& walks) {
  std::string colors;
  for (const PageClass page_class : kPageClasses) {
    colors +=
        fmt::format(".c{}{{fill:{}}}", static_cast<int>(page_class), PageClassColor(page_class));
  }
  std::string text = fmt::format(
      "<!DOCTYPE html>\n"
      "<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>faultline walk</title>\n"
      "<style>{}{}</style></head>\n"
      "<body>\n"
      "<h1>faultline walk: memory, page by page</h1>\n",
      kStyle, colors);
  text += fmt::format("<p>{}</p>\n", Escaped(kGlossary));
  const bool cache_told = walks.empty() || walks.front().kind != WalkKind::kProcess;
  text += Legend(cache_told);
  for (const Walk& walk : walks) {
    text += fmt::format("<h2>{}</h2>\n<p>{}</p>\n", Escaped(WalkHeading(walk)), Escaped(walk.note));
    for (std::size_t index = 0; index < walk.steps.size(); ++index) text += Step(walk, index);
  }
  return text + "</body></html>\n";
}

}  // namespace faultline
