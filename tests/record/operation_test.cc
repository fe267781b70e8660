// Operations keep what is packed into them.
#include "faultline/operation.h"

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("an operation keeps its kind and offset and length at the limits of each") {
  for (const OperationKind kind : {OperationKind::kRead, OperationKind::kUpdate,
                                   OperationKind::kWrite, OperationKind::kDiscard}) {
    for (const std::uint64_t offset :
         {std::uint64_t{0}, std::uint64_t{1}, Operation::kMaximumFileSize - 1}) {
      for (const std::uint64_t length :
           {std::uint64_t{1}, std::uint64_t{125}, Operation::kMaximumLength}) {
        if (kind == OperationKind::kDiscard && offset + length > Operation::kMaximumFileSize) {
          continue;
        }
        const Operation operation(kind, offset, length);
        CHECK(operation.kind() == kind);
        CHECK(operation.offset() == offset);
        CHECK(operation.length() == length);
      }
    }
  }
}

TEST_CASE("a flush is a flush whatever offset and length it is given") {
  const Operation flush(OperationKind::kFlush, 0, 1);
  CHECK(flush.kind() == OperationKind::kFlush);
  CHECK(flush == Operation(OperationKind::kFlush, 125, Operation::kMaximumLength));
  CHECK(flush == Operation(OperationKind::kFlush, Operation::kMaximumFileSize - 1, 1));
}

TEST_CASE("the last byte of the largest file is discarded and not flushed") {
  constexpr std::uint64_t kLast = Operation::kMaximumFileSize - Operation::kMaximumLength;
  CHECK(Operation(OperationKind::kDiscard, Operation::kMaximumFileSize - 1, 1).kind() ==
        OperationKind::kDiscard);
  CHECK(Operation(OperationKind::kDiscard, kLast, Operation::kMaximumLength).kind() ==
        OperationKind::kDiscard);
}

TEST_CASE("an operation is of its own kind only, and a change unless it reads or flushes") {
  constexpr OperationKind kKinds[] = {OperationKind::kRead, OperationKind::kUpdate,
                                      OperationKind::kWrite, OperationKind::kDiscard,
                                      OperationKind::kFlush};
  for (const OperationKind kind : kKinds) {
    const Operation operation(kind, 125, 25);
    for (const OperationKind asked : kKinds) CHECK(operation.Is(asked) == (kind == asked));
    CHECK(operation.IsChange() == (kind != OperationKind::kRead && kind != OperationKind::kFlush));
  }
}

TEST_CASE("operations that differ in one part only are different") {
  const Operation operation(OperationKind::kUpdate, 125, 25);
  CHECK(operation == Operation(OperationKind::kUpdate, 125, 25));
  CHECK_FALSE(operation == Operation(OperationKind::kWrite, 125, 25));
  CHECK_FALSE(operation == Operation(OperationKind::kUpdate, 126, 25));
  CHECK_FALSE(operation == Operation(OperationKind::kUpdate, 125, 26));
}

}  // namespace
}  // namespace faultline
