// Registries: what registers itself is found, what doesn't is refused with a hint.
#include "harness/base/registry.h"

#include "tests/catch.h"

namespace faultline {
namespace {

struct Tool {
  static constexpr std::string_view kKind = "tool";
  std::string name;
  int size = 0;
};

const Registration<Tool> kHammer{{.name = "hammer", .size = 3}};
const Registration<Tool> kSaw{{.name = "saw", .size = 5}};

TEST_CASE("what registered before main is found by its name") {
  const auto& registry = Registry<Tool>::Instance();
  CHECK(registry.Contains("hammer"));
  CHECK_FALSE(registry.Contains("hamm"));
  CHECK(registry.Find("hammer").size == 3);
  CHECK(registry.Find("saw").size == 5);
  CHECK(registry.Names() == std::vector<std::string>{"hammer", "saw"});
  CHECK(registry.Entries().size() == 2);
}

TEST_CASE("an unknown name is refused with its kind and the nearest one") {
  const auto& registry = Registry<Tool>::Instance();
  CHECK_THROWS_AS(registry.Find("hamer"), UsageError);
  CHECK_THROWS_WITH(registry.Find("hamer"), "unknown tool 'hamer'; did you mean 'hammer'?");
  CHECK_THROWS_WITH(registry.Find("screwdriver"), ContainsSubstring("faultline list"));
}

TEST_CASE("a name is registered once only and the first one stays") {
  Registry<Tool> registry;
  registry.Add({.name = "file", .size = 1});
  CHECK_THROWS_WITH(registry.Add({.name = "file", .size = 2}), ContainsSubstring("'file'"));
  CHECK(registry.Find("file").size == 1);
}

TEST_CASE("what registers itself while a library is loaded is handed over and not added") {
  auto& registry = Registry<Tool>::Instance();
  const std::vector<Tool> found = registry.Collect([] {
    const Registration<Tool> saw{{.name = "saw", .size = 7}};
    const Registration<Tool> file{{.name = "file", .size = 9}};
  });
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "saw");
  CHECK(found[1].size == 9);
  CHECK(registry.Find("saw").size == 5);
  CHECK_FALSE(registry.Contains("file"));
}

TEST_CASE("a library that can't be loaded leaves nothing held back") {
  Registry<Tool> registry;
  CHECK_THROWS_AS(registry.Collect([] { throw Error("no library"); }), Error);
  registry.Register({.name = "file", .size = 1});
  CHECK(registry.Contains("file"));
}

}  // namespace
}  // namespace faultline
