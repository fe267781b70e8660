// Text in the lines and columns of a terminal.
#include "harness/base/columns.h"

#include <fmt/format.h>

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("the width of a text is its characters, not its bytes") {
  CHECK(Width("") == 0);
  CHECK(Width("abc") == 3);
  CHECK(Width("5 µs → 6 µs") == 11);
}

TEST_CASE("blanks fill a column on either side and cut nothing off") {
  CHECK(AlignLeft("µs", 4) == "µs  ");
  CHECK(AlignRight("µs", 4) == "  µs");
  CHECK(AlignLeft("long", 3) == "long");
  CHECK(AlignRight("long", 3) == "long");
}

TEST_CASE("of what is too long the beginning or the end is kept, in whole characters") {
  CHECK(KeepBeginning("/a/long/path", 12) == "/a/long/path");
  CHECK(KeepBeginning("/a/long/path", 11) == "/a/long/...");
  CHECK(KeepEnd("/a/long/path", 12) == "/a/long/path");
  CHECK(KeepEnd("/a/long/path", 11) == "...ong/path");
  CHECK(KeepBeginning("µµµµµ", 4) == "µ...");
  CHECK(KeepEnd("µµµµµ", 4) == "...µ");
  CHECK(KeepEnd("µµµµµ", 5) == "µµµµµ");
}

TEST_CASE("no control and no turn of the writing direction is left of a text") {
  CHECK(WithoutControls("a\x1b[2J\tb\n\x7f") == "a [2J b  ");
  CHECK(WithoutControls("a\xc2\x9b"
                        "2J") == "a 2J");
  CHECK(WithoutControls("abc\xe2\x80\xae"
                        "def\xe2\x81\xa9") == "abc def ");
  // Their neighbours stay.
  CHECK(WithoutControls("µ ÿ – … →") == "µ ÿ – … →");
  CHECK(WithoutControls("\xc2") == "\xc2");
  CHECK(WithoutControls("").empty());
}

TEST_CASE("text is wrapped at 80 columns, at blanks, with an indent") {
  CHECK(Wrap("a short one", 0, 4) == "a short one");
  const std::string word(30, 'x');
  CHECK(Wrap(fmt::format("{} {} {}", word, word, word), 10, 4) ==
        fmt::format("{} {}\n    {}", word, word, word));
  CHECK(Wrap(fmt::format("{} {}", word, word), 19, 0) == fmt::format("{} {}", word, word));
  CHECK(Wrap(fmt::format("{} {}", word, word), 20, 0) == fmt::format("{}\n{}", word, word));
  // What fits no line stands on one of its own.
  const std::string large(100, 'y');
  CHECK(Wrap(fmt::format("a {} b", large), 4, 2) == fmt::format("a\n  {}\n  b", large));
  // Or at as many columns as asked for, each character as one.
  CHECK(Wrap("µµ µµ µµ", 0, 1, 5) == "µµ µµ\n µµ");
}

TEST_CASE("a paragraph is whole lines, and nothing of nothing") {
  CHECK(Paragraph("").empty());
  CHECK(Paragraph("one two") == "one two\n");
  CHECK(Paragraph("one two three", 2, 4, 9) == "  one two\n    three\n");
}

TEST_CASE("a text beside its name keeps to its column") {
  CHECK(Labelled("  null", "does nothing", 10) == "  null    does nothing\n");
  CHECK(Labelled("  a-long-name", "does nothing", 10) == "  a-long-name  does nothing\n");
  const std::string word(40, 'x');
  CHECK(Labelled("n", fmt::format("{} {}", word, word), 5) ==
        fmt::format("n    {}\n     {}\n", word, word));
}

}  // namespace
}  // namespace faultline
