// Workers hand out all operations in order, and say of long runs that they are uniform.
#include "harness/trial/workers.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "harness/record/uniform_parts.h"
#include "tests/catch.h"
#include "tests/support/hand_made_plan.h"

namespace faultline {
namespace {

using Operations = std::vector<Operation>;

struct Seen {
  Operations operations;
  std::vector<bool> uniform;  // of the batch that each of them was in
};

class SeeingSession final : public Session {
 public:
  explicit SeeingSession(Seen& seen) : seen_(seen) {}

  void Execute(const Batch& batch, Observer&) override {
    CHECK(batch.first_sequence == seen_.operations.size());
    CHECK(!batch.operations.empty());
    if (batch.uniform) CHECK(UniformAtFront(batch.operations) == batch.operations.size());
    seen_.operations.insert(seen_.operations.end(), batch.operations.begin(),
                            batch.operations.end());
    seen_.uniform.insert(seen_.uniform.end(), batch.operations.size(), batch.uniform);
  }

 private:
  Seen& seen_;
};

class SeeingStrategy final : public Strategy {
 public:
  explicit SeeingStrategy(Seen& seen) : seen_(seen) {}

  void Open(const DatasetFile&) override {}
  std::unique_ptr<Session> NewSession() override { return std::make_unique<SeeingSession>(seen_); }
  void Flush() override {}
  void Close() override {}

 private:
  Seen& seen_;
};

Seen PlayTwice(const Operations& operations) {
  Seen seen;
  SeeingStrategy strategy(seen);
  const HandMadePlan plan = HandMadePlan::Of(operations);
  Workers workers(plan, 0, 1, 1);
  workers.MakeSessions(strategy);
  for (int pass = 0; pass < 2; ++pass) workers.RunPass(0, false, {[] {}, [] {}});
  workers.DropSessions();
  CHECK(workers.operations() == 2 * operations.size());
  return seen;
}

void Append(Operations& operations, std::size_t count, OperationKind kind, std::uint64_t length) {
  for (std::size_t i = 0; i < count; ++i) {
    operations.emplace_back(kind, operations.size() * 125, length);
  }
}

// Of a plan that is played twice.
void CheckOrder(const Seen& seen, const Operations& operations) {
  REQUIRE(seen.operations.size() == 2 * operations.size());
  CHECK(std::equal(operations.begin(), operations.end(), seen.operations.begin()));
  CHECK(std::equal(operations.rbegin(), operations.rend(), seen.operations.rbegin()));
}

TEST_CASE("a plan of one kind and length is handed out as uniform, beyond a buffer's length too") {
  Operations operations;
  Append(operations, Workers::kBufferedOperations + 10'000, OperationKind::kUpdate, 125);
  const Seen seen = PlayTwice(operations);
  CheckOrder(seen, operations);
  CHECK(std::count(seen.uniform.begin(), seen.uniform.end(), false) == 0);
}

TEST_CASE("a plan of several kinds is handed out in order, its long runs as uniform") {
  Operations operations;
  Append(operations, 10'000, OperationKind::kUpdate, 125);
  const std::size_t mixed = operations.size();
  for (int i = 0; i < 1000; ++i) {
    Append(operations, 1, OperationKind::kRead, 125);
    Append(operations, 2, OperationKind::kUpdate, 125);
    Append(operations, 1, OperationKind::kUpdate, 8);
    Append(operations, 1, OperationKind::kFlush, 1);
  }
  const std::size_t reads = operations.size();
  Append(operations, 10'000, OperationKind::kRead, 125);
  const Seen seen = PlayTwice(operations);
  CheckOrder(seen, operations);
  for (std::size_t i = 0; i < seen.uniform.size(); ++i) {
    const std::size_t place = i % operations.size();
    if (seen.uniform[i] != (place < mixed || place >= reads)) FAIL("operation " << i);
  }
}

}  // namespace
}  // namespace faultline
