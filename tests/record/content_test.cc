// The content of untouched data files.
#include "harness/record/content.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "harness/base/random.h"
#include "tests/catch.h"
#include "tests/record/fixture.h"

namespace faultline {
namespace {

constexpr Geometry kContent{40, 125};

std::vector<std::byte> WholeContent(const Geometry& geometry, std::uint64_t seed) {
  std::vector<std::byte> bytes(geometry.file_size());
  FillContent(geometry, seed, 0, bytes);
  return bytes;
}

TEST_CASE("content is the same however it is cut into pieces") {
  const auto whole = WholeContent(kContent, 1);
  for (std::size_t offset = 0; offset < 20; ++offset) {
    for (std::size_t length = 0; length < 30; ++length) {
      std::vector<std::byte> piece(length + 1, std::byte{0xaa});
      FillContent(kContent, 1, offset, std::span(piece).first(length));
      CHECK(std::memcmp(piece.data(), whole.data() + offset, length) == 0);
      CHECK(piece[length] == std::byte{0xaa});
    }
  }
}

TEST_CASE("content words never repeat and differ between seeds") {
  std::set<std::uint64_t> words;
  for (const std::uint64_t seed : {1, 2}) {
    const auto whole = WholeContent(kContent, seed);
    for (std::size_t at = 0; at + 8 <= whole.size(); at += 8) {
      std::uint64_t word;
      std::memcpy(&word, whole.data() + at, 8);
      CHECK(words.insert(word).second);
    }
  }
}

TEST_CASE("content stays what files on disk were built with") {
  const auto whole = WholeContent(kContent, 1993);
  const std::uint64_t word = Mix64(Mix64(1993) ^ 2);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(whole[16 + i] == static_cast<std::byte>(word >> (8 * i)));
  }
}

TEST_CASE("a sparse file holds zeros") {
  std::vector<std::byte> bytes(100, std::byte{1});
  FillContent({40, 125, true}, 1, 50, bytes);
  CHECK(std::count(bytes.begin(), bytes.end(), std::byte{0}) == 100);
}

TEST_CASE("content in its own place is no stray") {
  const auto whole = WholeContent(kContent, 1);
  CHECK_FALSE(FindStrayContent(kContent, 1, 0, whole));
  CHECK_FALSE(FindStrayContent(kContent, 1, 375, std::span(whole).subspan(375, 125)));
}

TEST_CASE("content in another place is traced to where it belongs") {
  const auto whole = WholeContent(kContent, 1);
  const auto stray = FindStrayContent(kContent, 1, 250, std::span(whole).subspan(1250, 125));
  REQUIRE(stray);
  CHECK(stray->at == 6);  // 1256 is the record's first multiple of 8
  CHECK(stray->origin == 1256);
}

TEST_CASE("bytes of another seed are no stray content") {
  const auto whole = WholeContent(kContent, 2);
  CHECK_FALSE(FindStrayContent(kContent, 1, 250, whole));
}

TEST_CASE("content past the end of the file is no stray content of it") {
  const Geometry larger{80, 125};
  const auto whole = WholeContent(larger, 1);
  CHECK_FALSE(FindStrayContent(kContent, 1, 0, std::span(whole).subspan(5000)));
}

}  // namespace
}  // namespace faultline
