// Shapes of record files: what is refused, and how records are shared out.
#include "harness/record/geometry.h"

#include "faultline/error.h"
#include "faultline/operation.h"
#include "tests/catch.h"

namespace faultline {
namespace {

TEST_CASE("a geometry without records or without bytes is refused") {
  CHECK_THROWS_AS(CheckGeometry({0, 125}), UsageError);
  CHECK_THROWS_WITH(CheckGeometry({0, 125}), ContainsSubstring("--records"));
  CHECK_THROWS_AS(CheckGeometry({125, 0}), UsageError);
  CHECK_THROWS_WITH(CheckGeometry({125, 0}), ContainsSubstring("--record-size"));
  CHECK_NOTHROW(CheckGeometry({1, 1}));
}

TEST_CASE("a record may be as large as one operation and no larger") {
  CHECK_NOTHROW(CheckGeometry({1, Operation::kMaximumLength}));
  CHECK_THROWS_AS(CheckGeometry({1, Operation::kMaximumLength + 1}), UsageError);
  CHECK_THROWS_WITH(CheckGeometry({1, Operation::kMaximumLength + 1}),
                    ContainsSubstring("4194304"));
}

TEST_CASE("a file may be as large as an offset reaches and no larger") {
  CHECK_NOTHROW(CheckGeometry({Operation::kMaximumFileSize / 4096, 4096}));
  CHECK_THROWS_AS(CheckGeometry({Operation::kMaximumFileSize / 4096 + 1, 4096}), UsageError);
  CHECK_THROWS_WITH(CheckGeometry({Operation::kMaximumFileSize, 125}),
                    ContainsSubstring("8796093022"));
}

TEST_CASE("a product of records and size past 64 bits is refused") {
  // 2^61 × 8 is 2^64, which wraps around to 0.
  CHECK_THROWS_AS(CheckGeometry({std::uint64_t{1} << 61, 8}), UsageError);
  CHECK_THROWS_AS(CheckGeometry({~std::uint64_t{0}, 125}), UsageError);
}

TEST_CASE("shares are contiguous and cover all records and differ by at most one") {
  for (const std::uint64_t records : {1, 7, 12, 1000}) {
    for (const std::uint64_t count : {1, 2, 3, 5, 12, 13}) {
      const Geometry geometry{records, 125};
      std::uint64_t next = 0;
      for (std::uint64_t index = 0; index < count; ++index) {
        const Share share{index, count};
        CHECK(share.FirstRecord(geometry) == next);
        CHECK(share.Records(geometry) >= records / count);
        CHECK(share.Records(geometry) <= records / count + 1);
        next += share.Records(geometry);
      }
      CHECK(next == records);
    }
  }
}

}  // namespace
}  // namespace faultline
