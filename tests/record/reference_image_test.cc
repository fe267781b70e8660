// The reference executors by themselves.
#include "harness/record/reference_image.h"

#include <algorithm>

#include "faultline/error.h"
#include "harness/record/sparse_image.h"
#include "tests/catch.h"
#include "tests/record/fixture.h"

namespace faultline {
namespace {

constexpr Geometry kForty{40, 125};

std::vector<std::byte> Content(std::uint64_t offset, std::uint64_t length) {
  std::vector<std::byte> bytes(length);
  FillContent(kForty, 1, offset, bytes);
  return bytes;
}

bool Same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

TEST_CASE("an image begins as the untouched content of its records") {
  const ReferenceImage image(kForty, 1, 3, 2);
  CHECK(image.first_offset() == 375);
  CHECK(Same(image.bytes(), Content(375, 250)));
  CHECK(image.read_checksum() == 0);
}

TEST_CASE("an image takes in operations of its window with their numbers and skips the others") {
  ReferenceImage image(kForty, 1, 3, 2);
  // More than are looked ahead, so that the window's first and last record meet them too.
  std::vector<Operation> operations(40, Operation(OperationKind::kUpdate, 250, 125));
  operations.emplace_back(OperationKind::kRead, 375, 125);
  operations.emplace_back(OperationKind::kUpdate, 500, 125);
  operations.emplace_back(OperationKind::kFlush, 0, 1);
  operations.emplace_back(OperationKind::kWrite, 380, 30);
  operations.emplace_back(OperationKind::kUpdate, 625, 125);
  operations.emplace_back(OperationKind::kRead, 1000, 125);
  image.Execute(operations, 1000);

  auto expected = Content(375, 250);
  CHECK(image.read_checksum() == ReadEffect(std::span(expected).first(125)));
  UpdateEffect(std::span(expected).subspan(125, 125));
  WriteEffect(std::span(expected).subspan(5, 30), 380, 1043);
  CHECK(Same(image.bytes(), expected));
}

TEST_CASE("a discard leaves zeros in its part of the window and counts in the sequence") {
  ReferenceImage image(kForty, 1, 3, 2);
  const std::vector<Operation> operations{
      Operation(OperationKind::kDiscard, 250, 125), Operation(OperationKind::kDiscard, 400, 100),
      Operation(OperationKind::kUpdate, 400, 8), Operation(OperationKind::kRead, 400, 100),
      Operation(OperationKind::kWrite, 500, 10)};
  image.Execute(operations, 7);
  auto expected = Content(375, 250);
  std::fill_n(expected.begin() + 25, 100, std::byte{0});
  expected[25] = std::byte{1};
  WriteEffect(std::span(expected).subspan(125, 10), 500, 11);
  CHECK(Same(image.bytes(), expected));
  CHECK(image.read_checksum() == 1);
  const std::vector<Operation> out{Operation(OperationKind::kDiscard, 620, 6)};
  CHECK_THROWS_AS(image.Execute(out, 0), Error);
}

TEST_CASE("an operation across either end of the window is refused") {
  ReferenceImage image(kForty, 1, 3, 2);
  const std::vector<Operation> into{Operation(OperationKind::kUpdate, 374, 2)};
  CHECK_THROWS_AS(image.Execute(into, 0), Error);
  const std::vector<Operation> out{Operation(OperationKind::kUpdate, 620, 6)};
  CHECK_THROWS_AS(image.Execute(out, 0), Error);
}

TEST_CASE("marked blocks are numbered in the order of the file") {
  const Geometry geometry{100000, 1000, true};
  BlockMap map(geometry);
  CHECK(map.block_bytes() == 5000);
  CHECK(map.blocks() == 20000);
  CHECK(map.NextMarked(0) == map.blocks());
  map.Mark(0, 1);
  map.Mark(4999, 2);           // two blocks
  map.Mark(5000 * 64, 5000);   // one block, the first of a word
  map.Mark(99'999'000, 5000);  // reaches past the end
  map.Mark(5000 * 300, 0);
  map.Number();
  CHECK(map.slots() == 4);
  CHECK(map.Slot(0) == 0);
  CHECK(map.Slot(1) == 1);
  CHECK(map.Slot(64) == 2);
  CHECK(map.Slot(19999) == 3);
  CHECK(map.NextMarked(0) == 0);
  CHECK(map.NextMarked(2) == 64);
  CHECK(map.NextMarked(65) == 19999);
  CHECK(map.NextMarked(20000) == map.blocks());
}

TEST_CASE("the map of the largest file is small") {
  const BlockMap map({Operation::kMaximumFileSize / 512, 512, true});
  CHECK(map.blocks() <= std::uint64_t{1} << 24);
}

TEST_CASE("a sparse image keeps only the slots that it was asked for") {
  const Geometry geometry{1000, 1000, true};
  BlockMap map(geometry);
  for (const std::uint64_t offset : {0, 5000, 10000, 15000}) map.Mark(offset, 1);
  map.Number();
  SparseImage image(map, 1, 2);
  const std::vector<Operation> operations{
      Operation(OperationKind::kUpdate, 0, 1000),     Operation(OperationKind::kUpdate, 5000, 1000),
      Operation(OperationKind::kWrite, 10000, 8),     Operation(OperationKind::kUpdate, 15000, 8),
      Operation(OperationKind::kUpdate, 20000, 1000), Operation(OperationKind::kRead, 5000, 1000),
      Operation(OperationKind::kWrite, 5100, 200),    Operation(OperationKind::kDiscard, 5100, 200),
      Operation(OperationKind::kDiscard, 20000, 1000)};
  image.Execute(operations, 7);
  CHECK(image.read_checksum() == 1);
  std::vector<std::byte> expected(5000);
  expected[0] = std::byte{1};
  CHECK(Same(image.Block(1), expected));
  std::fill(expected.begin(), expected.end(), std::byte{0});
  WriteEffect(std::span(expected).first(8), 10000, 9);
  CHECK(Same(image.Block(2), expected));
  const std::vector<Operation> out{Operation(OperationKind::kUpdate, 9999, 2)};
  CHECK_THROWS_AS(image.Execute(out, 0), Error);
}

}  // namespace
}  // namespace faultline
