// Sizes, counts and shares as users write them.
#include "harness/base/size.h"

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMaximum = ~std::uint64_t{0};

TEST_CASE("sizes are read with binary and decimal units") {
  CHECK(ParseSize("0", "size") == 0);
  CHECK(ParseSize("125", "size") == 125);
  CHECK(ParseSize("125B", "size") == 125);
  CHECK(ParseSize("64KiB", "size") == 65'536);
  CHECK(ParseSize("3MiB", "size") == 3'145'728);
  CHECK(ParseSize("2GiB", "size") == 2'147'483'648);
  CHECK(ParseSize("1TiB", "size") == 1'099'511'627'776);
  CHECK(ParseSize("4kB", "size") == 4'000);
  CHECK(ParseSize("4MB", "size") == 4'000'000);
  CHECK(ParseSize("4GB", "size") == 4'000'000'000);
  CHECK(ParseSize("4TB", "size") == 4'000'000'000'000);
}

TEST_CASE("sizes up to the last that fits are read and larger ones refused") {
  CHECK(ParseSize("18446744073709551615", "size") == kMaximum);
  CHECK(ParseSize("16777215TiB", "size") == kMaximum - ((std::uint64_t{1} << 40) - 1));
  CHECK_THROWS_WITH(ParseSize("18446744073709551616", "size"), ContainsSubstring("too large"));
  CHECK_THROWS_WITH(ParseSize("16777216TiB", "size"), ContainsSubstring("too large"));
}

TEST_CASE("what is not a size is refused with the option and an example") {
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.5KiB", "KiB", "64K", "64kib", "0x10",
                           "64 KiB", "1e6", "1_000"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ParseSize(text, "--record-size"), UsageError);
    CHECK_THROWS_WITH(ParseSize(text, "--record-size"),
                      ContainsSubstring("--record-size") && ContainsSubstring("64KiB"));
  }
}

TEST_CASE("counts are whole numbers without sign or unit") {
  CHECK(ParseCount("0", "count") == 0);
  CHECK(ParseCount("1000000", "count") == 1'000'000);
  CHECK(ParseCount("18446744073709551615", "count") == kMaximum);
  for (const char* text : {"", "-1", "+1", "1e6", "1_000_000", "1.0", "1 ", " 1", "1KiB", "x"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ParseCount(text, "--records"), UsageError);
  }
  CHECK_THROWS_WITH(ParseCount("18446744073709551616", "--records"),
                    ContainsSubstring("--records") && ContainsSubstring("too large"));
  CHECK_THROWS_WITH(ParseCount("1e6", "--records"), ContainsSubstring("'1e6'"));
}

TEST_CASE("reals are finite decimal numbers") {
  CHECK(ParseReal("0.5", "share") == 0.5);
  CHECK(ParseReal("-2", "share") == -2);
  CHECK(ParseReal("1e-3", "share") == 1e-3);
  for (const char* text : {"", "x", "0.5x", "0,5", "+0.5", " 1", "nan", "inf", "-inf", "1e999"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ParseReal(text, "share"), UsageError);
  }
}

TEST_CASE("flags have four ways to say yes and four to say no") {
  for (const char* text : {"on", "true", "yes", "1"}) CHECK(ParseFlag(text, "flag"));
  for (const char* text : {"off", "false", "no", "0"}) CHECK_FALSE(ParseFlag(text, "flag"));
  for (const char* text : {"", "On", "2", "maybe"}) {
    CHECK_THROWS_AS(ParseFlag(text, "flag"), UsageError);
  }
}

TEST_CASE("a product that does not fit is refused and one that just fits is not") {
  CHECK(CheckedProduct(0, kMaximum, "file") == 0);
  CHECK(CheckedProduct(kMaximum, 0, "file") == 0);
  CHECK(CheckedProduct(kMaximum, 1, "file") == kMaximum);
  CHECK(CheckedProduct(0xffffffffu, 0x100000001u, "file") == kMaximum);
  CHECK_THROWS_AS(CheckedProduct(std::uint64_t{1} << 32, std::uint64_t{1} << 32, "file"),
                  UsageError);
  CHECK_THROWS_WITH(CheckedProduct(kMaximum, 2, "file size"), ContainsSubstring("file size"));
}

}  // namespace
}  // namespace faultline
