// Operations keep what is packed into them.
#include "harness/record/operation.h"

#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("an operation keeps its kind and offset and length at the limits of each") {
  for (const OperationKind kind : {OperationKind::kRead, OperationKind::kUpdate,
                                   OperationKind::kWrite, OperationKind::kFlush}) {
    for (const std::uint64_t offset :
         {std::uint64_t{0}, std::uint64_t{1}, Operation::kMaximumFileSize - 1}) {
      for (const std::uint64_t length :
           {std::uint64_t{1}, std::uint64_t{125}, Operation::kMaximumLength}) {
        const Operation operation(kind, offset, length);
        CHECK(operation.kind() == kind);
        CHECK(operation.offset() == offset);
        CHECK(operation.length() == length);
      }
    }
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
