// Parts of a plan are cut where kind or length change, and nowhere else.
#include "harness/record/uniform_parts.h"

#include <cstdint>
#include <utility>

#include "tests/catch.h"

namespace faultline {
namespace {

using Operations = std::vector<Operation>;

// Appends `count` operations at offsets of their own.
void Append(Operations& operations, std::size_t count, OperationKind kind, std::uint64_t length) {
  for (std::size_t i = 0; i < count; ++i) {
    operations.emplace_back(kind, operations.size() * 125, length);
  }
}

Operations Updates(std::size_t count) {
  Operations operations;
  Append(operations, count, OperationKind::kUpdate, 125);
  return operations;
}

TEST_CASE("operations have the same shape exactly if kind and length are the same") {
  constexpr OperationKind kKinds[] = {OperationKind::kRead, OperationKind::kUpdate,
                                      OperationKind::kWrite, OperationKind::kDiscard,
                                      OperationKind::kFlush};
  constexpr std::uint64_t kLengths[] = {1, 2, 125, Operation::kMaximumLength};
  constexpr std::uint64_t kEnd = Operation::kMaximumFileSize - Operation::kMaximumLength;
  for (const OperationKind kind : kKinds) {
    for (const OperationKind other_kind : kKinds) {
      for (const std::uint64_t length : kLengths) {
        for (const std::uint64_t other_length : kLengths) {
          const bool same =
              kind == other_kind && (length == other_length || kind == OperationKind::kFlush);
          for (const auto& [offset, other_offset] :
               {std::pair(std::uint64_t{0}, kEnd), {kEnd, std::uint64_t{0}}, {kEnd, kEnd}}) {
            CHECK(Operation(kind, offset, length)
                      .HasShapeOf(Operation(other_kind, other_offset, other_length)) == same);
          }
        }
      }
    }
  }
}

TEST_CASE("a run at the front ends where kind or length change, or with the operations") {
  CHECK(UniformAtFront({}) == 0);
  CHECK(UniformAtFront(Updates(1)) == 1);
  CHECK(UniformAtFront(Updates(1000)) == 1000);
  for (const auto& [kind, length] : {std::pair(OperationKind::kRead, 125),
                                     {OperationKind::kWrite, 125},
                                     {OperationKind::kDiscard, 125},
                                     {OperationKind::kFlush, 1},
                                     {OperationKind::kUpdate, 124},
                                     {OperationKind::kUpdate, 126}}) {
    for (const std::size_t before : {1, 2, 7, 64}) {
      Operations operations = Updates(before);
      Append(operations, 1, kind, static_cast<std::uint64_t>(length));
      CHECK(UniformAtFront(operations) == before);
      Append(operations, 3, OperationKind::kUpdate, 125);
      CHECK(UniformAtFront(operations) == before);
    }
  }
}

TEST_CASE("no operations have no parts") { CHECK(UniformParts({}, 4).empty()); }

TEST_CASE("operations of one shape are one uniform part, however few they are") {
  for (const std::size_t count : {1, 3, 4, 5, 1000}) {
    CHECK(UniformParts(Updates(count), 4) == std::vector<Part>{{count, true}});
  }
}

TEST_CASE("alternating kinds and lengths are one part that is not uniform") {
  Operations kinds;
  Operations lengths;
  for (int i = 0; i < 100; ++i) {
    Append(kinds, 1, OperationKind::kRead, 125);
    Append(kinds, 1, OperationKind::kUpdate, 125);
    Append(lengths, 3, OperationKind::kUpdate, 8);
    Append(lengths, 3, OperationKind::kUpdate, 9);
  }
  CHECK(UniformParts(kinds, 4) == std::vector<Part>{{200, false}});
  CHECK(UniformParts(lengths, 4) == std::vector<Part>{{600, false}});
}

TEST_CASE("a run is a part of its own from the least length on, at either end and in between") {
  for (const std::size_t run : {3, 4, 5}) {
    INFO(run << " operations of one shape");
    const bool is_long = run >= 4;

    Operations front;
    Append(front, run, OperationKind::kUpdate, 125);
    Append(front, 1, OperationKind::kRead, 125);
    Append(front, 2, OperationKind::kWrite, 125);
    CHECK(UniformParts(front, 4) == (is_long ? std::vector<Part>{{run, true}, {3, false}}
                                             : std::vector<Part>{{run + 3, false}}));

    Operations back;
    Append(back, 1, OperationKind::kRead, 125);
    Append(back, 2, OperationKind::kWrite, 125);
    Append(back, run, OperationKind::kUpdate, 125);
    CHECK(UniformParts(back, 4) == (is_long ? std::vector<Part>{{3, false}, {run, true}}
                                            : std::vector<Part>{{run + 3, false}}));

    Operations between;
    Append(between, 1, OperationKind::kRead, 125);
    Append(between, run, OperationKind::kUpdate, 125);
    Append(between, 1, OperationKind::kRead, 125);
    CHECK(UniformParts(between, 4) == (is_long
                                           ? std::vector<Part>{{1, true}, {run, true}, {1, true}}
                                           : std::vector<Part>{{run + 2, false}}));
  }
}

TEST_CASE("long runs next to each other are cut apart") {
  Operations operations = Updates(10);
  Append(operations, 10, OperationKind::kUpdate, 124);
  Append(operations, 10, OperationKind::kRead, 124);
  CHECK(UniformParts(operations, 4) == std::vector<Part>{{10, true}, {10, true}, {10, true}});
}

TEST_CASE("a flush or a discard between long runs is a part by itself") {
  for (const OperationKind kind : {OperationKind::kFlush, OperationKind::kDiscard}) {
    Operations operations = Updates(10);
    Append(operations, 1, kind, 125);
    Append(operations, 10, OperationKind::kUpdate, 125);
    CHECK(UniformParts(operations, 4) == std::vector<Part>{{10, true}, {1, true}, {10, true}});
    // And both of them one that is not uniform.
    operations.insert(operations.begin() + 10, kind == OperationKind::kFlush
                                                   ? Operation(OperationKind::kDiscard, 0, 125)
                                                   : Operation(OperationKind::kFlush, 0, 1));
    CHECK(UniformParts(operations, 4) == std::vector<Part>{{10, true}, {2, false}, {10, true}});
  }
}

}  // namespace
}  // namespace faultline
