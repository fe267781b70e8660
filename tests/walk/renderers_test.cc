// Text, SVG, HTML and JSON of made-up walks.
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/walk/cells.h"
#include "harness/walk/picture.h"
#include "harness/walk/text_page.h"
#include "harness/walk/walk_document.h"
#include "tests/walk/support.h"

namespace faultline {
namespace {

using testing::Pages;
using testing::WalkOf;

// A name that means something to a terminal, to XML and to UTF-8.
const std::string kHostile = "/data/\x1b[2J<script>\"&'\xff\n.bin";

std::size_t CountIn(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// The sum of the numbers that stand behind `key` in `text`.
std::uint64_t SumOf(const std::string& text, const std::string& key) {
  std::uint64_t sum = 0;
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
    sum += std::stoull(text.substr(at + key.size()));
  }
  return sum;
}

TEST_CASE("text draws each page once, with the glyph of its class") {
  const std::string text = TextStep(WalkOf("..--oo22DD", "/data"), 0, {});
  CHECK(CountIn(text, "\n  ..--oo22##\n") == 1);
  CHECK(CountIn(text, "> 7f0000000000") == 1);
  CHECK(CountIn(text, "the file /data") == 1);
  CHECK(CountIn(text, "a cell is a page") == 1);
  CHECK(CountIn(text, "\x1b") == 0);
}

TEST_CASE("text stays within its columns and says what a cell stands for") {
  for (const std::uint64_t columns : {60, 80, 120}) {
    const TextLayout layout = {.columns = columns, .grid_rows = 4};
    const Walk walk = WalkOf(std::string(5000, 'o'), "/" + std::string(300, 'x') + "/end");
    std::string text = TextHeading(walk, columns) + TextLegend(walk.kind, layout);
    if (columns >= 80) text += TextStep(walk, 0, layout);
    for (const std::string& line : Split(text, '\n')) {
      INFO(line);
      CHECK(line.size() <= columns);
    }
    if (columns == 80) CHECK(CountIn(text, "the most telling of 17") == 1);
  }
}

TEST_CASE("what a name holds can't drive the terminal") {
  const std::string text =
      TextHeading(WalkOf("o", kHostile), 80) + TextStep(WalkOf("o", kHostile), 0, {});
  CHECK(CountIn(text, "\x1b") == 0);
  CHECK(CountIn(text, "[2J<script>") >= 2);
}

TEST_CASE("colour is there when asked for, and ends where it began") {
  const std::string text = TextStep(WalkOf(".-o2D", "/data"), 0, {.color = true, .legend = true});
  CHECK(CountIn(text, "\x1b[38;5;") == 10);  // five cells and five of the legend
  CHECK(CountIn(text, "\x1b[0m") == 10);
}

TEST_CASE("a drawn grid has a rectangle for each run, and they cover every page once") {
  const std::string letters = "..--oo22DD" + std::string(290, 'o');
  const GridDrawing drawing = DrawGrid(Pages(letters), 0, 0, 1);
  CHECK(drawing.pages_per_cell == 1);
  CHECK(SumOf(drawing.elements, " width=\"") == letters.size());
  CHECK(CountIn(drawing.elements, "<rect") == 8);  // the last run lies in three rows
  CHECK(drawing.height == 3);
  for (int page_class = 0; page_class < 5; ++page_class) {
    CHECK(CountIn(drawing.elements, fmt::format("class=\"c{}\"", page_class)) >= 1);
  }
  CHECK(CountIn(drawing.elements, "pages 6 to 7: mapped here and by others (2 page tables)") == 1);
  const GridDrawing large = DrawGrid(Pages(std::string(5121, 'o')), 0, 0, 1);
  CHECK(large.pages_per_cell == 2);
  CHECK(SumOf(large.elements, " width=\"") == 2561);
}

TEST_CASE("a page of 20 MiB is a cell in a grid of 128 by 40") {
  const GridDrawing drawing = DrawGrid(Pages(std::string(5120, '.')), 0, 0, 6);
  CHECK(drawing.pages_per_cell == 1);
  CHECK(drawing.width == 128 * 6);
  CHECK(drawing.height == 40 * 6);
}

TEST_CASE("pictures have the legend, the sentence, the figures and the map") {
  const std::vector<Walk> walks = {WalkOf("..--oo22DD", "/data")};
  for (const std::string& picture : {DrawSvg(walks), DrawHtml(walks)}) {
    for (const PageClass page_class : kPageClasses) {
      CHECK(CountIn(picture, std::string(PageClassMeaning(page_class))) >= 1);
      CHECK(CountIn(picture, std::string(PageClassColor(page_class))) >= 1);
    }
    CHECK(CountIn(picture, "1 load: 1 fault") == 1);
    CHECK(CountIn(picture, "committed (machine)") == 1);
    CHECK(CountIn(picture, "the file /data") == 1);
    CHECK(CountIn(picture, "+8") >= 1);  // pages in memory
  }
}

TEST_CASE("a process has the totals of its backings, and says once what isn't told") {
  Walk walk = WalkOf("..oo22", "/data");
  walk.kind = WalkKind::kProcess;
  walk.steps[0].action = WalkAction::kLook;
  walk.steps[0].after.views[0].cache_told = false;
  walk.steps[0].after.views.push_back(walk.steps[0].after.views[0]);
  const std::string text = TextStep(walk, 0, {});
  const std::string svg = DrawSvg({walk});
  const std::string html = DrawHtml({walk});
  for (const std::string& page : {text, svg, html}) {
    CHECK(CountIn(page, "Not told: whether pages") == 1);
    CHECK(CountIn(page, "program") >= 2);
    CHECK(CountIn(page, "6 pages of 4KiB") == 2);
  }
  CHECK(CountIn(text, "By backing") == 1);
  CHECK(CountIn(svg, "By backing") == 1);
  CHECK(CountIn(html, "by backing") == 1);
  CHECK(CountIn(svg, "not mapped by this process") >= 1);
}

TEST_CASE("pictures escape what a name holds") {
  for (const std::string& picture :
       {DrawSvg({WalkOf("o", kHostile)}), DrawHtml({WalkOf("o", kHostile)})}) {
    CHECK(CountIn(picture, "<script>") == 0);
    CHECK(CountIn(picture, "&lt;script&gt;&quot;&amp;&#39;\xef\xbf\xbd") >= 1);
    CHECK(CountIn(picture, "\x1b") == 0);
    CHECK(CountIn(picture, "\xff") == 0);
  }
}

TEST_CASE("escaping keeps good text and replaces what XML forbids") {
  CHECK(Escaped("a µ € 😀") == "a µ € 😀");
  const std::string sign = "\xef\xbf\xbd";
  CHECK(Escaped("\x01") == sign);
  CHECK(Escaped("\xc3") == sign);                        // cut off
  CHECK(Escaped("\xc0\xaf") == sign + sign);             // longer than need be
  CHECK(Escaped("\xed\xa0\x80") == sign + sign + sign);  // half of a pair
  CHECK(Escaped("\xef\xbf\xbf") == sign + sign + sign);  // no character
  CHECK(Escaped("\xc2\x85") == sign + sign);             // a control character
}

TEST_CASE("colours of the classes differ in lightness, for readers who can't tell hues") {
  std::vector<int> lightness;
  for (const PageClass page_class : kPageClasses) {
    const int code = std::stoi(std::string(PageClassColor(page_class).substr(1)), nullptr, 16);
    lightness.push_back(((code >> 16 & 255) * 299 + (code >> 8 & 255) * 587 + (code & 255) * 114) /
                        1000);
  }
  std::sort(lightness.begin(), lightness.end());
  for (std::size_t i = 1; i < lightness.size(); ++i) {
    CHECK(lightness[i] - lightness[i - 1] >= 20);
  }
}

TEST_CASE("the document has every page, and null for what isn't told") {
  Walk walk = WalkOf("..--oo22DD", kHostile);
  const auto document = nlohmann::json::parse(document::ToText(DocumentOf({walk})));
  CHECK(document.at("schema") == "faultline-walk/1");
  const auto& step = document.at("walks").at(0).at("steps").at(0);
  CHECK(step.at("action") == "load");
  CHECK(step.at("after").at("mapped_pages") == 6);
  CHECK(step.at("after").at("committed_bytes").is_null());
  CHECK(step.at("cost").at("read_bytes").is_null());
  CHECK(step.at("views").at(0).at("pages") ==
        nlohmann::json::parse(R"([[2,"absent",0],[2,"cached",0],[2,"mapped",1],
                                  [2,"shared",2],[2,"dirty",1]])"));
  CHECK(step.at("map").at(1).at("backing") == "file");
}

TEST_CASE("text is broken at blanks") {
  CHECK(Wrapped("one two  three", 9, 2) == "  one two\n  three\n");
  CHECK(Wrapped("", 9, 2).empty());
}

}  // namespace
}  // namespace faultline
