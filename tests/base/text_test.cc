// Formatting, splitting and matching of text.
#include "harness/base/text.h"

#include <fmt/format.h>
#include <limits>
#include <locale>

#include "tests/catch.h"

namespace faultline {
namespace {

// A locale that would group digits and write a decimal comma, as many users have it.
class Grouping : public std::numpunct<char> {
 protected:
  char do_thousands_sep() const override { return '.'; }
  char do_decimal_point() const override { return ','; }
  std::string do_grouping() const override { return "\3"; }
};

class GlobalLocale {
 public:
  GlobalLocale()
      : before_(std::locale::global(std::locale(std::locale::classic(), new Grouping))) {}
  ~GlobalLocale() { std::locale::global(before_); }

 private:
  std::locale before_;
};

TEST_CASE("figures are the same in every locale") {
  const GlobalLocale locale;
  CHECK(fmt::format("{} {:g}", 1234567, 1.5) == "1234567 1.5");
  CHECK(FormatReal(1234.5, 2) == "1234.50");
  CHECK(FormatSignificant(1234.5) == "1,230");
  CHECK(FormatCount(1234567) == "1,234,567");
  CHECK(FormatSize(1234567) == "1234567");
}

TEST_CASE("reals have the asked digits after the point") {
  CHECK(FormatReal(3.14159, 0) == "3");
  CHECK(FormatReal(3.14159, 2) == "3.14");
  CHECK(FormatReal(-0.005, 3) == "-0.005");
  CHECK(FormatReal(2, -1) == "2");
  CHECK(FormatReal(std::numeric_limits<double>::max(), 5).size() == 315);
}

TEST_CASE("significant figures keep three digits") {
  CHECK(FormatSignificant(0) == "0");
  CHECK(FormatSignificant(0.0123) == "0.0123");
  CHECK(FormatSignificant(1.234) == "1.23");
  CHECK(FormatSignificant(1) == "1.00");
  CHECK(FormatSignificant(12.34) == "12.3");
  CHECK(FormatSignificant(123.4) == "123");
  CHECK(FormatSignificant(12345) == "12,300");
  CHECK(FormatSignificant(-1234567) == "-1,230,000");
}

TEST_CASE("a figure that rounds up to the next power of ten keeps three digits") {
  CHECK(FormatSignificant(9.996) == "10.0");
  CHECK(FormatSignificant(99.96) == "100");
  CHECK(FormatSignificant(999.6) == "1,000");
  CHECK(FormatSignificant(0.09999) == "0.100");
}

TEST_CASE("a figure that is not finite does not look like a number") {
  CHECK(FormatSignificant(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(FormatSeconds(std::numeric_limits<double>::infinity()) == "inf s");
}

TEST_CASE("counts have a comma before each group of three digits") {
  CHECK(FormatCount(0) == "0");
  CHECK(FormatCount(999) == "999");
  CHECK(FormatCount(1000) == "1,000");
  CHECK(FormatCount(1234567) == "1,234,567");
  CHECK(FormatCount(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
}

TEST_CASE("sizes use the largest exact binary unit") {
  CHECK(FormatSize(0) == "0");
  CHECK(FormatSize(125) == "125");
  CHECK(FormatSize(1500) == "1500");
  CHECK(FormatSize(64 << 10) == "64KiB");
  CHECK(FormatSize(std::uint64_t{2} << 30) == "2GiB");
  CHECK(FormatSize(std::uint64_t{3} << 50) == "3072TiB");
}

TEST_CASE("bytes for people have a unit and three digits") {
  CHECK(FormatBytes(0) == "0 B");
  CHECK(FormatBytes(1023) == "1,023 B");
  CHECK(FormatBytes(1024) == "1.00 KiB");
  CHECK(FormatBytes(125'000'000) == "119 MiB");
  CHECK(FormatBytes(std::uint64_t{5} << 50) == "5,120 TiB");
}

TEST_CASE("a count has the plural of what is counted") {
  CHECK(CountOf(0, "page") == "0 pages");
  CHECK(CountOf(1, "page") == "1 page");
  CHECK(CountOf(2048, "page") == "2,048 pages");
  CHECK(CountOf(1, "process", "processes") == "1 process");
  CHECK(CountOf(2, "process", "processes") == "2 processes");
  CHECK(CountOf(0, "page is", "pages are") == "0 pages are");
}

TEST_CASE("a share that was set has the digits it was set with") {
  CHECK(FormatPercent(0.05) == "5 %");
  CHECK(FormatPercent(1.05 - 1) == "5 %");
  CHECK(FormatPercent(0.025) == "2.5 %");
  CHECK(FormatPercent(0) == "0 %");
}

TEST_CASE("a measured share is said to be nothing or all only where it is") {
  CHECK(FormatShare(0, 7) == "0 %");
  CHECK(FormatShare(7, 7) == "100 %");
  CHECK(FormatShare(1, 3) == "33.3 %");
  CHECK(FormatShare(0.371) == "37.1 %");
  CHECK(FormatShare(1, 1001) == "<0.1 %");
  CHECK(FormatShare(1000, 1001) == ">99.9 %");
  CHECK(FormatShare(0, 0) == "-");
}

TEST_CASE("seconds for people use the unit that fits") {
  CHECK(FormatSeconds(0) == "0 s");
  CHECK(FormatSeconds(15e-9) == "15 ns");
  CHECK(FormatSeconds(2.5e-6) == "2.5 us");
  CHECK(FormatSeconds(0.034) == "34 ms");
  CHECK(FormatSeconds(1.2) == "1.2 s");
  CHECK(FormatSeconds(12.3) == "12 s");
  CHECK(FormatSeconds(123) == "2 min 3 s");
  CHECK(FormatSeconds(7380) == "2 h 3 min");
  CHECK(FormatSeconds(-1.2) == "-1.2 s");
}

TEST_CASE("seconds never round up to sixty of a unit or a thousand of one") {
  CHECK(FormatSeconds(999.6e-9) == "1.0 us");
  CHECK(FormatSeconds(999.6e-6) == "1.0 ms");
  CHECK(FormatSeconds(0.9996) == "1.0 s");
  CHECK(FormatSeconds(9.96) == "10 s");
  CHECK(FormatSeconds(59.6) == "1 min 0 s");
  CHECK(FormatSeconds(119.7) == "2 min 0 s");
  CHECK(FormatSeconds(3599.6) == "1 h 0 min");
}

TEST_CASE("joining puts the separator between parts only") {
  CHECK(Join(std::vector<std::string>{}, ", ").empty());
  CHECK(Join(std::vector<std::string>{"a"}, ", ") == "a");
  CHECK(Join(std::vector<std::string>{"a", "", "c"}, ", ") == "a, , c");
}

TEST_CASE("a listing has a word before its last part, and says how many are left out") {
  const std::vector<std::string> four = {"a", "b", "c", "d"};
  CHECK(Listing(std::vector<std::string>{}).empty());
  CHECK(Listing(std::vector<std::string>{"a"}) == "a");
  CHECK(Listing(std::vector<std::string>{"a", "b"}) == "a and b");
  CHECK(Listing(four) == "a, b, c and d");
  CHECK(Listing(four, " or ") == "a, b, c or d");
  CHECK(Listing(four, 4) == "a, b, c and d");
  CHECK(Listing(four, 2) == "a, b and 2 more");
}

TEST_CASE("splitting keeps empty parts") {
  CHECK(Split("", ',') == std::vector<std::string>{""});
  CHECK(Split("a", ',') == std::vector<std::string>{"a"});
  CHECK(Split(",a,,b,", ',') == std::vector<std::string>{"", "a", "", "b", ""});
}

TEST_CASE("trimming takes blanks from both ends only") {
  CHECK(Trim("").empty());
  CHECK(Trim(" \t\r\n").empty());
  CHECK(Trim(" a b\n") == "a b");
  CHECK(Trim("ab") == "ab");
  CHECK(TrimEnd(" a b \n") == " a b");
  CHECK(TrimEnd(" \n").empty());
}

TEST_CASE("the nearest name is the one with the fewest changes") {
  const std::vector<std::string> known = {"mmap-view", "mmap-window", "stdio"};
  CHECK(NearestName("mmap-veiw", known) == "mmap-view");
  CHECK(NearestName("map-window", known) == "mmap-window");
  CHECK(NearestName("mmap-windows", known) == "mmap-window");
  CHECK(NearestName("stdoi", known) == "stdio");
  CHECK(NearestName("stdio", known) == "stdio");
}

TEST_CASE("a third of the letters may be wrong and no more") {
  const std::vector<std::string> known = {"abcdefghi"};
  CHECK(NearestName("abcdefxyz", known) == "abcdefghi");
  CHECK(NearestName("abcdewxyz", known).empty());
}

TEST_CASE("an error suggests the nearest name, or what it says otherwise") {
  const std::vector<std::string> known = {"run", "list"};
  CHECK(Suggestion("rum", known, "there are two") == "did you mean 'run'?");
  CHECK(Suggestion("xyz", known, "there are two") == "there are two");
}

TEST_CASE("no name is near when every letter would have to change") {
  const std::vector<std::string> known = {"io"};
  CHECK(NearestName("xy", known).empty());
  CHECK(NearestName("ix", known) == "io");
  CHECK(NearestName("", known).empty());
  CHECK(NearestName("io", std::vector<std::string>{}).empty());
}

}  // namespace
}  // namespace faultline
