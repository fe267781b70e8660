// Specs and the checking of their options.
#include "harness/base/spec.h"

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::vector<OptionInfo> Declared() {
  return {
      {.name = "size",
       .kind = OptionKind::kSize,
       .default_value = "64KiB",
       .summary = "",
       .minimum = 4096,
       .maximum = 1 << 20},
      {.name = "count",
       .kind = OptionKind::kCount,
       .default_value = "16",
       .summary = "",
       .minimum = 1,
       .maximum = 100},
      {.name = "share",
       .kind = OptionKind::kReal,
       .default_value = "0.50",
       .summary = "",
       .minimum = 0,
       .maximum = 1},
      {.name = "populate", .kind = OptionKind::kFlag, .default_value = "no", .summary = ""},
      {.name = "advice",
       .kind = OptionKind::kChoice,
       .default_value = "none",
       .summary = "",
       .choices = {"none", "random", "sequential"}},
  };
}

Options Parse(std::string_view text) { return Options(ParseSpec(text), Declared()); }

TEST_CASE("a spec is a name with options in the order given") {
  CHECK(ParseSpec("stdio").name == "stdio");
  CHECK(ParseSpec("stdio").given.empty());
  const Spec spec = ParseSpec("mmap-window:size=64KiB,count=16");
  CHECK(spec.name == "mmap-window");
  CHECK(spec.given == Pairs{{"size", "64KiB"}, {"count", "16"}});
}

TEST_CASE("a value may hold equals signs and colons and be empty") {
  CHECK(ParseSpec("a:b=c=d").given == Pairs{{"b", "c=d"}});
  CHECK(ParseSpec("a:b=c:d").given == Pairs{{"b", "c:d"}});
  CHECK(ParseSpec("a:b=").given == Pairs{{"b", ""}});
}

TEST_CASE("the text of a spec reads back as the same spec") {
  for (const char* text : {"stdio", "mmap-window:size=64KiB", "a:b=c,d=e,f=g"}) {
    CHECK(ParseSpec(text).Text() == text);
  }
}

TEST_CASE("malformed specs are refused") {
  for (const char* text : {"", ":a=b", "a:", "a:=b", "a:b=c,d", "a:b=c,", "a:b=c,,d=e"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ParseSpec(text), UsageError);
  }
  CHECK_THROWS_WITH(ParseSpec("a:b=1,c=2,b=3"),
                    ContainsSubstring("'b'") && ContainsSubstring("twice"));
}

TEST_CASE("a first value without a key is that of the positional option") {
  const std::vector<OptionInfo> declared = {
      {.name = "file",
       .kind = OptionKind::kText,
       .summary = "",
       .positional = true,
       .required = true},
      {.name = "block", .kind = OptionKind::kSize, .default_value = "4KiB", .summary = ""}};
  auto parse = [&](const char* text) { return Options(ParseSpec(text), declared); };
  CHECK(parse("trace:a.fltrace").Text("file") == "a.fltrace");
  CHECK(parse("trace:a.fltrace,block=8KiB").Size("block") == 8192);
  CHECK(parse("trace:file=a.fltrace").Text("file") == "a.fltrace");
  CHECK(parse("trace:/b=c/d").Text("file") == "/b=c/d");
  CHECK(ParseSpec("trace:a.fltrace,block=8KiB").Text() == "trace:a.fltrace,block=8KiB");
  CHECK_THROWS_WITH(parse("trace:a,file=b"), ContainsSubstring("given twice"));
  CHECK_THROWS_WITH(parse("trace:block=4KiB,a"), ContainsSubstring("option 'a' has no value"));
  CHECK_THROWS_WITH(parse("trace"),
                    ContainsSubstring("needs its option 'file'; write trace:VALUE"));
  CHECK_THROWS_WITH(parse("trace:file="), ContainsSubstring("needs a value"));
  CHECK_THROWS_WITH(Parse("x:populate"), ContainsSubstring("option 'populate' has no value"));
}

TEST_CASE("options not given have their defaults") {
  const Options options = Parse("x");
  CHECK(options.Size("size") == 65'536);
  CHECK(options.Count("count") == 16);
  CHECK(options.Real("share") == 0.5);
  CHECK_FALSE(options.Flag("populate"));
  CHECK(options.Choice("advice") == "none");
}

TEST_CASE("options given replace their defaults") {
  const Options options = Parse("x:advice=random,size=8KiB,count=3,share=0.25,populate=on");
  CHECK(options.Size("size") == 8'192);
  CHECK(options.Count("count") == 3);
  CHECK(options.Real("share") == 0.25);
  CHECK(options.Flag("populate"));
  CHECK(options.Choice("advice") == "random");
}

TEST_CASE("values are kept in canonical text whatever way they were written") {
  using Values = std::map<std::string, std::string, std::less<>>;
  CHECK(Parse("x:size=65536,count=007,share=5e-1,populate=yes").Values() ==
        Values{{"size", "64KiB"},
               {"count", "7"},
               {"share", "0.5"},
               {"populate", "on"},
               {"advice", "none"}});
  CHECK(Parse("x").Values().at("share") == "0.5");
  CHECK(Parse("x").Values().at("populate") == "off");
}

TEST_CASE("an unknown option is refused with the nearest known one") {
  CHECK_THROWS_AS(Parse("x:sice=1"), UsageError);
  CHECK_THROWS_WITH(Parse("x:sice=8KiB"),
                    ContainsSubstring("'sice'") && ContainsSubstring("did you mean 'size'?"));
  CHECK_THROWS_WITH(Parse("x:somethingelse=1"), ContainsSubstring("size, count, share"));
  CHECK_THROWS_WITH(Options(ParseSpec("x:a=1"), {}), ContainsSubstring("takes no options"));
}

TEST_CASE("a value of the wrong kind is refused with the option and its owner") {
  for (const char* text : {"x:size=big", "x:size=", "x:count=1.5", "x:count=1KiB", "x:share=half",
                           "x:populate=perhaps", "x:advice=willneed", "x:advice="}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Parse(text), UsageError);
    CHECK_THROWS_WITH(Parse(text), ContainsSubstring("of 'x'"));
  }
  CHECK_THROWS_WITH(Parse("x:advice=willneed"), ContainsSubstring("none, random, sequential"));
}

TEST_CASE("both ends of a range belong to it and nothing beyond does") {
  CHECK(Parse("x:size=4KiB").Size("size") == 4'096);
  CHECK(Parse("x:size=1MiB").Size("size") == 1'048'576);
  CHECK(Parse("x:count=1").Count("count") == 1);
  CHECK(Parse("x:share=0").Real("share") == 0);
  CHECK(Parse("x:share=1").Real("share") == 1);
  CHECK_THROWS_WITH(Parse("x:size=4095"), ContainsSubstring("the least is 4KiB"));
  CHECK_THROWS_WITH(Parse("x:size=1048577"), ContainsSubstring("the most is 1MiB"));
  CHECK_THROWS_WITH(Parse("x:count=0"), ContainsSubstring("the least is 1"));
  CHECK_THROWS_WITH(Parse("x:count=101"), ContainsSubstring("the most is 100"));
  CHECK_THROWS_WITH(Parse("x:share=-0.1"), ContainsSubstring("the least is 0"));
  CHECK_THROWS_WITH(Parse("x:share=1.01"), ContainsSubstring("the most is 1"));
}

TEST_CASE("asking for an option that was never declared is an error and not a zero") {
  CHECK_THROWS_AS(Parse("x").Count("missing"), Error);
  CHECK_THROWS_AS(Options().Flag("missing"), Error);
}

}  // namespace
}  // namespace faultline
