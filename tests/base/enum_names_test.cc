// The names of an enumeration's values.
#include "harness/base/enum_names.h"

#include "tests/catch.h"

namespace faultline {
namespace {

enum class Size { kSmall, kLarge, kHuge };
constexpr EnumNames<Size> kSizeNames{"small", "large", "huge"};

TEST_CASE("a value has its name and a name its value") {
  CHECK(kSizeNames(Size::kSmall) == "small");
  CHECK(kSizeNames(Size::kHuge) == "huge");
  CHECK(kSizeNames.Find("large") == Size::kLarge);
  CHECK_FALSE(kSizeNames.Find("medium").has_value());
  CHECK(kSizeNames.All() == std::vector<std::string>{"small", "large", "huge"});
  CHECK_THROWS_AS(kSizeNames(static_cast<Size>(3)), Error);
}

TEST_CASE("the names of the first values are those alone") {
  constexpr EnumNames<Size> kFirst = kSizeNames.First(2);
  CHECK(kFirst.All() == std::vector<std::string>{"small", "large"});
  CHECK_FALSE(kFirst.Find("huge").has_value());
  CHECK_THROWS_AS(kFirst(Size::kHuge), Error);
}

}  // namespace
}  // namespace faultline
