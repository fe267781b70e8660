// The effects of operations on bytes, on which every strategy and the reference must agree.
#include "faultline/effect.h"

#include <algorithm>
#include <vector>

#include "tests/catch.h"

namespace faultline {
namespace {

std::vector<std::byte> Counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i + 1);
  return bytes;
}

TEST_CASE("a read adds up words and pads the last one with zeros") {
  const auto bytes = Counting(19);
  CHECK(ReadEffect({}) == 0);
  CHECK(ReadEffect(std::span(bytes).first(3)) == 0x030201u);
  CHECK(ReadEffect(std::span(bytes).first(8)) == 0x0807060504030201u);
  CHECK(ReadEffect(bytes) == 0x0807060504030201u + 0x100f0e0d0c0b0a09u + 0x131211u);
}

TEST_CASE("a read sees every byte whatever the length") {
  for (std::size_t length = 1; length <= 140; ++length) {
    auto bytes = Counting(length);
    const std::uint64_t before = ReadEffect(bytes);
    for (std::size_t at = 0; at < length; ++at) {
      const std::byte right = bytes[at];
      bytes[at] = static_cast<std::byte>(std::to_integer<unsigned>(right) + 1);
      const std::uint64_t carry = bytes[at] == std::byte{0} ? 256 : 0;
      REQUIRE(ReadEffect(bytes) - before == (1 - carry) << (8 * (at % 8)));
      bytes[at] = right;
    }
  }
}

TEST_CASE("reads of two parts that meet at a word add up to the read of both") {
  const auto bytes = Counting(61);
  const auto all = std::span(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 8) {
    CHECK(ReadEffect(all.first(cut)) + ReadEffect(all.subspan(cut)) == ReadEffect(all));
  }
}

TEST_CASE("an update counts in the first 64-bit word and leaves the rest") {
  auto bytes = Counting(20);
  const auto before = bytes;
  bytes[0] = std::byte{0xff};
  UpdateEffect(bytes);
  CHECK(bytes[0] == std::byte{0});
  CHECK(bytes[1] == std::byte{3});
  CHECK(std::equal(bytes.begin() + 2, bytes.end(), before.begin() + 2));
}

TEST_CASE("an update of fewer than 8 bytes counts in the first byte and wraps there") {
  auto bytes = Counting(7);
  bytes[0] = std::byte{0xfe};
  UpdateEffect(bytes);
  CHECK(bytes[0] == std::byte{0xff});
  UpdateEffect(bytes);
  CHECK(bytes[0] == std::byte{0});
  CHECK(bytes[1] == std::byte{2});
}

TEST_CASE("an update works at any alignment") {
  auto bytes = Counting(32);
  for (std::size_t at = 0; at < 8; ++at) UpdateEffect(std::span(bytes).subspan(at, 9));
  CHECK(bytes[7] == std::byte{9});
  CHECK(bytes[8] == std::byte{9});
}

TEST_CASE("a write leaves the words that WrittenWord tells of and no byte beyond") {
  for (const std::size_t length : {0, 1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 125, 300}) {
    std::vector<std::byte> bytes(length + 1, std::byte{0xaa});
    WriteEffect(std::span(bytes).first(length), 4711, 42);
    for (std::size_t at = 0; at < length; at += 8) {
      const std::uint64_t word = WrittenWord(4711, 42, at / 8);
      CHECK(std::memcmp(bytes.data() + at, &word, std::min<std::size_t>(8, length - at)) == 0);
    }
    CHECK(bytes[length] == std::byte{0xaa});
  }
}

TEST_CASE("a discard leaves zeros and no byte beyond is touched") {
  for (const std::size_t length : {0, 1, 7, 8, 125}) {
    std::vector<std::byte> bytes(length + 2, std::byte{0xaa});
    DiscardEffect(std::span(bytes).subspan(1, length));
    CHECK(bytes.front() == std::byte{0xaa});
    CHECK(bytes.back() == std::byte{0xaa});
    CHECK(std::count(bytes.begin(), bytes.end(), std::byte{0}) ==
          static_cast<std::ptrdiff_t>(length));
  }
}

TEST_CASE("writes of another offset or another sequence number leave other bytes") {
  CHECK(WrittenWord(125, 7, 0) != WrittenWord(250, 7, 0));
  CHECK(WrittenWord(125, 7, 0) != WrittenWord(125, 8, 0));
  CHECK(WrittenWord(125, 7, 0) != WrittenWord(125, 7, 1));
}

}  // namespace
}  // namespace faultline
