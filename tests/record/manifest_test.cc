// Manifests as text.
#include "harness/record/manifest.h"

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline {
namespace {

constexpr Manifest kManifest{ManifestState::kReady, {1000000, 125, false}, 1993, 2049, 77, 88};

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST_CASE("a manifest is read as it was written") {
  CHECK(ParseManifest(FormatManifest(kManifest), "m") == kManifest);
  const Manifest sparse{ManifestState::kBuilding, {3, 4096, true}, ~std::uint64_t{0}, 0, 1, 0};
  CHECK(ParseManifest(FormatManifest(sparse), "m") == sparse);
}

TEST_CASE("a text that is no manifest is refused with its path") {
  for (const std::string text : {"", "hello", "hello\nworld\n", "[section]\nrecords=1\n"}) {
    CHECK_THROWS_AS(ParseManifest(text, "some/path"), Error);
    CHECK_THROWS_WITH(ParseManifest(text, "some/path"), ContainsSubstring("some/path"));
  }
}

TEST_CASE("a manifest that was cut anywhere is refused") {
  const std::string text = FormatManifest(kManifest);
  for (std::size_t length = 0; length < text.size(); ++length) {
    CHECK_THROWS_AS(ParseManifest(text.substr(0, length), "m"), Error);
  }
}

TEST_CASE("a manifest with a wrong or an additional line is refused") {
  const std::string text = FormatManifest(kManifest);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"state=ready", "state=fine"},
                                                        {"records=1000000", "records=-1"},
                                                        {"records=1000000", "records=1e6"},
                                                        {"record_size=125", "record_size="},
                                                        {"record_size=125", "size=125"},
                                                        {"sparse=no", "sparse=perhaps"},
                                                        {"seed=1993", "seed 1993"},
                                                        {"inode=77", "inode=99999999999999999999"},
                                                        {"born_ns=88\n", ""},
                                                        {"born_ns=88\n", "born_ns=88\nmore=1\n"}}) {
    CHECK_THROWS_AS(ParseManifest(Replaced(text, from, to), "m"), Error);
  }
}

TEST_CASE("a manifest of another version says so") {
  const std::string text = Replaced(FormatManifest(kManifest), "dataset/2", "dataset/3");
  CHECK_THROWS_WITH(ParseManifest(text, "m"), ContainsSubstring("another version"));
}

TEST_CASE("names tell geometry and seed") {
  CHECK(DataFileName({1000000, 125}, 1993) == "faultline-1000000x125-1993.data");
  CHECK(DataFileName({8, 4096, true}, 1) == "faultline-8x4096-1-sparse.data");
  CHECK(ManifestPath("a/b.data") == std::filesystem::path("a/b.manifest"));
  CHECK_THROWS_AS(ManifestPath("a/letters.txt"), Error);
}

}  // namespace
}  // namespace faultline
