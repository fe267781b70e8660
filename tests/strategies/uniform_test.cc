// A session that is told that a batch is uniform does the same work as one that is not.
#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "faultline/synchronous.h"
#include "harness/record/uniform_parts.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

// What was asked of an access, and what the effect left in the bytes.
using Call = std::tuple<char, std::uint64_t, std::uint64_t, std::vector<std::byte>>;

class LoggingAccess {
 public:
  explicit LoggingAccess(std::vector<Call>& log) : log_(&log) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const std::vector<std::byte> bytes(length, static_cast<std::byte>(offset % 251));
    visit(std::span<const std::byte>(bytes));
    log_->emplace_back('r', offset, length, bytes);
  }
  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    std::vector<std::byte> bytes(length, static_cast<std::byte>(offset % 251));
    mutate(std::span<std::byte>(bytes));
    log_->emplace_back('u', offset, length, std::move(bytes));
  }
  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    std::vector<std::byte> bytes(length);
    produce(std::span<std::byte>(bytes));
    log_->emplace_back('w', offset, length, std::move(bytes));
  }
  void Flush() { log_->emplace_back('f', 0, 0, std::vector<std::byte>()); }
  void EndBatch() { log_->emplace_back('e', 0, 0, std::vector<std::byte>()); }

 private:
  std::vector<Call>* log_;
};

// Everything that a session does with the operations in one batch.
struct Done {
  std::vector<Call> calls;
  std::uint64_t checksum = 0;
  std::uint64_t samples = 0;

  bool operator==(const Done&) const = default;
};

Done Execute(const Operations& operations, bool uniform, std::uint64_t sample_every) {
  Done done;
  Synchronous<LoggingAccess> session(done.calls);
  CountingObserver observer(sample_every);
  session.Execute({operations, 12345, uniform}, observer);
  done.checksum = session.read_checksum();
  done.samples = observer.samples;
  return done;
}

TEST_CASE("a batch that is known to be uniform is executed as any other") {
  for (const OperationKind kind :
       {OperationKind::kRead, OperationKind::kUpdate, OperationKind::kWrite,
        OperationKind::kDiscard, OperationKind::kFlush}) {
    for (const std::uint64_t length : {1, 7, 8, 9, 64, 125}) {
      Operations operations;
      for (std::uint64_t count = 0; count < 11; ++count) {
        INFO(count << " of kind " << static_cast<int>(kind) << " and " << length << " bytes");
        REQUIRE(UniformAtFront(operations) == operations.size());
        for (const std::uint64_t every : {0, 1, 3, 1000}) {
          const Done mixed = Execute(operations, false, every);
          CHECK(mixed == Execute(operations, true, every));
          CHECK(mixed.calls.size() == count + 1);
        }
        operations.emplace_back(kind, count * 125, length);
      }
    }
  }
}

}  // namespace
}  // namespace faultline::testing
